package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.perennial.eventstore.CreateOutcome.Created;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// How long streams live, and what is left of them after that.
class ExpiryTest {
    private static final Duration NEARLY = Duration.ofMillis(9_999);
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    @TempDir
    private Path directory;

    private StoreOnDisk disk;

    @BeforeEach
    void open() {
        disk = new StoreOnDisk(directory);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    @Test
    void every_read_and_every_write_begins_the_time_to_live_anew() throws Throwable {
        Map<String, Executable> touches = Map.of(
                "read", () -> disk.page("s", ReadFrom.START),
                "read in the middle",
                        () -> disk.page(
                                "s", new ReadFrom.At(disk.created(other()).created())),
                "read at the tail", () -> disk.page("s", ReadFrom.TAIL),
                "follow",
                        () -> {
                            try (Follow follow = disk.follow("s", ReadFrom.START, 1)) {
                                follow.next(Duration.ZERO);
                            }
                        },
                "append", () -> disk.append("s", "2"),
                "duplicate", () -> duplicate(Appends.by("p", 0, 0, Appends.of("s", "1"))),
                "close", () -> disk.accepted(Appends.closing("s")),
                "producer's close", () -> disk.accepted(Appends.by("p", 0, 1, Appends.closing("s"))));
        for (Map.Entry<String, Executable> touch : touches.entrySet()) {
            disk.created(Creates.fresh("s", Creates.sliding(10)));
            disk.accepted(Appends.by("p", 0, 0, Appends.of("s", "1")));
            disk.clock().step(NEARLY);
            touch.getValue().execute();
            disk.clock().step(NEARLY);
            assertInstanceOf(HeadOutcome.Found.class, disk.head("s"), touch.getKey());
            disk.clock().step(MILLISECOND);
            assertInstanceOf(HeadOutcome.Absent.class, disk.head("s"), touch.getKey());
        }
    }

    @Test
    void what_was_said_to_have_expired_is_gone_after_a_crash_at_that_moment_too(@TempDir Path other) throws Exception {
        List<String> names = IntStream.range(0, 20).mapToObj(i -> "s" + i).toList();
        for (String name : names) {
            disk.created(Creates.fresh(name, Creates.sliding(10)));
        }
        disk.clock().step(Duration.ofSeconds(10));
        for (String name : names) {
            assertInstanceOf(HeadOutcome.Absent.class, disk.head(name), name);
        }
        try (OutputStream copy = Files.newOutputStream(other.resolve("events.db"))) {
            disk.store().backup(copy);
        }
        try (StoreOnDisk crashed = new StoreOnDisk(other)) {
            for (String name : names) {
                assertInstanceOf(HeadOutcome.Absent.class, crashed.head(name), name);
            }
        }
    }

    private static Create other() {
        return Creates.fresh("other", Creates.sliding(1));
    }

    private void duplicate(Append append) {
        assertInstanceOf(AppendOutcome.Duplicate.class, disk.append(append));
    }

    @Test
    void closing_a_closed_stream_again_counts_as_a_write() {
        disk.created(Creates.closed(Creates.fresh("s", Creates.sliding(10))));
        for (int i = 0; i < 3; i++) {
            disk.clock().step(NEARLY);
            duplicate(Appends.closing("s"));
        }
        disk.clock().step(NEARLY.plus(MILLISECOND));
        assertInstanceOf(HeadOutcome.Absent.class, disk.head("s"));
    }

    @Test
    void to_look_at_a_stream_is_no_read_and_neither_is_to_list_it_or_to_fork_it() {
        disk.created(Creates.fresh("s", Creates.sliding(10), "1"));
        disk.clock().step(NEARLY);
        assertInstanceOf(HeadOutcome.Found.class, disk.head("s"));
        assertEquals(1, disk.store().streams("", "", 10).size());
        disk.created(Creates.fork("fork", "s"));
        assertInstanceOf(CreateOutcome.Existing.class, disk.create(Creates.fork("fork", "s")));
        assertInstanceOf(
                AppendOutcome.Rejected.class, disk.append(Appends.typed("text/plain", Appends.of("s", "refused"))));
        disk.clock().step(MILLISECOND);
        assertInstanceOf(HeadOutcome.SoftDeleted.class, disk.head("s"));
        assertInstanceOf(HeadOutcome.Found.class, disk.head("fork"));
    }

    @Test
    void a_moment_is_not_moved_by_reads_and_writes_and_not_by_a_restart() {
        disk.created(Creates.fresh("s", Creates.until(Duration.ofSeconds(10))));
        disk.clock().step(NEARLY);
        disk.append("s", "1");
        disk.page("s", ReadFrom.START);
        disk.reopen();
        assertInstanceOf(HeadOutcome.Found.class, disk.head("s"));
        try (Follow _ = disk.follow("s", ReadFrom.START, 1)) {
            disk.clock().step(MILLISECOND);
            assertInstanceOf(HeadOutcome.Absent.class, disk.head("s"));
        }
    }

    @Test
    void a_moment_is_kept_to_the_millisecond_and_still_the_same_after_a_restart() {
        Lifetime odd = new Lifetime.Until(StoreOnDisk.BEGINNING.plusSeconds(10).plusNanos(123_456));
        StreamInfo created = disk.created(Creates.fresh("s", odd));
        assertEquals(new HeadOutcome.Found(created), disk.head("s"));
        assertEquals(new CreateOutcome.Existing(created), disk.create(Creates.fresh("s", odd)));
        disk.reopen();
        assertEquals(new CreateOutcome.Existing(created), disk.create(Creates.fresh("s", odd)));
    }

    // Nobody could read it meanwhile.
    @Test
    void the_time_to_live_begins_anew_with_a_restart() {
        disk.created(Creates.fresh("s", Creates.sliding(10)));
        disk.close();
        var late = new StoreOnDisk(directory);
        try (late) {
            late.clock().step(NEARLY);
            late.reopen();
            late.clock().step(NEARLY);
            assertInstanceOf(HeadOutcome.Found.class, late.head("s"));
            late.clock().step(MILLISECOND);
            assertInstanceOf(HeadOutcome.Absent.class, late.head("s"));
        }
        disk = new StoreOnDisk(directory);
    }

    @Test
    void an_expired_stream_is_absent_at_once_to_everybody() {
        for (boolean slides : List.of(true, false)) {
            Lifetime lifetime = slides
                    ? Creates.sliding(10)
                    : new Lifetime.Until(disk.clock().instant().plusSeconds(10));
            for (String stream : List.of("a", "b", "c", "d", "e", "f")) {
                disk.created(Creates.fresh(stream, lifetime, "old"));
            }
            disk.clock().step(NEARLY.plus(MILLISECOND));
            assertEquals(List.of(), disk.store().streams("", "", 10));
            assertInstanceOf(HeadOutcome.Absent.class, disk.head("a"));
            assertInstanceOf(ReadOutcome.Absent.class, disk.read("a", ReadFrom.START, 1));
            assertEquals(
                    new AppendOutcome.Rejected(new Rejection.Absent()),
                    disk.append(Appends.onlyWhereItExists(Appends.of("b", "new"))));
            assertEquals(DeleteOutcome.ABSENT, disk.delete("c"));
            assertEquals(new CreateOutcome.SourceAbsent(), disk.create(Creates.fork("fork", "d")));
            StreamInfo another =
                    assertInstanceOf(Created.class, disk.create(Creates.fresh("e", Lifetime.UNLIMITED, "new")))
                            .stream();
            assertEquals(List.of("new"), Appends.texts(disk.everything("e")));
            assertEquals(another, disk.info("e"));
            disk.append("f", "new");
            assertEquals(List.of("new"), Appends.texts(disk.everything("f")));
            List.of("e", "f").forEach(disk::delete);
        }
    }

    @Test
    void an_expired_stream_is_kept_for_its_forks_and_goes_with_the_last_of_them() throws Exception {
        disk.created(Creates.fresh("s", Creates.sliding(10), "1", "2"));
        disk.created(Creates.lasting(Creates.sliding(60), Creates.fork("middle", "s")));
        disk.append("middle", "3");
        disk.created(Creates.lasting(Creates.until(Duration.ofSeconds(100)), Creates.fork("last", "middle")));
        disk.clock().step(Duration.ofSeconds(60));
        for (String kept : List.of("s", "middle")) {
            assertInstanceOf(HeadOutcome.SoftDeleted.class, disk.head(kept));
            assertInstanceOf(ReadOutcome.SoftDeleted.class, disk.read(kept, ReadFrom.START, 1));
            assertInstanceOf(CreateOutcome.Blocked.class, disk.create(Creates.fresh(kept, Lifetime.UNLIMITED)));
            assertInstanceOf(CreateOutcome.SourceSoftDeleted.class, disk.create(Creates.fork("another", kept)));
            assertEquals(
                    new AppendOutcome.Rejected(new Rejection.SoftDeleted()), disk.append(Appends.of(kept, "refused")));
            assertEquals(DeleteOutcome.SOFT_DELETED, disk.delete(kept));
        }
        assertEquals(1, disk.store().streams("", "", 10).size());
        assertEquals(List.of("1", "2", "3"), Appends.texts(disk.everything("last")));
        disk.clock().step(Duration.ofSeconds(40));
        assertInstanceOf(HeadOutcome.Absent.class, disk.head("last"));
        nothing_is_left();
        disk.created(Creates.fresh("s", Lifetime.UNLIMITED));
    }

    @Test
    void what_has_expired_is_removed_in_the_background() throws Exception {
        for (int i = 0; i < 300; i++) {
            Lifetime lifetime = i % 2 == 0 ? Creates.sliding(10) : Creates.until(Duration.ofSeconds(10));
            disk.created(Creates.fresh("s" + i, lifetime));
            disk.accepted(Appends.by("p", 0, 0, Appends.of("s" + i, "1", "2")));
        }
        disk.clock().step(NEARLY.plus(MILLISECOND));
        nothing_is_left();
    }

    private void nothing_is_left() throws Exception {
        for (String table : List.of("stream", "producer", "reclaim", "chunk", "journal")) {
            Eventually.holds("nothing is left in " + table, () -> disk.number("SELECT count(*) FROM " + table) == 0);
        }
    }
}
