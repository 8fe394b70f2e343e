package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.helidon.dbclient.DbClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    @TempDir
    private Path directory;

    // What a test can't see from outside, short of pulling the plug: an interrupt closes the file that is being synced.
    @Test
    void a_commit_ends_with_the_sync_of_the_log() throws Exception {
        try (Database database = Database.open(directory.resolve("events.db"), 1)) {
            assertEquals("wal", pragma(database, "journal_mode"));
            Transaction transaction = database.begin();
            transaction.execute().dml("CREATE TABLE t (x)");
            Thread.currentThread().interrupt();
            assertThrows(UncheckedIOException.class, transaction::commit);
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void the_log_that_is_synced_is_the_one_that_is_written() throws Exception {
        for (int round = 0; round < 2; round++) {
            try (var disk = new StoreOnDisk(directory)) {
                disk.append("s", "1");
                the_log_can_be_emptied(disk);
                disk.append("s", "2");
                assertEquals(
                        List.of(directory + "/events.db-wal"), logs().distinct().toList());
                assertTrue(logs().count() > 2, "of the writer, of a reader, and the one that syncs");
            }
        }
    }

    private Stream<String> logs() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open
                    .flatMap(DatabaseTest::target)
                    .filter(file -> file.startsWith(directory.toString()) && file.contains("-wal"))
                    .toList()
                    .stream();
        }
    }

    private static Stream<String> target(Path link) {
        try {
            return Stream.of(Files.readSymbolicLink(link).toString());
        } catch (IOException _) {
            // That of the listing itself.
            return Stream.empty();
        }
    }

    @Test
    void tables_that_cannot_be_made_leave_nothing_in_use() throws Exception {
        Database database = Database.open(directory.resolve("events.db"), 1);
        pragma(database, "max_page_count = 2");
        assertThrows(RuntimeException.class, () -> Schema.prepare(database, directory.resolve("events.db")));
        long begun = System.nanoTime();
        database.close();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        assertTrue(took.toSeconds() < 5, "it waited for a connection that nobody uses: " + took);
    }

    @Test
    void after_a_commit_that_failed_the_next_transaction_is_a_new_one() throws Exception {
        try (Database database = Database.open(directory.resolve("events.db"), 1)) {
            database.direct().dml("PRAGMA foreign_keys = ON");
            database.direct().dml("CREATE TABLE stream (id INTEGER PRIMARY KEY)");
            // Checked at the commit.
            database.direct().dml("CREATE TABLE debt (x REFERENCES stream (id) DEFERRABLE INITIALLY DEFERRED)");
            for (int round = 0; round < 3; round++) {
                Transaction failing = database.begin();
                failing.execute().dml("INSERT INTO stream VALUES (NULL)");
                failing.execute().dml("INSERT INTO debt VALUES (-1)");
                assertThrows(DbClientException.class, failing::commit);
                Transaction next = database.begin();
                next.execute().dml("INSERT INTO stream VALUES (NULL)");
                next.commit();
            }
            assertEquals(
                    "3",
                    database.direct()
                            .get("SELECT count(*) FROM stream")
                            .orElseThrow()
                            .column(1)
                            .get(Object.class)
                            .toString());
        }
    }

    private static String pragma(Database database, String name) {
        return database.direct()
                .get("PRAGMA " + name)
                .orElseThrow()
                .column(1)
                .get(Object.class)
                .toString();
    }

    // One that stayed would keep the log from being emptied, and let it grow for ever.
    @Test
    void whatever_was_asked_no_snapshot_is_held_after_the_answer() throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("s", "1", "2");
            the_log_can_be_emptied(disk);
            disk.everything("s");
            disk.page("s", ReadFrom.START, 1);
            assertInstanceOf(ReadOutcome.Absent.class, disk.read("unknown", ReadFrom.START, 1));
            assertInstanceOf(AppendOutcome.Rejected.class, disk.append(Appends.by("p", 0, 1, Appends.of("s", "x"))));
            assertEquals(DeleteOutcome.ABSENT, disk.delete("unknown"));
            the_log_can_be_emptied(disk);
            disk.sql(BrokenDisk.ABORT_AT_THE_END.sql());
            assertThrows(StorageException.class, () -> disk.append("s", BrokenDisk.POISON));
            disk.sql("DROP TRIGGER failing");
            the_log_can_be_emptied(disk);
        }
    }

    private static void the_log_can_be_emptied(StoreOnDisk disk) throws Exception {
        disk.sql("CREATE TABLE IF NOT EXISTS later (x)", "INSERT INTO later VALUES (1)");
        assertEquals(0, disk.number("PRAGMA wal_checkpoint(TRUNCATE)"), "somebody holds a snapshot");
    }
}
