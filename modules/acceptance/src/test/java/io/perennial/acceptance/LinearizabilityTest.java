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
import io.perennial.acceptance.Reply.Reason;
import io.perennial.acceptance.Reply.Refused;
import org.junit.jupiter.api.Test;

/// Who checks the checker: histories by hand, odd ones, too, that some order explains. It has to find it.
class LinearizabilityTest {
    private static final Call HEAD = new Call.Head();

    private void takes(WrittenHistory history) {
        Verdict verdict = history.verdict();
        assertInstanceOf(Verdict.Linearizable.class, verdict, verdict::toString);
    }

    @Test
    void one_thing_after_another() {
        takes(begun().appended(2, 3, "a20", "b30")
                .with(4, 5, new Call.Read(Face.STREAM, "-1"), page(false, false, "a20"))
                .read(6, 7, "20", "b30")
                .head(8, 9, "30")
                .closed(10, 11, "30")
                .with(12, 13, append("c40"), new Refused(Reason.CLOSED, "30"))
                .with(14, 15, new Call.Read(Face.STREAM, "-1"), page(true, true, "a20", "b30")));
    }

    @Test
    void an_unanswered_append_that_appears_late() {
        takes(begun().unanswered(2, append("b30"))
                .appended(3, 4, "a20")
                .read(5, 6, "-1", "a20")
                .read(7, 8, "-1", "a20", "b30"));
    }

    @Test
    void an_unanswered_append_that_never_appears() {
        takes(begun().unanswered(2, append("a20")).appended(3, 4, "b30").read(5, 6, "-1", "b30"));
    }

    @Test
    void concurrent_appends_in_the_other_order() {
        takes(begun().appended(2, 8, "b30").appended(3, 9, "a20").read(10, 11, "-1", "a20", "b30"));
    }

    @Test
    void a_read_that_sees_what_is_not_acknowledged_yet_and_a_concurrent_one_that_does_not() {
        takes(begun().appended(1, 2, "a20")
                .appended(3, 20, "b30")
                .read(4, 10, "-1", "a20", "b30")
                .read(5, 11, "-1", "a20")
                .head(12, 13, "30"));
    }

    @Test
    void a_retry_of_what_was_stored_unseen() {
        takes(begun().unanswered(2, append("a20").numbered("p", 0))
                .appended(4, 5, "b30")
                .with(6, 7, append("a20").numbered("p", 0), new Again("30", false))
                .read(8, 9, "-1", "a20", "b30"));
    }

    @Test
    void a_retry_of_what_was_not_stored() {
        takes(begun().unanswered(2, append("b30").numbered("p", 0))
                .appended(4, 5, "a20")
                .with(6, 7, append("b30").numbered("p", 0), done("b30"))
                .read(8, 9, "-1", "a20", "b30"));
    }

    @Test
    void an_append_that_is_refused_while_somebody_closes() {
        takes(begun().with(2, 9, append("a20"), new Refused(Reason.CLOSED, "10"))
                .closed(3, 8, "10"));
    }

    @Test
    void an_unanswered_close_that_is_noticed_late() {
        takes(begun().unanswered(2, append().closing())
                .appended(3, 4, "a20")
                .head(5, 6, "20")
                .with(7, 8, HEAD, new Done("20", true)));
    }

    @Test
    void an_unanswered_creation_and_an_unanswered_deletion() {
        takes(new WrittenHistory()
                .unanswered(0, new Call.Create())
                .head(1, 2, "10")
                .head(3, 4, "10")
                .appended(5, 6, "a20")
                .unanswered(7, new Call.Delete())
                .head(8, 9, "20")
                .with(10, 11, HEAD, new Reply.Absent()));
    }

    @Test
    void an_unanswered_deletion_behind_what_was_called_after_it() {
        takes(begun().unanswered(2, new Call.Delete())
                .with(3, 4, Call.Append.of(Face.SESSION, "a20"), done("a20"))
                .with(5, 6, HEAD, new Reply.Absent()));
    }

    @Test
    void a_new_life_above_the_old_one_that_an_append_to_the_session_begins() {
        takes(begun().appended(2, 3, "a20")
                .deleted(4, 5)
                .with(6, 7, Call.Append.of(Face.SESSION, "b30"), done("b30"))
                .read(8, 9, "10", "b30"));
    }

    @Test
    void numbers_and_sequences_that_begin_anew_in_a_new_life() {
        takes(begun().with(2, 3, append("b20").numbered("p", 0).inSequence("2"), done("b20"))
                .with(4, 5, append("c30").inSequence("1"), new Refused(Reason.REGRESSED, ""))
                .deleted(6, 7)
                .created(8, 9, "30")
                .with(10, 11, append("d40").numbered("p", 1), new Refused(Reason.GAP, "0"))
                .with(12, 13, append("e50").inSequence("1"), done("e50")));
    }

    @Test
    void it_says_where_it_gave_up() {
        Verdict verdict = begun().appended(2, 9, "a20").appended(2, 9, "b30").verdict(1);
        assertInstanceOf(Verdict.GaveUp.class, verdict);
    }
}
