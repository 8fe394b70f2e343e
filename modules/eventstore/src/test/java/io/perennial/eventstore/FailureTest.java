package io.perennial.eventstore;

import static io.perennial.eventstore.Appends.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a failing write leaves behind: nothing, and a store that goes on.
///
/// Triggers in the database stand in for the disk. `ABORT` fails one statement; `ROLLBACK` is what SQLite itself does
/// with the whole transaction where the disk is full or can't be written.
class FailureTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void a_write_that_fails_stores_nothing_and_the_next_one_goes_on(BrokenDisk how) throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("s", "1");
            disk.sql(how.sql());
            assertFails(disk, Appends.of("s", "good", BrokenDisk.POISON, "good"));
            disk.append("s", "2");
            disk.append("t", "3");
            assertEquals(List.of("1", "2"), texts(disk.everything("s")));
            disk.reopen();
            assertEquals(List.of("1", "2"), texts(disk.everything("s")));
            assertEquals(List.of("3"), texts(disk.everything("t")));
            assertEquals(2, disk.everything("s").size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_producer_whose_write_failed_may_try_again(BrokenDisk how) throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            disk.accepted(Appends.by("p", 0, 0, Appends.of("s", "1")));
            disk.sql(how.sql());
            assertFails(disk, Appends.by("p", 0, 1, Appends.of("s", BrokenDisk.POISON)));
            disk.accepted(Appends.by("p", 0, 1, Appends.of("s", "2")));
            assertInstanceOf(AppendOutcome.Duplicate.class, disk.append(Appends.by("p", 0, 1, Appends.of("s", "2"))));
            assertEquals(List.of("1", "2"), texts(disk.everything("s")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_stream_whose_birth_failed_is_not_there(BrokenDisk how) throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            disk.sql(how.sql());
            assertFails(disk, Appends.of("s", BrokenDisk.POISON));
            assertInstanceOf(ReadOutcome.Absent.class, disk.read("s", ReadFrom.START, 1));
            assertEquals(
                    new AppendOutcome.Rejected(new Rejection.Absent()),
                    disk.append(Appends.onlyWhereItExists(Appends.of("s", "1"))));
            disk.append("s", "2");
            assertEquals(List.of("2"), texts(disk.everything("s")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_close_that_failed_leaves_the_stream_open(BrokenDisk how) throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("s", "1");
            disk.sql(how.sql());
            assertFails(disk, Appends.closing("s", BrokenDisk.POISON));
            disk.append("s", "2");
            assertEquals(Ending.UP_TO_DATE, disk.page("s", ReadFrom.START).ending());
        }
    }

    @Test
    void a_follower_hears_nothing_of_a_write_that_failed() throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("s", "1");
            disk.sql(BrokenDisk.ROLLBACK_AT_THE_END.sql());
            try (Follow follow = disk.follow("s", ReadFrom.TAIL, 100)) {
                follow.next(Eventually.LONG);
                assertFails(disk, Appends.of("s", BrokenDisk.POISON));
                disk.append("s", "2");
                Page page = assertInstanceOf(Follow.Step.Next.class, follow.next(Eventually.LONG))
                        .page();
                assertEquals(List.of("2"), texts(page.events()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void in_a_crowd_with_failures_what_was_acknowledged_is_stored_and_what_failed_is_not(BrokenDisk how)
            throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("s", "first");
            disk.sql(how.sql());
            List<Future<Set<String>>> writers = new ArrayList<>();
            for (int writer = 0; writer < 16; writer++) {
                int number = writer;
                writers.add(Eventually.start(() -> acknowledged(disk.store(), number)));
            }
            Set<String> expected = new TreeSet<>(Set.of("first"));
            for (Future<Set<String>> writer : writers) {
                expected.addAll(Eventually.result(writer));
            }
            assertEquals(expected, new TreeSet<>(texts(disk.everything("s"))));
            assertEquals(expected.size(), disk.everything("s").size());
        }
    }

    private static Set<String> acknowledged(EventStore store, int writer) {
        Set<String> acknowledged = new TreeSet<>();
        for (int i = 0; i < 20; i++) {
            String event = i % 7 == 3 ? BrokenDisk.POISON : writer + "-" + i;
            try {
                store.append(Appends.of("s", event));
                acknowledged.add(event);
            } catch (StorageException.OutcomeUnknown e) {
                throw e;
            } catch (StorageException _) {
                // Expected of the poison, and of whatever shared its transaction.
            }
        }
        return acknowledged;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ABORT", "ROLLBACK"})
    void a_deletion_that_failed_leaves_the_stream(String how) throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("s", "1");
            disk.sql("CREATE TRIGGER broken BEFORE DELETE ON stream BEGIN SELECT RAISE(" + how + ", 'broken'); END");
            assertThrows(StorageException.class, () -> disk.delete("s"));
            disk.append("s", "2");
            assertEquals(List.of("1", "2"), texts(disk.everything("s")));
            disk.sql("DROP TRIGGER broken");
            assertEquals(DeleteOutcome.DELETED, disk.delete("s"));
        }
    }

    @Test
    void while_events_cannot_be_reclaimed_the_writer_rests() throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("s", "1");
            disk.sql("CREATE TRIGGER broken BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'broken'); END");
            disk.delete("s");
            try {
                int rests = 0;
                for (int look = 0; look < 100; look++) {
                    rests += writerRests() ? 1 : 0;
                    LockSupport.parkNanos(5_000_000);
                }
                assertFalse(rests < 50, "it tries again and again without a pause: at rest " + rests + " times of 100");
            } finally {
                disk.sql("DROP TRIGGER broken");
            }
            disk.append("t", "2");
            disk.reopen();
            Eventually.holds("reclaimed", () -> disk.stored().size() == 1);
        }
    }

    private static boolean writerRests() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().equals("perennial-writer"))
                .allMatch(thread -> List.of(thread.getValue()).toString().contains("BlockingQueue"));
    }

    @Test
    void a_clock_that_fails_fails_the_append_and_nothing_else() throws Exception {
        var broken = new AtomicBoolean();
        InstantSource clock = () -> {
            if (broken.getAndSet(false)) {
                throw new IllegalStateException("no time");
            }
            return StoreOnDisk.BEGINNING;
        };
        try (var bus = new Bus<Commit>(BusLimits.defaults(), Commit::bytes);
                EventStore store = EventStore.open(StoreConfig.of(directory), clock, bus)) {
            broken.set(true);
            Future<AppendOutcome> first = Eventually.start(() -> store.append(Appends.of("s", "1")));
            assertThrows(StorageException.class, () -> Eventually.result(first));
            Future<AppendOutcome> next = Eventually.start(() -> store.append(Appends.of("s", "2")));
            assertInstanceOf(AppendOutcome.Appended.class, Eventually.result(next));
        }
    }

    @Test
    void an_error_in_the_writer_leaves_nobody_waiting() throws Exception {
        var broken = new AtomicBoolean();
        InstantSource clock = () -> {
            if (broken.get()) {
                throw new AssertionError("no time");
            }
            return StoreOnDisk.BEGINNING;
        };
        try (var bus = new Bus<Commit>(BusLimits.defaults(), Commit::bytes);
                EventStore store = EventStore.open(StoreConfig.of(directory), clock, bus)) {
            broken.set(true);
            for (int i = 0; i < 3; i++) {
                Future<AppendOutcome> append = Eventually.start(() -> store.append(Appends.of("s", "1")));
                assertThrows(StorageException.class, () -> Eventually.result(append));
            }
        }
    }

    @Test
    void a_bus_that_fails_takes_no_acknowledgement_back() throws Exception {
        try (var bus = new Bus<Commit>(BusLimits.defaults(), _ -> -1);
                EventStore store = open(bus);
                Follow follow = store.follow(Appends.key("s"), ReadFrom.START, 100)) {
            assertInstanceOf(Follow.Step.Absent.class, follow.next(Duration.ZERO));
            for (String event : List.of("1", "2")) {
                Future<AppendOutcome> append = Eventually.start(() -> store.append(Appends.of("s", event)));
                assertInstanceOf(AppendOutcome.Appended.class, Eventually.result(append));
            }
            Future<DeleteOutcome> delete = Eventually.start(() -> store.delete(Appends.key("s")));
            assertEquals(DeleteOutcome.DELETED, Eventually.result(delete));
        }
    }

    private EventStore open(Bus<Commit> bus) {
        return EventStore.open(StoreConfig.of(directory), new SteppingClock(StoreOnDisk.BEGINNING), bus);
    }

    private static void assertFails(StoreOnDisk disk, Append append) {
        var failure = assertThrows(StorageException.class, () -> disk.append(append));
        assertEquals(StorageException.class, failure.getClass(), "nothing was stored, and everybody can know it");
    }
}
