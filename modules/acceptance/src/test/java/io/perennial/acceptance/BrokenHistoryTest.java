package io.perennial.acceptance;

import static io.perennial.acceptance.WrittenHistory.append;
import static io.perennial.acceptance.WrittenHistory.begun;
import static io.perennial.acceptance.WrittenHistory.done;
import static io.perennial.acceptance.WrittenHistory.page;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.perennial.acceptance.Call.Face;
import io.perennial.acceptance.Linearizability.Verdict;
import io.perennial.acceptance.Reply.Again;
import io.perennial.acceptance.Reply.Done;
import io.perennial.acceptance.Reply.Event;
import io.perennial.acceptance.Reply.Page;
import io.perennial.acceptance.Reply.Reason;
import io.perennial.acceptance.Reply.Refused;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who checks the checker: histories by hand of which one knows that no order explains them. It has to know, too.
class BrokenHistoryTest {
    private void broken(WrittenHistory history) {
        Verdict verdict = history.verdict();
        assertInstanceOf(Verdict.Broken.class, verdict, verdict::toString);
    }

    @Test
    void a_lost_append() {
        broken(begun().appended(2, 3, "a20").appended(4, 5, "b30").read(6, 7, "-1", "b30"));
    }

    @Test
    void a_stale_read_after_an_acknowledged_append() {
        broken(begun().appended(2, 3, "a20")
                .appended(4, 5, "b30")
                .read(6, 7, "-1", "a20")
                .read(8, 9, "-1", "a20", "b30"));
    }

    @Test
    void an_event_at_two_offsets() {
        broken(begun().appended(2, 3, "a20")
                .read(4, 5, "-1", "a20")
                .with(
                        6,
                        7,
                        new Call.Read(Face.SESSION, "-1"),
                        new Page(List.of(new Event("a20", "15")), "20", true, false)));
    }

    @Test
    void an_append_that_is_read_twice() {
        broken(begun().appended(2, 3, "a20").read(4, 5, "-1", "a20", "a20"));
    }

    @Test
    void a_retry_that_is_stored_again() {
        broken(begun().unanswered(2, append("a20").numbered("p", 0))
                .read(4, 5, "-1", "a20")
                .with(6, 7, append("a20").numbered("p", 0), new Done("20", false))
                .read(8, 9, "-1", "a20"));
    }

    @Test
    void a_retry_that_loses_what_was_not_stored() {
        broken(begun().appended(1, 2, "a20")
                .unanswered(2, append("b30").numbered("p", 0))
                .with(4, 5, append("b30").numbered("p", 0), new Again("20", false))
                .read(8, 9, "-1", "a20"));
    }

    @Test
    void an_order_that_is_not_that_of_the_acknowledgements() {
        broken(begun().appended(2, 3, "b30").appended(4, 5, "a20").read(6, 7, "-1", "a20", "b30"));
    }

    @Test
    void an_acknowledgement_below_an_earlier_one() {
        broken(begun().appended(2, 3, "b30").appended(4, 5, "a20"));
    }

    @Test
    void two_reads_in_different_orders() {
        broken(begun().appended(2, 9, "a20")
                .appended(2, 9, "b30")
                .read(10, 11, "-1", "a20", "b30")
                .with(12, 13, new Call.Read(Face.STREAM, "-1"), page(true, false, "b30", "a20")));
    }

    @Test
    void a_read_that_sees_the_later_and_not_the_earlier() {
        broken(begun().appended(2, 3, "a20")
                .appended(4, 9, "b30")
                .read(5, 6, "-1", "b30")
                .read(10, 11, "-1", "a20", "b30"));
    }

    @Test
    void a_later_read_that_sees_less() {
        broken(begun().appended(2, 20, "a20")
                .read(3, 4, "-1", "a20")
                .with(5, 6, new Call.Read(Face.SESSION, "-1"), new Page(List.of(), "10", true, false)));
    }

    @Test
    void an_append_that_is_acknowledged_after_the_close() {
        broken(begun().closed(2, 3, "10").appended(4, 5, "a20"));
    }

    @Test
    void an_append_that_is_refused_as_closed_before_anybody_closes() {
        broken(begun().with(2, 3, append("a20"), new Refused(Reason.CLOSED, "10"))
                .closed(4, 5, "10"));
    }

