package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Offset;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MembershipTest {
    private static final SubscriptionId ID = Specs.ID;
    private static final int RACES = 100;

    @TempDir
    private Path directory;

    private Site site;

    @BeforeEach
    void open() {
        site = new Site(directory);
        site.create("wakes");
    }

    @AfterEach
    void close() {
        site.close();
    }

    private void link(String... streams) {
        assertEquals(new LinkOutcome.Linked(), site.subscriptions().link(ID, Site.keys(streams)));
    }

    private void unlink(String stream) {
        assertEquals(new LinkOutcome.Linked(), site.subscriptions().unlink(ID, Site.key(stream)));
    }

    @Test
    void a_stream_that_is_named_is_linked_at_its_tail() {
        site.subscriptions().put(ID, Specs.pull("jobs/*"));
        Offset tail = site.append("more");
        link("more");
        assertEquals(new LinkView(Site.key("more"), LinkType.EXPLICIT, tail, tail), site.link(ID, "more"));
    }

    @Test
    void naming_a_stream_again_leaves_its_cursor_where_it_is() {
        site.subscriptions().put(ID, Specs.named("a"));
        site.append("a");
        LinkView before = site.link(ID, "a");
        link("a", "a");
        assertEquals(before, site.link(ID, "a"));
        assertTrue(before.isPending());
    }

    @Test
    void a_stream_may_be_named_before_it_exists() {
        site.subscriptions().put(ID, Specs.named("a"));
        assertEquals(new LinkView(Site.key("a"), LinkType.EXPLICIT, Cursors.START, Cursors.START), site.link(ID, "a"));
        site.append("a");
        assertTrue(site.link(ID, "a").isPending());
    }

    @Test
    void explicit_goes_before_glob_and_leaves_it_behind() {
        site.subscriptions().put(ID, Specs.pull("jobs/*"));
        site.append("jobs/1");
        link("jobs/1");
        assertEquals(LinkType.EXPLICIT, site.link(ID, "jobs/1").type());
        unlink("jobs/1");
        assertEquals(LinkType.GLOB, site.link(ID, "jobs/1").type());
        assertTrue(site.link(ID, "jobs/1").isPending());
    }

    @Test
    void a_stream_that_the_pattern_finds_keeps_what_is_pending_when_it_is_named_at_once() {
        site.subscriptions().put(ID, Specs.pull("jobs/*"));
        for (int i = 0; i < RACES; i++) {
            site.append("jobs/" + i);
            link("jobs/" + i);
            assertTrue(site.link(ID, "jobs/" + i).isPending(), "jobs/" + i);
        }
    }

    @Test
    void a_stream_that_is_taken_back_is_no_longer_linked() {
        site.subscriptions().put(ID, Specs.named("a", "b"));
        unlink("a");
        unlink("a");
        site.append("a");
        assertEquals(List.of("b"), site.linked(ID));
        site.restart();
        assertEquals(List.of("b"), site.linked(ID));
    }

    @Test
    void unlinking_what_was_pending_takes_the_wake_back() {
        site.subscriptions().put(ID, Specs.named("a"));
        site.append("a");
        site.await("wakes", 1);
        unlink("a");
        assertEquals(
                new ClaimOutcome.Refused(new Refusal.NothingPending()),
                site.subscriptions().claim(ID, "ada"));
    }

    @Test
    void the_own_wake_stream_can_not_be_named() {
        site.subscriptions().put(ID, Specs.pull("jobs/*"));
        assertEquals(
                new LinkOutcome.OwnWakeStream(Site.key("wakes")),
                site.subscriptions().link(ID, Site.keys("wakes")));
    }

    @Test
    void a_deleted_stream_that_the_pattern_found_is_no_longer_linked() {
        site.subscriptions().put(ID, Specs.pull("jobs/*"));
        site.append("jobs/1");
        site.delete("jobs/1");
        assertEquals(List.of(), site.linked(ID));
    }

    @Test
    void a_deleted_stream_that_was_named_stays_linked_and_has_nothing_pending() {
        site.subscriptions().put(ID, Specs.named("a"));
        site.append("a");
        site.delete("a");
        assertEquals(Cursors.START, site.link(ID, "a").acked());
        assertFalse(site.link(ID, "a").isPending());
    }

    @Test
    void a_stream_that_is_created_again_begins_anew() {
        site.subscriptions().put(ID, Specs.pull("jobs/*", "a"));
        for (String stream : List.of("a", "jobs/1")) {
            site.append(stream);
            site.delete(stream);
            Offset tail = site.append(stream);
            LinkView link = site.link(ID, stream);
            assertEquals(List.of(site.head(stream).created(), tail), List.of(link.acked(), link.tail()));
        }
    }

    @Test
    void a_stream_that_was_created_again_while_nobody_listened_begins_anew() {
        site.subscriptions().put(ID, Specs.pull("jobs/*", "a"));
        List.of("a", "jobs/1").forEach(site::append);
        site.closeSubscriptions();
        List.of("a", "jobs/1").forEach(site::delete);
        List.of("a", "jobs/1").forEach(site::append);
        site.openSubscriptions();
        for (String stream : List.of("a", "jobs/1")) {
            assertEquals(site.head(stream).created(), site.link(ID, stream).acked());
        }
    }

    /// Whatever the order is, the append is either before the link or pending.
    @Test
    void an_append_while_its_stream_is_named_is_not_forgotten() throws Exception {
        site.subscriptions().put(ID, Specs.pull("jobs/*"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < RACES; i++) {
                String stream = "stream-" + i;
                var appended = threads.submit(() -> site.append(stream));
                link(stream);
                Offset tail = appended.get();
                assertEquals(tail, site.link(ID, stream).tail(), stream);
            }
        }
    }

    @Test
    void an_append_while_a_subscription_that_names_its_stream_is_made_is_not_forgotten() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < RACES; i++) {
                String stream = "stream-" + i;
                var id = new SubscriptionId("race-" + i);
                var appended = threads.submit(() -> site.append(stream));
                site.subscriptions().put(id, Specs.named(stream));
                Offset tail = appended.get();
                assertEquals(tail, site.link(id, stream).tail(), stream);
            }
        }
    }
}
