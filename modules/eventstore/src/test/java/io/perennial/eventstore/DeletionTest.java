package io.perennial.eventstore;

import static io.perennial.eventstore.Appends.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeletionTest {
    private static final List<byte[]> MANY = Collections.nCopies(3_000, new byte[50]);

    private StoreOnDisk disk;

    @BeforeEach
    void open(@TempDir Path directory) {
        disk = new StoreOnDisk(directory);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    @Test
    void a_deleted_stream_is_absent_at_once_and_after_a_restart() {
        disk.append("s", "1");
        assertEquals(DeleteOutcome.DELETED, disk.delete("s"));
        assertInstanceOf(ReadOutcome.Absent.class, disk.read("s", ReadFrom.START, 1));
        assertEquals(DeleteOutcome.ABSENT, disk.delete("s"));
        disk.reopen();
        assertInstanceOf(ReadOutcome.Absent.class, disk.read("s", ReadFrom.START, 1));
        assertEquals(DeleteOutcome.ABSENT, disk.delete("s"));
        assertEquals(
                new AppendOutcome.Rejected(new Rejection.Absent()),
                disk.append(Appends.onlyWhereItExists(Appends.of("s", "2"))));
    }

    @Test
    void what_never_was_is_absent() {
        assertEquals(DeleteOutcome.ABSENT, disk.delete("s"));
    }

    @Test
    void a_closed_stream_may_be_deleted() {
        disk.accepted(Appends.closing("s", "1"));
        assertEquals(DeleteOutcome.DELETED, disk.delete("s"));
        disk.append("s", "2");
        assertEquals(Ending.UP_TO_DATE, disk.page("s", ReadFrom.START).ending());
    }

    @Test
    void a_stream_of_the_same_name_is_another_one() {
        var old = disk.append("s", "1", "2");
        StreamInfo before = disk.info("s");
        disk.delete("s");
        disk.accepted(Appends.typed("text/plain", Appends.of("s", "3")));

        assertEquals(List.of("3"), texts(disk.everything("s")));
        assertEquals(
                List.of("3"), texts(disk.page("s", new ReadFrom.At(old.first())).events()));
        assertEquals(
                List.of("3"), texts(disk.page("s", new ReadFrom.At(old.next())).events()));
        assertNotEquals(before.created(), disk.info("s").created());
        assertTrue(before.tail().isBefore(disk.info("s").tail()));
        assertEquals(1, disk.everything("s").size());
        assertEquals(new ContentType("text/plain"), disk.info("s").contentType());
        disk.reopen();
        assertEquals(List.of("3"), texts(disk.everything("s")));
    }

    @Test
    void a_stream_of_the_same_name_knows_no_producer_of_the_old_one() {
        disk.accepted(Appends.by("p", 7, 0, Appends.of("s", "1")));
        disk.delete("s");
        disk.accepted(Appends.by("p", 0, 0, Appends.of("s", "2")));
        disk.delete("s");
        disk.reopen();
        assertEquals(
                new AppendOutcome.Rejected(new Rejection.SequenceGap(0, 1)),
                disk.append(Appends.by("p", 0, 1, Appends.of("s", "3"))));
        disk.accepted(Appends.by("p", 0, 0, Appends.of("s", "3")));
        assertEquals(List.of("3"), texts(disk.everything("s")));
    }

    @Test
    void the_events_are_reclaimed_in_the_background_and_no_others() throws Exception {
        disk.append("before", "1");
        disk.accepted(Appends.of("s", MANY));
        disk.append("after", "2");
        assertEquals(3_002, stored());
        disk.delete("s");
        disk.append("s", "3");
        Eventually.holds("reclaimed", () -> stored() == 3 && waiting() == 0);
        assertEquals(List.of("1"), texts(disk.everything("before")));
        assertEquals(List.of("2"), texts(disk.everything("after")));
        assertEquals(List.of("3"), texts(disk.everything("s")));
    }

    @Test
    void what_a_restart_left_is_reclaimed_after_it() throws Exception {
        for (String stream : List.of("a", "b", "c")) {
            disk.accepted(Appends.of(stream, MANY));
            disk.accepted(Appends.by("p", 0, 0, Appends.of(stream, "1")));
        }
        for (String stream : List.of("a", "b")) {
            disk.delete(stream);
            disk.reopen();
        }
        Eventually.holds("reclaimed", () -> stored() == 3_001 && waiting() == 0);
        assertEquals(1, disk.number("SELECT count(*) FROM producer"));
        assertEquals(3_001, disk.everything("c").size());
    }

    @Test
    void a_deleted_stream_is_reclaimed_however_busy_the_others_are() throws Exception {
        disk.accepted(Appends.of("s", MANY));
        var enough = new AtomicBoolean();
        List<Future<Integer>> writers = new ArrayList<>();
        for (int writer = 0; writer < 64; writer++) {
            String stream = "busy-" + writer % 4;
            writers.add(Eventually.start(() -> {
                int appended = 0;
                for (; !enough.get(); appended++) {
                    disk.append(stream, "x");
                }
                return appended;
            }));
        }
        disk.delete("s");
        try {
            Eventually.holds("reclaimed", () -> waiting() == 0);
        } finally {
            enough.set(true);
        }
        int appended = 0;
        for (Future<Integer> writer : writers) {
            appended += Eventually.result(writer);
        }
        int expected = appended;
        Eventually.holds("nothing else is stored", () -> stored() == expected);
    }

    private long stored() throws Exception {
        return disk.stored().size();
    }

    private long waiting() throws Exception {
        return disk.number("SELECT count(*) FROM reclaim");
    }
}
