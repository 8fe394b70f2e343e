package io.perennial.eventstore;

import static io.perennial.eventstore.Appends.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.bus.BusLimits;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// The writer's queue: how full it may be, and what becomes of what waits in it when the store is closed.
class ClosingTest {
    @TempDir
    private Path directory;

    @Test
    void close_with_appends_in_flight_stores_and_answers_each_or_fails_it() throws Exception {
        for (int round = 0; round < 5; round++) {
            var disk = new StoreOnDisk(directory.resolve("round-" + round));
            var acknowledged = new AtomicInteger();
            List<Future<Set<String>>> writers = new ArrayList<>();
            for (int writer = 0; writer < 32; writer++) {
                String name = writer + ":";
                writers.add(Eventually.start(() -> appendUntilClosed(disk.store(), name, acknowledged)));
            }
            Eventually.holds("some are acknowledged", () -> acknowledged.get() > 100);
            disk.store().close();
            Set<String> expected = new TreeSet<>();
            for (Future<Set<String>> writer : writers) {
                expected.addAll(Eventually.result(writer));
            }
            disk.reopen();
            List<String> stored = texts(disk.everything("s"));
            assertEquals(expected, new TreeSet<>(stored));
            assertEquals(expected.size(), stored.size());
            disk.close();
        }
    }

    private static Set<String> appendUntilClosed(EventStore store, String name, AtomicInteger acknowledged) {
        Set<String> stored = new TreeSet<>();
        for (int i = 0; ; i++) {
            try {
                assertInstanceOf(AppendOutcome.Appended.class, store.append(Appends.of("s", name + i)));
                stored.add(name + i);
                acknowledged.incrementAndGet();
            } catch (StorageException e) {
                assertEquals(StorageException.class, e.getClass());
                return stored;
            }
        }
    }

    private static Future<Boolean> closing(StoreOnDisk disk) {
        return Eventually.start(() -> {
            disk.store().close();
            return true;
        });
    }

    @Test
    void two_threads_may_close_at_once() throws Exception {
        for (int round = 0; round < 3; round++) {
            var disk = new StoreOnDisk(directory);
            disk.append("s", "x");
            List<Future<Boolean>> closings = List.of(closing(disk), closing(disk), closing(disk));
            for (Future<Boolean> closing : closings) {
                assertTrue(Eventually.result(closing));
            }
        }
    }

    @Test
    void an_interrupted_close_may_be_repeated() throws Exception {
        var disk = new StoreOnDisk(directory);
        disk.append("s", "1");
        Thread.currentThread().interrupt();
        assertThrows(StorageException.class, () -> disk.store().close());
        assertTrue(Thread.interrupted(), "the interrupt is kept");
        disk.reopen();
        assertEquals(List.of("1"), texts(disk.everything("s")));
        disk.close();
    }

    @Test
    void close_stores_what_waits() throws Exception {
        var disk = new StoreOnDisk(directory);
        disk.append("s", "0");
        List<Future<AppendOutcome>> waiting = new ArrayList<>();
        Future<Boolean> closing;
        try (var held = new HeldDatabase(disk)) {
            for (int i = 1; i <= 10; i++) {
                String event = String.valueOf(i);
                waiting.add(Eventually.start(() -> disk.append(Appends.of("s", event))));
            }
            closing = closing(disk);
            held.until_the_writer_is_in_it();
        }
        Eventually.result(closing);
        Set<String> acknowledged = new TreeSet<>(Set.of("0"));
        for (int i = 1; i <= 10; i++) {
            try {
                assertInstanceOf(AppendOutcome.Appended.class, Eventually.result(waiting.get(i - 1)));
                acknowledged.add(String.valueOf(i));
            } catch (StorageException _) {
                // It came after the end.
            }
        }
        disk.reopen();
        assertEquals(acknowledged, new TreeSet<>(texts(disk.everything("s"))));
        disk.close();
    }

    @Test
    void after_close_every_call_says_so_and_closing_again_is_fine() throws Exception {
        var disk = new StoreOnDisk(directory);
        disk.append("s", "1");
        Follow follow = disk.follow("s", ReadFrom.START, 1);
        EventStore store = disk.store();
        store.close();
        store.close();
        for (int i = 0; i < 3; i++) {
            assertClosed(() -> store.append(Appends.of("s", "2")));
            assertClosed(() -> store.append(Appends.closing("s")));
            assertClosed(() -> store.delete(Appends.key("s")));
            assertClosed(() -> store.read(Appends.key("s"), ReadFrom.START, 1));
            assertClosed(() -> store.read(Appends.key("unknown"), ReadFrom.TAIL, 1));
            assertClosed(() -> follow.next(Duration.ZERO));
        }
        disk.reopen();
        assertEquals(List.of("1"), texts(disk.everything("s")));
        disk.close();
    }

    private static void assertClosed(Executable call) {
        var refusal = assertThrows(StorageException.class, call);
        assertEquals(StorageException.class, refusal.getClass());
        assertTrue(String.valueOf(refusal.getMessage()).contains("closed"), refusal.getMessage());
    }

