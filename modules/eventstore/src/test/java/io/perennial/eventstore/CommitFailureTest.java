package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import io.perennial.bus.Delivery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A writer on a database that this test can hurt from the inside: where a commit fails, and where the file is full.
class CommitFailureTest {
    private static final String FULL = "x".repeat(200_000);

    private final Bus<Commit> bus = new Bus<>(BusLimits.defaults(), Commit::bytes);

    @TempDir
    private Path directory;

    private Database database;
    private WriteQueue queue;
    private Writer writer;
    private Reads reads;

    @BeforeEach
    void open() throws Exception {
        database = Database.open(directory.resolve("events.db"), 1);
        Schema.prepare(database, directory.resolve("events.db"));
        // Checked at the commit, which therefore fails where the statements before it did not.
        database.direct().dml("PRAGMA foreign_keys = ON");
        database.direct().dml("CREATE TABLE debt (x REFERENCES stream (id) DEFERRABLE INITIALLY DEFERRED)");
        database.direct().dml("""
                CREATE TRIGGER indebted AFTER INSERT ON journal WHEN instr(new.events, CAST('poison' AS BLOB))
                BEGIN INSERT INTO debt VALUES (-1); END""");
        database.direct().dml("""
                CREATE TRIGGER indebted_document AFTER INSERT ON document WHEN new.key = 'poison'
                BEGIN INSERT INTO debt VALUES (-1); END""");
        var clock = new SteppingClock(StoreOnDisk.BEGINNING);
        var offsets = new OffsetGenerator(Offset.LEAST, clock, new Random(1));
        queue = new WriteQueue(16, 1 << 20);
        var touches = new Touches(clock);
        var committed = new Committed();
        var trimming = new Trimming(List.of(), Optional.empty(), clock);
        var observer = StoreObserver.NONE;
        writer = new Writer(
                database, bus, offsets, touches, clock, queue, committed, trimming, Optional.empty(), observer, 0);
        reads = new Reads(database, committed, new PageCache(0), touches, clock, _ -> {}, StoreObserver.NONE);
    }

    @AfterEach
    void close() throws Exception {
        writer.close();
        database.close();
    }

    @Test
    void a_commit_that_failed_is_answered_as_unknown_and_ends_all_writing() throws Exception {
        append("s", "1");
        assertEquals(new StoreHealth.Writing(), writer.health());
        try (var subscription = bus.subscribe("s")) {
            assertThrows(StorageException.OutcomeUnknown.class, () -> append("s", "poison"));
            assertInstanceOf(Delivery.Idle.class, subscription.await(Duration.ZERO), "nobody hears of it");
        }
        assertInstanceOf(StoreHealth.Ended.class, writer.health());
        var refusal = assertThrows(StorageException.class, () -> append("s", "2"));
        assertEquals(StorageException.class, refusal.getClass());
        assertThrows(StorageException.class, () -> queue.put(group -> group.delete(Appends.key("s"))));
        writer.close();
        database.close();
        try (var disk = new StoreOnDisk(directory)) {
            assertEquals(List.of("1"), Appends.texts(disk.everything("s")));
        }
    }

    // An interrupt closes the file that is being synced.
    @Test
    void a_log_that_cannot_be_synced_ends_all_writing_and_nobody_reads_what_it_left() throws Exception {
        append("s", "1");
        assertThrows(
                StorageException.OutcomeUnknown.class,
                () -> queue.put(group -> {
                    AppendOutcome outcome = group.append(Appends.of("new", "2"));
                    Thread.currentThread().interrupt();
                    return outcome;
                }));
        assertThrows(StorageException.class, () -> append("s", "3"));
        assertThrows(StorageException.class, () -> reads.head(Appends.key("new")));
        assertInstanceOf(HeadOutcome.Found.class, reads.head(Appends.key("s")));
    }

    @Test
    void of_edits_whose_commit_failed_none_is_done() throws Exception {
        edit("a");
        assertThrows(StorageException.OutcomeUnknown.class, () -> edit("b", "poison", "c"));
        writer.close();
        database.close();
        try (var disk = new StoreOnDisk(directory)) {
            assertEquals(
                    List.of("a"),
                    disk.store().documents("c", "", 10).stream()
                            .map(Document::key)
                            .toList());
        }
    }

    private void edit(String... keys) {
        queue.put(group -> Arrays.stream(keys)
                .map(key -> group.edit(new Document.Edit.Put(new Document("c", key, new byte[0]))))
                .toList());
    }

    @Test
    void after_the_disk_was_full_what_fits_is_stored_again() throws Exception {
        append("s", "1");
        long pages = number("PRAGMA page_count");
        assertEquals(pages + 10, number("PRAGMA max_page_count = " + (pages + 10)));
        for (int round = 0; round < 3; round++) {
            var failure = assertThrows(StorageException.class, () -> append("s", FULL));
            assertEquals(StorageException.DiskFull.class, failure.getClass());
            assertInstanceOf(StoreHealth.Refusing.class, writer.health());
            assertInstanceOf(AppendOutcome.Appended.class, append("s", "fits"));
            assertEquals(new StoreHealth.Writing(), writer.health());
        }
        assertThrows(StorageException.DiskFull.class, () -> append("s", FULL));
        // Nobody appends any more.
        Eventually.holds("it is well by itself", () -> writer.health().equals(new StoreHealth.Writing()));
        writer.close();
        database.close();
        try (var disk = new StoreOnDisk(directory)) {
            assertEquals(List.of("1", "fits", "fits", "fits"), Appends.texts(disk.everything("s")));
        }
    }

    private AppendOutcome append(String stream, String event) throws Exception {
        Future<AppendOutcome> append = Eventually.start(() ->
                queue.offer(group -> group.append(Appends.of(stream, event)), 0).orElseThrow());
        return Eventually.result(append);
    }

    private long number(String pragma) {
        return database.direct()
                .get(pragma)
                .orElseThrow()
                .column(1)
                .get(Number.class)
                .longValue();
    }
}
