package io.perennial.subscriptions;

import static io.perennial.subscriptions.ServerOnDisk.ID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.SubscriptionsConfig.LocalWebhooks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LinkingTest {
    private static final SubscriptionsConfig FEW =
            new SubscriptionsConfig(10, 3, 1, Duration.ofSeconds(1), LocalWebhooks.ALLOWED);

    @TempDir
    Path directory;

    private ServerOnDisk server;

    @BeforeEach
    void start() {
        server = new ServerOnDisk(directory, FEW, BusLimits.defaults());
        server.create(Specs.WAKE);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private LinkOutcome link(String... streams) {
        return server.subscriptions().link(ID, Specs.keys(streams));
    }

    private LinkOutcome unlink(String stream) {
        return server.subscriptions().unlink(ID, new StreamKey(stream));
    }

    private static LinkView at(String stream, LinkType type, Offset tail) {
        return new LinkView(new StreamKey(stream), type, tail, tail);
    }

    @Test
    void streams_that_match_already_are_linked_at_their_tails() {
        Offset a = server.append("events/a", "1", "2");
        Offset b = server.create("events/b");
        server.append("other/c", "1");
        server.created(Specs.pull("events/*"));

        assertEquals(
                List.of(at("events/a", LinkType.GLOB, a), at("events/b", LinkType.GLOB, b)),
                server.view().links());
    }

    @Test
    void a_stream_that_comes_later_is_linked_before_its_first_append() throws Exception {
        server.created(Specs.pull("events/*"));
        Offset created = server.create("events/a");
        Offset tail = server.append("events/a", "1");
        server.append("other/b", "1");

        assertEquals(List.of("events/a"), server.linked());
        assertEquals(new LinkView(new StreamKey("events/a"), LinkType.GLOB, created, tail), server.link("events/a"));
        server.awaitWakes(Specs.WAKE, 1L);
    }

    @Test
    void a_named_stream_is_linked_at_its_tail_and_before_it_exists_at_its_start() {
        Offset a = server.append("a", "1");
        server.created(Specs.named("a", "b"));

        assertEquals(
                List.of(at("a", LinkType.EXPLICIT, a), at("b", LinkType.EXPLICIT, Cursors.START)),
                server.view().links());
        Offset b = server.append("b", "1");
        assertEquals(b, server.link("b").tail());
        assertTrue(server.link("b").isPending());
        assertFalse(server.link("a").isPending());
    }

    @Test
    void explicit_goes_before_glob_and_taking_it_back_leaves_the_glob() {
        Offset a = server.append("events/a", "1");
        server.created(Specs.pull("events/*", "events/a"));
        assertEquals(at("events/a", LinkType.EXPLICIT, a), server.link("events/a"));

        unlink("events/a");
        assertEquals(at("events/a", LinkType.GLOB, a), server.link("events/a"));
        link("events/a");
        assertEquals(at("events/a", LinkType.EXPLICIT, a), server.link("events/a"));
        server.restart();
        assertEquals(at("events/a", LinkType.EXPLICIT, a), server.link("events/a"));
    }

    @Test
    void unlinking_what_no_pattern_finds_removes_it_and_again_is_fine() {
        server.append("a", "1");
        server.created(Specs.named("a", "b"));

        assertEquals(new LinkOutcome.Linked(), unlink("a"));
        assertEquals(List.of("b"), server.linked());
        assertEquals(new LinkOutcome.Linked(), unlink("a"));
        assertEquals(new LinkOutcome.Linked(), unlink("never-linked"));
        server.append("a", "2");
        assertEquals(List.of("b"), server.linked());
        server.restart();
        assertEquals(List.of("b"), server.linked());
    }

    @Test
    void linking_again_keeps_the_cursor() {
        Offset first = server.append("a", "1");
        server.created(Specs.named("a"));
        Offset second = server.append("a", "2");

        assertEquals(new LinkOutcome.Linked(), link("a", "a"));
        assertEquals(new LinkView(new StreamKey("a"), LinkType.EXPLICIT, first, second), server.link("a"));
    }

    @Test
    void linking_a_stream_that_a_glob_has_just_found_forgets_nothing() {
        server.created(Specs.pull("events/*"));
        server.append("events/a", "1");

        assertEquals(new LinkOutcome.Linked(), link("events/a"));
        assertTrue(server.link("events/a").isPending());
    }

    @Test
    void linking_forgets_nothing_of_a_stream_that_a_glob_finds_in_the_same_moment() {
        server.created(Specs.pull("events/*"));
        server.store().afterLook(() -> server.append("events/a", "2"));

        link("other/b", "events/a");
        assertTrue(server.link("events/a").isPending());
    }

    @Test
    void what_is_appended_while_a_stream_is_being_linked_is_pending() {
        Offset before = server.append("a", "1");
        server.created(Specs.named("b"));
        server.store().afterLook(() -> appendAndTell("a"));

        link("a");
        LinkView link = server.link("a");
        assertEquals(before, link.acked());
        assertTrue(link.isPending());
    }

    @Test
    void what_is_appended_while_a_subscription_is_being_made_is_pending() {
        Offset before = server.append("a", "1");
        server.store().afterLook(() -> appendAndTell("a"));
        server.created(Specs.named("a"));

        LinkView link = server.link("a");
        assertEquals(before, link.acked());
        assertTrue(link.isPending());
    }

    @Test
    void a_stream_that_goes_while_a_subscription_is_being_made_is_not_linked() {
        server.append("events/a", "1");
        server.append("events/b", "1");
        server.store().afterLook(() -> {
            server.delete("events/a");
            tell();
        });
        server.created(Specs.pull("events/*"));

        assertEquals(List.of("events/b"), server.linked());
    }

    // Another subscription's reader makes sure that all has been told.
    private void appendAndTell(String stream) {
        server.append(stream, "2");
        tell();
    }

    private void tell() {
        server.subscriptions().get(new SubscriptionId("another"));
    }

    @Test
    void a_deleted_stream_is_no_longer_found_and_one_that_is_named_waits_for_its_next_life() {
        server.append("events/a", "1");
        server.append("b", "1");
        server.created(Specs.pull("events/*", "b"));
        server.append("events/a", "2");
        server.append("b", "2");
        server.delete("events/a");
        server.delete("b");

        assertEquals(
                List.of(at("b", LinkType.EXPLICIT, Cursors.START)),
                server.view().links());
        assertEquals(new Refusal.NothingPending(), server.claimRefused());
        server.append("b", "3");
        server.append("events/a", "3");
        assertTrue(server.link("b").isPending());
        assertTrue(server.link("events/a").isPending());
    }

    @Test
    void a_stream_that_is_deleted_and_made_again_is_pending_from_its_start() {
        server.append("a", "1");
        server.created(Specs.named("a"));
        server.delete("a");
        Offset created = server.create("a");
        Offset tail = server.append("a", "1");

        assertEquals(new LinkView(new StreamKey("a"), LinkType.EXPLICIT, created, tail), server.link("a"));
    }

    @Test
    void one_link_more_than_allowed_is_refused_whole() {
        server.created(Specs.named("a", "b"));

        assertEquals(new LinkOutcome.TooManyLinks(3), link("c", "d"));
        assertEquals(List.of("a", "b"), server.linked());
        assertEquals(new LinkOutcome.TooManyLinks(3), link("a", "b", "c", "d"));
        assertEquals(new LinkOutcome.Linked(), link("a", "b", "c"));
        assertEquals(List.of("a", "b", "c"), server.linked());
    }

    @Test
    void what_a_pattern_finds_beyond_the_limit_is_not_linked_until_there_is_room() {
        server.created(Specs.pull("events/*", "a", "b"));
        server.append("events/1", "1");
        assertEquals(List.of("a", "b", "events/1"), server.linked());
        server.append("events/2", "1");
        assertEquals(List.of("a", "b", "events/1"), server.linked());

        unlink("a");
        server.append("events/2", "2");
        assertEquals(List.of("b", "events/1", "events/2"), server.linked());
    }

    @Test
    void the_own_wake_stream_is_not_linked() {
        server.created(Specs.named("a"));
        assertEquals(new LinkOutcome.OwnWakeStream(new StreamKey(Specs.WAKE)), link("b", Specs.WAKE));
        assertEquals(List.of("a"), server.linked());
    }

    @Test
    void a_disk_that_fails_changes_no_link() {
        server.created(Specs.named("a"));
        server.store().breakEdits();
        assertThrows(StorageException.class, () -> link("b"));
        assertThrows(StorageException.class, () -> unlink("a"));
        server.store().mend();

        assertEquals(List.of("a"), server.linked());
    }

    @Test
    void a_subscription_that_fell_behind_the_bus_asks_the_store() throws Exception {
        server.close();
        server = new ServerOnDisk(directory, FEW, new BusLimits(1, 1));
        server.created(Specs.pull("events/*", "a"));
        Offset tail = server.append("events/a", "1");
        server.append("a", "1");

        assertEquals(tail, server.link("events/a").tail());
        assertTrue(server.link("a").isPending());
        server.awaitWakes(Specs.WAKE, 1L);
        server.delete("events/a");
        server.delete("a");
        assertEquals(
                List.of(at("a", LinkType.EXPLICIT, Cursors.START)),
                server.view().links());
    }
}
