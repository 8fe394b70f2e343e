package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Committed.Look;
import io.perennial.eventstore.StreamRow.Birth;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Whether what a reader found in memory and what it read from the disk after that belong together.
class CommittedTest {
    private static final StreamKey S = Appends.key("s");

    private final Committed committed = new Committed();
    private Offset last = Offset.LEAST;

    private StreamRow row(long id) {
        last = last.next();
        return StreamRow.born(
                new Birth(id, S, last, ContentType.JSON, Lifetime.UNLIMITED, Retention.UNLIMITED, Lineage.ROOT), 0);
    }

    private StreamRow append(StreamRow before, int events) {
        News.Grown change = new News.Grown(before);
        for (int i = 0; i < events; i++) {
            last = last.next();
            change.events.add(new Event(last, new byte[1], events - i - 1));
        }
        change.row = before.grown(last.next());
        committed.publish(Map.of(S, new Known.There(change.row)), List.of(change));
        return change.row;
    }

    @Test
    void what_changed_is_known_until_it_settles_and_as_long_as_there_is_room_after_that() {
        StreamRow row = append(row(1), 3);
        assertEquals(new Known.There(row), committed.look(S).known());
        assertEquals(3, committed.fresh(1).all().size());
        committed.settle();
        assertEquals(new Known.There(row), committed.look(S).known());
        assertEquals(List.of(), committed.fresh(1).all());
    }

    @Test
    void events_that_settled_meanwhile_refute_a_look() {
        StreamRow row = append(row(1), 1);
        Look look = committed.look(S);
        assertTrue(committed.confirms(look, row));
        committed.settle();
        assertFalse(committed.confirms(look, row), "they are in neither of the two places that were looked at");
    }

    @Test
    void growth_refutes_no_look_at_a_stream_that_was_known() {
        StreamRow row = append(row(1), 1);
        Look look = committed.look(S);
        append(row, 1);
        assertTrue(committed.confirms(look, row));
    }

    @Test
    void a_removal_and_a_rebirth_refute_a_look() {
        StreamRow row = append(row(1), 1);
        Look look = committed.look(S);
        committed.publish(Map.of(S, new Known.Gone()), List.of());
        assertFalse(committed.confirms(look, row));
        assertInstanceOf(Known.Gone.class, committed.look(S).known());
        append(row(2), 1);
        assertFalse(committed.confirms(look, row));
        assertTrue(committed.waiting().hasOrphans());
    }

    @Test
    void whatever_is_published_refutes_a_look_that_found_nothing() {
        Look look = committed.look(S);
        StreamRow row = row(1);
        append(row, 1);
        assertFalse(committed.confirms(look, row));
        assertFalse(committed.confirms(look, S));
    }

    @Test
    void a_row_that_was_read_is_known_from_then_on_unless_its_lifetime_slides() {
        StreamRow row = row(1);
        assertTrue(committed.confirms(committed.look(S), row));
        assertEquals(new Known.There(row), committed.look(S).known());
        var sliding = StreamRow.born(
                new Birth(
                        2,
                        Appends.key("t"),
                        last,
                        ContentType.JSON,
                        new Lifetime.Sliding(9),
                        Retention.UNLIMITED,
                        Lineage.ROOT),
                0);
        assertTrue(committed.confirms(committed.look(sliding.key()), sliding));
        assertInstanceOf(Known.Unknown.class, committed.look(sliding.key()).known());
    }

    @Test
    void a_look_that_may_have_seen_half_a_commit_waits_for_the_other_half_and_is_refuted() throws Exception {
        StreamRow row = row(1);
        Look look = committed.look(S);
        committed.begin(Set.of(S));
        Future<Boolean> confirmed = Eventually.start(() -> committed.confirms(look, row));
        append(row, 1);
        assertFalse(Eventually.result(confirmed));
        Look unknown = committed.look(Appends.key("t"));
        committed.begin(Set.of(Appends.key("t")));
        Future<Boolean> given = Eventually.start(() -> committed.confirms(unknown, Appends.key("t")));
        committed.giveUp();
        // Before or after the end of the commit: what it saw is gone, or was never there.
        Eventually.result(given);
        assertTrue(committed.confirms(unknown, Appends.key("t")));
    }
}