    @Test
    void reads_that_race_with_close_are_answered_or_fail_at_once() throws Exception {
        for (int round = 0; round < 20; round++) {
            var disk = new StoreOnDisk(new StoreConfig(directory, 1, 100, 1_000_000, 1_000_000), BusLimits.defaults());
            disk.append("s", "1");
            var answered = new AtomicInteger();
            List<Future<Integer>> readers = new ArrayList<>();
            for (int reader = 0; reader < 12; reader++) {
                readers.add(Eventually.startBusy(() -> readUntilClosed(disk.store(), answered)));
            }
            Eventually.holds("some are answered", () -> answered.get() > 20);
            long begun = System.nanoTime();
            disk.store().close();
            for (Future<Integer> reader : readers) {
                Eventually.result(reader);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            assertTrue(took.toSeconds() < 5, "a read waited for a connection that was gone: " + took);
        }
    }

    private static int readUntilClosed(EventStore store, AtomicInteger answered) {
        for (int reads = 0; ; reads++) {
            try {
                assertInstanceOf(ReadOutcome.Read.class, store.read(Appends.key("s"), ReadFrom.START, 1));
                answered.incrementAndGet();
            } catch (StorageException _) {
                return reads;
            }
        }
    }

    @Test
    void more_appends_than_may_wait_are_refused_as_busy() throws Exception {
        var disk = new StoreOnDisk(new StoreConfig(directory, 2, 1, 1_000_000, 1_000_000), BusLimits.defaults());
        disk.append("s", "0");
        List<Future<AppendOutcome>> appends = new ArrayList<>();
        try (var _ = new HeldDatabase(disk)) {
            Eventually.holds("one is refused", () -> {
                appends.add(Eventually.start(() -> disk.append(Appends.of("s", "x"))));
                return appends.stream().anyMatch(Future::isDone);
            });
        }
        what_is_not_busy_is_stored(disk, appends);
        disk.close();
    }

    @Test
    void more_bytes_than_may_wait_are_refused_as_busy() throws Exception {
        var disk = new StoreOnDisk(new StoreConfig(directory, 2, 1_000, 2_000, 0), BusLimits.defaults());
        disk.append("s", "0");
        List<Future<AppendOutcome>> appends = new ArrayList<>();
        try (var _ = new HeldDatabase(disk)) {
            Eventually.holds("one is refused", () -> {
                appends.add(Eventually.start(() -> disk.append(Appends.of("s", "x".repeat(500)))));
                return appends.stream().anyMatch(Future::isDone);
            });
            assertTrue(appends.size() < 100, "bytes are not counted: " + appends.size());
        }
        what_is_not_busy_is_stored(disk, appends);
        disk.accepted(Appends.of("s", "x".repeat(100_000)));
        for (int i = 0; i < 20; i++) {
            disk.accepted(Appends.of("s", "x".repeat(1_500)));
        }
        disk.close();
    }

    private static void what_is_not_busy_is_stored(StoreOnDisk disk, List<Future<AppendOutcome>> appends)
            throws Exception {
        int appended = 1;
        int busy = 0;
        for (Future<AppendOutcome> append : appends) {
            if (Eventually.result(append) instanceof AppendOutcome.Appended) {
                appended++;
            } else {
                assertEquals(new AppendOutcome.Rejected(new Rejection.Busy()), Eventually.result(append));
                busy++;
            }
        }
        assertTrue(busy > 0);
        assertEquals(appended, disk.everything("s").size());
        disk.reopen();
        assertEquals(appended, disk.everything("s").size());
    }

    @Test
    void under_a_crowd_each_append_is_stored_or_busy() throws Exception {
        var disk = new StoreOnDisk(new StoreConfig(directory, 2, 1, 1_000_000, 1_000_000), BusLimits.defaults());
        List<Future<AppendOutcome>> appends = new ArrayList<>();
        disk.append("s", "0");
        for (int i = 0; i < 500; i++) {
            appends.add(Eventually.start(() -> disk.append(Appends.of("s", "x"))));
        }
        what_is_not_busy_is_stored(disk, appends);
        disk.close();
    }

    @Test
    void a_deletion_waits_for_its_turn_and_is_never_busy() throws Exception {
        var disk = new StoreOnDisk(new StoreConfig(directory, 2, 1, 1, 0), BusLimits.defaults());
        for (int i = 0; i < 8; i++) {
            disk.append("s" + i, "0");
        }
        List<Future<DeleteOutcome>> deletions = new ArrayList<>();
        try (var _ = new HeldDatabase(disk)) {
            for (int i = 0; i < 8; i++) {
                String stream = "s" + i;
                deletions.add(Eventually.start(() -> disk.delete(stream)));
            }
        }
        for (Future<DeleteOutcome> deletion : deletions) {
            assertEquals(DeleteOutcome.DELETED, Eventually.result(deletion));
        }
        disk.close();
    }

    /// Holds the lock on writing to the database, so that the store's writer waits.
    private static final class HeldDatabase implements AutoCloseable {
        private final Connection connection;
        private final Statement statement;

        HeldDatabase(StoreOnDisk disk) throws SQLException {
            this.connection = disk.connect();
            this.statement = connection.createStatement();
            statement.execute("BEGIN IMMEDIATE");
        }

        void until_the_writer_is_in_it() throws Exception {
            Eventually.holds(
                    "the writer waits for the database",
                    () -> Thread.getAllStackTraces().entrySet().stream()
                            .filter(thread -> thread.getKey().getName().equals("perennial-writer"))
                            .anyMatch(thread ->
                                    List.of(thread.getValue()).toString().contains("org.sqlite")));
        }

        @Override
        public void close() throws SQLException {
            statement.execute("ROLLBACK");
            statement.close();
            connection.close();
        }
    }
}
