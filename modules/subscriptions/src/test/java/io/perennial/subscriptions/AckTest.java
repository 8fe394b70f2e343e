package io.perennial.subscriptions;

import static io.perennial.subscriptions.ServerOnDisk.ID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.MalformedOffsetException;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.Ack.Then;
import io.perennial.subscriptions.ReportOutcome.Next;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AckTest {
    @TempDir
    Path directory;

    private ServerOnDisk server;
    private Offset first = Cursors.START;
    private Offset second = Cursors.START;

    @BeforeEach
    void start() {
        server = new ServerOnDisk(directory);
        server.create(Specs.WAKE);
        server.create("a");
        server.create("b");
        server.created(Specs.named("a", "b"));
        first = server.append("a", "1");
        second = server.append("a", "2");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static ReportOutcome taken(Next next) {
        return new ReportOutcome.Taken(next);
    }

    private static ReportOutcome refused(Refusal why) {
        return new ReportOutcome.Refused(why);
    }

    @Test
    void what_lies_below_the_acked_offset_is_done_and_the_rest_is_pending() {
        var claim = server.claimed("w");
        assertEquals(taken(Next.NOTHING), server.ack(claim, Then.GO_ON, Map.of("a", first)));

        assertEquals(new LinkView(new StreamKey("a"), LinkType.EXPLICIT, first, second), server.link("a"));
        assertTrue(server.link("a").isPending());
        assertEquals(taken(Next.NOTHING), server.ack(claim, Then.GO_ON, Map.of("a", second)));
        assertFalse(server.link("a").isPending());
        server.restart();
        assertEquals(second, server.link("a").acked());
    }

    @Test
    void an_offset_between_two_events_is_as_good() {
        Offset between = Offset.since(ServerOnDisk.BEGINNING.plusSeconds(1));
        server.clock().step(Duration.ofSeconds(2));
        Offset third = server.append("a", "3");

        server.ack(server.claimed("w"), Then.GO_ON, Map.of("a", between));
        assertEquals(new LinkView(new StreamKey("a"), LinkType.EXPLICIT, between, third), server.link("a"));
    }

    @Test
    void the_same_offset_again_is_taken_and_one_before_it_is_not() {
        var claim = server.claimed("w");
        server.ack(claim, Then.GO_ON, Map.of("a", second));

        assertEquals(taken(Next.NOTHING), server.ack(claim, Then.GO_ON, Map.of("a", second)));
        assertEquals(
                refused(new Refusal.Backwards(new StreamKey("a"), second.toString())),
                server.ack(claim, Then.GO_ON, Map.of("a", first)));
        assertEquals(
                refused(new Refusal.Backwards(new StreamKey("a"), second.toString())),
                server.ack(claim, Then.GO_ON, Map.of("a", Cursors.START)));
        assertEquals(second, server.link("a").acked());
    }

    @Test
    void an_offset_beyond_the_tail_is_refused() {
        var claim = server.claimed("w");
        assertEquals(
                refused(new Refusal.BeyondTail(new StreamKey("a"), second.toString())),
                server.ack(claim, Then.FINISH, Map.of("a", second.next())));
        assertEquals(taken(Next.NOTHING), server.ack(claim, Then.GO_ON, Map.of("a", second)), "it still has the lease");
    }

    @Test
    void a_stream_that_is_not_linked_or_not_there_is_refused() {
        var claim = server.claimed("w");
        Offset other = server.append("c", "1");
        assertEquals(
                refused(new Refusal.NotLinked(new StreamKey("c"))), server.ack(claim, Then.GO_ON, Map.of("c", other)));
        server.delete("b");
        assertEquals(
                refused(new Refusal.BeyondTail(new StreamKey("b"), "-1")),
                server.ack(claim, Then.GO_ON, Map.of("b", other)));
    }

    @Test
    void of_several_acks_all_count_or_none() {
        var claim = server.claimed("w");
        Offset tail = server.append("b", "1");
        assertEquals(
                refused(new Refusal.BeyondTail(new StreamKey("b"), tail.toString())),
                server.ack(claim, Then.FINISH, Map.of("a", second, "b", tail.next())));
        assertTrue(server.link("a").isPending());

        assertEquals(taken(Next.NOTHING), server.ack(claim, Then.FINISH, Map.of("a", second, "b", tail)));
        assertFalse(server.link("a").isPending());
        assertFalse(server.link("b").isPending());
    }

    @Test
    void an_ack_of_what_was_just_appended_is_taken() {
        var claim = server.claimed("w");
        Offset third = server.append("a", "3");
        assertEquals(taken(Next.NOTHING), server.ack(claim, Then.FINISH, Map.of("a", third)));
        assertFalse(server.link("a").isPending());
    }

    @Test
    void done_says_whether_something_is_left() {
        assertEquals(taken(Next.WAKE), server.ack(server.claimed("w"), Then.FINISH, Map.of("a", first)));
        assertEquals(taken(Next.NOTHING), server.ack(server.claimed("w"), Then.FINISH, Map.of("a", second)));
        assertEquals(new Refusal.NothingPending(), server.claimRefused());
    }

    @Test
    void an_ack_of_an_earlier_life_does_not_count_for_the_next() {
        var claim = server.claimed("w");
        server.delete("a");
        Offset created = server.create("a");
        Offset tail = server.append("a", "1");

        server.ack(claim, Then.GO_ON, Map.of("a", created));
        assertEquals(new LinkView(new StreamKey("a"), LinkType.EXPLICIT, created, tail), server.link("a"));
        assertEquals(
                refused(new Refusal.Backwards(new StreamKey("a"), created.toString())),
                server.ack(claim, Then.GO_ON, Map.of("a", first)));
        assertEquals(created, server.link("a").acked());
    }

    @Test
    void a_disk_that_fails_moves_no_cursor_and_ends_no_lease() {
        var claim = server.claimed("w");
        server.store().breakEdits();
        assertThrows(StorageException.class, () -> server.ack(claim, Then.FINISH, Map.of("a", second)));
        server.store().mend();

        assertTrue(server.link("a").isPending());
        assertEquals(new Refusal.AlreadyClaimed("w", 1), server.claimRefused());
        assertEquals(taken(Next.NOTHING), server.ack(claim, Then.FINISH, Map.of("a", second)));
    }

    @Test
    void a_cursor_is_read_and_written_as_an_offset_or_as_the_start() {
        assertEquals("-1", Cursors.text(Cursors.START));
        assertEquals(Cursors.START, Cursors.parse("-1"));
        assertEquals(first, Cursors.parse(Cursors.text(first)));
        for (String wrong : new String[] {"", "now", "0", first.toString().toLowerCase(Locale.ROOT)}) {
            assertThrows(MalformedOffsetException.class, () -> Cursors.parse(wrong));
        }
        assertEquals(ID, server.view().id());
    }
}
