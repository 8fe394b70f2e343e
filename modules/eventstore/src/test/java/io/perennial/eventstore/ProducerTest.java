package io.perennial.eventstore;

import static io.perennial.eventstore.Appends.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Producers and closing (protocol, sections 5.2, 5.2.1 and 5.3) through the store, on what it remembers and on what it
/// reads again after a restart.
class ProducerTest {
    enum Then {
        GO_ON {
            @Override
            void with(StoreOnDisk disk) {}
        },
        RESTART {
            @Override
            void with(StoreOnDisk disk) {
                disk.reopen();
            }
        };

        abstract void with(StoreOnDisk disk);
    }

    private StoreOnDisk disk;

    @BeforeEach
    void open(@TempDir Path directory) {
        disk = new StoreOnDisk(directory);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_retry_is_stored_once_and_told_how_far_its_producer_got(Then then) {
        disk.accepted(Appends.by("p", 0, 0, Appends.of("s", "1")));
        disk.accepted(Appends.by("p", 0, 1, Appends.of("s", "2", "3")));
        then.with(disk);
        Offset tail = disk.info("s").tail();
        var told = new AppendOutcome.Duplicate(tail, Ending.UP_TO_DATE, 1);
        assertEquals(told, disk.append(Appends.by("p", 0, 1, Appends.of("s", "2", "3"))));
        assertEquals(told, disk.append(Appends.by("p", 0, 0, Appends.of("s", "1"))));
        disk.accepted(Appends.by("p", 0, 2, Appends.of("s", "4")));
        assertEquals(List.of("1", "2", "3", "4"), texts(disk.everything("s")));
    }

    @ParameterizedTest
    @EnumSource
    void a_gap_is_refused_until_it_is_filled(Then then) {
        assertRejected(new Rejection.SequenceGap(0, 1), Appends.by("p", 0, 1, Appends.of("s", "2")));
        assertInstanceOf(ReadOutcome.Absent.class, disk.read("s", ReadFrom.START, 1));
        disk.accepted(Appends.by("p", 0, 0, Appends.of("s", "1")));
        then.with(disk);
        assertRejected(new Rejection.SequenceGap(1, 2), Appends.by("p", 0, 2, Appends.of("s", "3")));
        assertRejected(new Rejection.SequenceGap(1, 9), Appends.by("p", 0, 9, Appends.of("s", "3")));
        disk.accepted(Appends.by("p", 0, 1, Appends.of("s", "2")));
        disk.accepted(Appends.by("p", 0, 2, Appends.of("s", "3")));
        assertEquals(List.of("1", "2", "3"), texts(disk.everything("s")));
    }

    @ParameterizedTest
    @EnumSource
    void a_greater_epoch_begins_at_zero_and_fences_off_the_lesser_ones(Then then) {
        disk.accepted(Appends.by("p", 0, 0, Appends.of("s", "1")));
        disk.accepted(Appends.by("p", 0, 1, Appends.of("s", "2")));
        then.with(disk);
        assertRejected(new Rejection.EpochNotBegunAtZero(3, 2), Appends.by("p", 3, 2, Appends.of("s", "x")));
        disk.accepted(Appends.by("p", 3, 0, Appends.of("s", "3")));
        then.with(disk);
        assertRejected(new Rejection.StaleEpoch(3), Appends.by("p", 0, 1, Appends.of("s", "2")));
        assertRejected(new Rejection.StaleEpoch(3), Appends.by("p", 2, 0, Appends.of("s", "x")));
        assertEquals(
                new AppendOutcome.Duplicate(disk.info("s").tail(), Ending.UP_TO_DATE, 0),
                disk.append(Appends.by("p", 3, 0, Appends.of("s", "3"))));
        disk.accepted(Appends.by("p", 3, 1, Appends.of("s", "4")));
        assertEquals(List.of("1", "2", "3", "4"), texts(disk.everything("s")));
    }

    @ParameterizedTest
    @EnumSource
    void producers_and_streams_are_told_apart(Then then) {
        disk.accepted(Appends.by("p", 5, 0, Appends.of("s", "1")));
        disk.accepted(Appends.by("q", 0, 0, Appends.of("s", "2")));
        disk.accepted(Appends.by("p", 0, 0, Appends.of("t", "3")));
        disk.append("s", "4");
        then.with(disk);
        disk.accepted(Appends.by("q", 0, 1, Appends.of("s", "5")));
        disk.accepted(Appends.by("p", 0, 1, Appends.of("t", "6")));
        disk.accepted(Appends.by("p", 5, 1, Appends.of("s", "7")));
        assertEquals(List.of("1", "2", "4", "5", "7"), texts(disk.everything("s")));
        assertEquals(List.of("3", "6"), texts(disk.everything("t")));
    }

    @ParameterizedTest
    @EnumSource
    void the_greatest_numbers_are_kept_exactly(Then then) {
        disk.accepted(Appends.by("p", Producer.GREATEST, 0, Appends.of("s", "1")));
        then.with(disk);
        assertRejected(
                new Rejection.StaleEpoch(Producer.GREATEST),
                Appends.by("p", Producer.GREATEST - 1, 0, Appends.of("s", "2")));
        assertRejected(
                new Rejection.SequenceGap(1, Producer.GREATEST),
                Appends.by("p", Producer.GREATEST, Producer.GREATEST, Appends.of("s", "2")));
    }

    @ParameterizedTest
    @EnumSource
    void a_producers_close_and_its_retry_are_one(Then then) {
        disk.accepted(Appends.by("p", 0, 0, Appends.of("s", "1")));
        Append close = Appends.by("p", 0, 1, Appends.closing("s", "2"));
        var closed = disk.accepted(close);
        assertEquals(Ending.CLOSED, closed.ending());
        then.with(disk);
        assertEquals(new AppendOutcome.Duplicate(closed.next(), Ending.CLOSED, 1), disk.append(close));
        var refusal = new Rejection.Closed(closed.next());
        assertRejected(refusal, Appends.by("p", 0, 0, Appends.of("s", "1")));
        assertRejected(refusal, Appends.by("p", 0, 2, Appends.of("s", "3")));
        assertRejected(refusal, Appends.by("p", 1, 0, Appends.of("s", "3")));
        assertRejected(refusal, Appends.by("q", 0, 1, Appends.closing("s", "2")));
        assertEquals(List.of("1", "2"), texts(disk.everything("s")));
    }

    @ParameterizedTest
    @EnumSource
    void a_producers_close_without_an_event_and_its_retry_are_one(Then then) {
        disk.accepted(Appends.by("p", 0, 0, Appends.of("s", "1")));
        Append close = Appends.by("p", 0, 1, Appends.closing("s"));
        Offset tail = disk.accepted(close).next();
        assertEquals(disk.info("s").tail(), tail);
        then.with(disk);
        assertEquals(new AppendOutcome.Duplicate(tail, Ending.CLOSED, 1), disk.append(close));
        assertRejected(new Rejection.Closed(tail), Appends.by("q", 0, 0, Appends.closing("s")));
    }

    @ParameterizedTest
    @EnumSource
    void to_close_without_an_event_may_be_repeated_by_anybody_without_a_name(Then then) {
        Offset tail = disk.append("s", "1").next();
        var closed = disk.accepted(Appends.closing("s"));
        assertEquals(new AppendOutcome.Appended(tail, tail, Ending.CLOSED), closed);
        then.with(disk);
        assertEquals(new AppendOutcome.Duplicate(tail, Ending.CLOSED, 0), disk.append(Appends.closing("s")));
        assertEquals(
                new AppendOutcome.Duplicate(tail, Ending.CLOSED, 0),
                disk.append(Appends.typed("text/plain", Appends.closing("s"))));
        assertEquals(Ending.CLOSED, disk.page("s", ReadFrom.TAIL).ending());
    }

    @ParameterizedTest
    @EnumSource
    void a_closed_stream_takes_nothing(Then then) {
        disk.append("s", "1");
        Offset tail = disk.accepted(Appends.closing("s", "2")).next();
        then.with(disk);
        assertRejected(new Rejection.Closed(tail), Appends.of("s", "3"));
        assertRejected(new Rejection.Closed(tail), Appends.closing("s", "2"));
        assertRejected(new Rejection.Closed(tail), Appends.by("p", 0, 0, Appends.of("s", "3")));
        // Closed is said before anything else that is wrong with it.
        assertRejected(new Rejection.Closed(tail), Appends.typed("text/plain", Appends.of("s", "3")));
        assertEquals(List.of("1", "2"), texts(disk.everything("s")));
    }

    @ParameterizedTest
    @EnumSource
    void a_refused_close_leaves_the_stream_open(Then then) {
        disk.accepted(Appends.by("p", 1, 0, Appends.of("s", "1")));
        assertRejected(new Rejection.SequenceGap(1, 2), Appends.by("p", 1, 2, Appends.closing("s", "x")));
        assertRejected(new Rejection.StaleEpoch(1), Appends.by("p", 0, 0, Appends.closing("s")));
        assertRejected(
                new Rejection.OtherContentType(ContentType.JSON),
                Appends.typed("text/plain", Appends.closing("s", "x")));
        then.with(disk);
        disk.accepted(Appends.by("p", 1, 1, Appends.of("s", "2")));
        assertEquals(Ending.UP_TO_DATE, disk.page("s", ReadFrom.TAIL).ending());
    }

    @ParameterizedTest
    @EnumSource
    void a_retry_of_an_append_does_not_close_even_if_it_says_so(Then then) {
        disk.accepted(Appends.by("p", 0, 0, Appends.of("s", "1")));
        then.with(disk);
        assertEquals(
                new AppendOutcome.Duplicate(disk.info("s").tail(), Ending.UP_TO_DATE, 0),
                disk.append(Appends.by("p", 0, 0, Appends.closing("s", "1"))));
        disk.append("s", "2");
    }

    @ParameterizedTest
    @EnumSource
    void a_stream_keeps_the_type_it_was_created_with(Then then) {
        disk.accepted(Appends.typed("Text/Plain; charset=utf-8", Appends.of("s", "1")));
        then.with(disk);
        assertRejected(
                new Rejection.OtherContentType(new ContentType("Text/Plain; charset=utf-8")), Appends.of("s", "2"));
        disk.accepted(Appends.typed("text/plain", Appends.of("s", "2")));
        disk.accepted(Appends.typed("TEXT/PLAIN ;charset=us-ascii", Appends.of("s", "3")));
        disk.accepted(Appends.closing("s"));
        assertEquals(
                new ContentType("Text/Plain; charset=utf-8"), disk.info("s").contentType());
    }

    @Test
    void an_append_may_create_its_stream_or_not() {
        assertRejected(new Rejection.Absent(), Appends.onlyWhereItExists(Appends.of("s", "1")));
        assertRejected(new Rejection.Absent(), Appends.onlyWhereItExists(Appends.closing("s")));
        assertRejected(new Rejection.Absent(), Appends.onlyWhereItExists(Appends.by("p", 0, 7, Appends.of("s", "1"))));
        assertInstanceOf(ReadOutcome.Absent.class, disk.read("s", ReadFrom.START, 1));
        disk.append("s", "1");
        disk.accepted(Appends.onlyWhereItExists(Appends.of("s", "2")));
        assertEquals(List.of("1", "2"), texts(disk.everything("s")));
    }

    @Test
    void what_is_refused_leaves_no_trace() {
        disk.append("s", "1");
        StreamInfo before = disk.info("s");
        assertRejected(new Rejection.SequenceGap(0, 3), Appends.by("p", 0, 3, Appends.of("s", "x")));
        assertRejected(new Rejection.OtherContentType(ContentType.JSON), Appends.typed("a/b", Appends.of("s", "x")));
        assertEquals(before, disk.info("s"));
        disk.reopen();
        assertEquals(before, disk.info("s"));
        disk.accepted(Appends.by("p", 9, 0, Appends.of("s", "2")));
    }

    private void assertRejected(Rejection reason, Append append) {
        assertEquals(new AppendOutcome.Rejected(reason), disk.append(append));
    }
}