    @Test
    void a_close_that_a_later_head_does_not_know() {
        broken(begun().closed(2, 3, "10").head(4, 5, "10"));
    }

    @Test
    void a_page_that_ends_open_after_the_close() {
        broken(begun().appended(2, 3, "a20").closed(4, 5, "20").read(6, 7, "-1", "a20"));
    }

    @Test
    void a_page_that_ends_closed_before_anybody_closes() {
        broken(begun().appended(2, 3, "a20")
                .with(4, 5, new Call.Read(Face.STREAM, "-1"), page(true, true, "a20"))
                .closed(6, 7, "20"));
    }

    @Test
    void a_tail_that_goes_back() {
        broken(begun().appended(2, 9, "a20").head(3, 4, "20").head(5, 6, "10"));
    }

    @Test
    void a_tail_behind_what_was_acknowledged() {
        broken(begun().appended(2, 3, "a20").head(4, 5, "10"));
    }

    @Test
    void a_tail_that_no_event_explains() {
        broken(begun().appended(2, 3, "a20").head(4, 5, "25").read(6, 7, "-1", "a20"));
    }

    @Test
    void what_was_refused_and_is_seen() {
        broken(begun().appended(2, 3, "z15")
                .with(4, 5, append("a20").numbered("p", 1), new Refused(Reason.GAP, "0"))
                .read(6, 7, "-1", "z15", "a20"));
    }

    @Test
    void an_unanswered_append_that_appears_and_then_disappears() {
        broken(begun().appended(2, 3, "a20")
                .unanswered(4, append("b30"))
                .read(6, 7, "-1", "a20", "b30")
                .read(8, 9, "-1", "a20"));
    }

    @Test
    void an_up_to_date_that_is_not() {
        broken(begun().appended(2, 3, "a20", "b30").read(4, 5, "-1", "a20"));
    }

    @Test
    void a_more_where_there_is_no_more() {
        broken(begun().appended(2, 3, "a20").with(4, 5, new Call.Read(Face.SESSION, "-1"), page(false, false, "a20")));
    }

    @Test
    void a_batch_of_which_a_part_is_seen() {
        broken(begun().unanswered(2, append("a20", "b30")).read(4, 5, "-1", "a20"));
    }

    @Test
    void a_page_that_skips_what_lies_at_its_beginning() {
        broken(begun().appended(2, 3, "a20", "b30", "c40").read(4, 5, "20", "c40"));
    }

    @Test
    void a_page_that_repeats_what_lies_before_its_beginning() {
        broken(begun().appended(2, 3, "a20", "b30").read(4, 5, "20", "a20", "b30"));
    }

    @Test
    void a_page_whose_next_offset_is_not_its_end() {
        broken(begun().appended(2, 3, "a20", "b30", "c40")
                .with(
                        4,
                        5,
                        new Call.Read(Face.SESSION, "-1"),
                        new Page(page(false, false, "a20").events(), "30", false, false)));
    }

    @Test
    void an_offset_that_is_not_the_acknowledged_one() {
        broken(begun().with(2, 3, append("a20"), new Done("30", false)).read(4, 5, "-1", "a20"));
    }

    @Test
    void a_writers_sequence_that_goes_back() {
        broken(begun().with(2, 3, append("a20").inSequence("2"), done("a20"))
                .with(4, 5, append("b30").inSequence("1"), done("b30")));
    }

    @Test
    void a_new_life_below_the_old_one() {
        broken(begun().appended(2, 3, "b30").deleted(4, 5).created(6, 7, "20").appended(8, 9, "a25"));
    }

    @Test
    void an_old_event_in_a_new_life() {
        broken(begun().appended(2, 3, "a20").deleted(4, 5).created(6, 7, "30").read(8, 9, "-1", "a20"));
    }

    @Test
    void a_stream_that_is_there_after_its_deletion() {
        broken(begun().deleted(2, 3).head(4, 5, "10"));
    }

    @Test
    void a_stream_that_is_away_before_its_deletion() {
        broken(begun().with(2, 3, new Call.Head(), new Reply.Absent()).deleted(4, 5));
    }
}
