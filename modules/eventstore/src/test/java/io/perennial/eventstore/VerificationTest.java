package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A look at everything finds what isn't as it was written, and finds nothing else.
class VerificationTest {
    private static final int PAGE_BYTES = 4_096;
    private static final int SETTLED = 2 * StoreOnDisk.SETTLED_EVENTS;

    @TempDir
    private Path directory;

    @BeforeEach
    void write() throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("first", "1", "2", "3");
            disk.accepted(Appends.by("p", 1, 0, Appends.of("long", Collections.nCopies(SETTLED, new byte[20]))));
            Eventually.holds("settled", () -> disk.number("SELECT count(*) FROM journal") == 0);
            disk.append("gone", "5");
            disk.delete("gone");
            // What goes with it takes everything out of the journal once more; what comes now stays in it.
            Eventually.holds(
                    "reclaimed",
                    () -> disk.number("SELECT (SELECT count(*) FROM journal) + (SELECT count(*) FROM reclaim)") == 0);
            disk.created(Creates.fork("fork", "long"));
            disk.append("fork", "4");
            disk.append("first", "4");
        }
    }

    @Test
    void a_store_is_sound_while_it_is_open_and_after() throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            assertSound(disk.store().verify());
            assertThrows(StorageException.DirectoryInUse.class, () -> DataDirectory.verify(directory));
        }
        assertSound(DataDirectory.verify(directory));
    }

    private static void assertSound(Verification verification) {
        assertEquals(List.of(), verification.problems());
        assertEquals(3, verification.streams());
        assertEquals(SETTLED + 5, verification.events());
        assertEquals(20L * SETTLED + 5, verification.bytes());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            UPDATE chunk SET data = CAST(substr(data, 1, length(data) - 1) || x'39' AS BLOB) WHERE stream = 1; the stream first
            UPDATE chunk SET data = substr(data, 1, length(data) - 1) WHERE stream = 1; the stream first
            UPDATE chunk SET events = events + 1 WHERE stream = 1; the stream first: the chunk at
            UPDATE chunk SET last = first WHERE stream = 1; the stream first: the chunk at
            DELETE FROM chunk WHERE stream = 2 AND events_before > 0 AND id % 2; the stream long: the chunk at
            DELETE FROM chunk WHERE id = (SELECT max(id) FROM chunk WHERE stream = 2); the stream long: the append at its end
            UPDATE mint SET high_water = x'00000000000000000000000000000001'; the stream long: it has offsets beyond
            UPDATE mint SET last_stream = 1; the stream ids go to
            UPDATE stream SET forks = 0 WHERE path = 'long'; the stream long has another number of forks
            UPDATE stream SET id = 77 WHERE path = 'long'; the fork fork has a source that isn't there
            UPDATE producer SET stream = 99; the producer p of stream 99
            UPDATE producer SET seq = -1; the producer p of stream 2
            UPDATE journal SET events = substr(events, 1, length(events) - 1); the database can't be read
            INSERT INTO chunk SELECT 999, 55, first, last, 1, 1, 0, 0, data FROM chunk LIMIT 1; the chunks of stream 55
            """)
    void whatever_was_changed_is_named(String damage, String problem) throws Exception {
        StoreOnDisk.sql(directory, damage);
        List<String> problems = DataDirectory.verify(directory).problems();
        assertTrue(problems.stream().anyMatch(sentence -> sentence.startsWith(problem)), problems.toString());
    }

    @Test
    void blocks_that_were_overwritten_are_found() throws Exception {
        Path file = directory.resolve("events.db");
        byte[] bytes = Files.readAllBytes(file);
        for (String type : List.of("leaf", "overflow")) {
            byte[] damaged = bytes.clone();
            int page = page(type);
            Arrays.fill(damaged, (page - 1) * PAGE_BYTES, page * PAGE_BYTES, (byte) 0x5a);
            Files.write(file, damaged);
            assertFalse(DataDirectory.verify(directory).isSound(), type);
            Files.write(file, bytes);
        }
    }

    private int page(String type) throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            return (int) disk.number(
                    "SELECT pageno FROM dbstat WHERE name = 'chunk' AND pagetype = '" + type + "' ORDER BY path DESC");
        }
    }

    @Test
    void where_there_is_no_store_nothing_is_made(@TempDir Path empty) throws Exception {
        assertThrows(StorageException.class, () -> DataDirectory.verify(empty));
        try (var files = Files.list(empty)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void a_store_of_an_older_version_is_not_judged() throws Exception {
        StoreOnDisk.sql(directory, "PRAGMA user_version = 3");
        var refusal = assertThrows(StorageException.class, () -> DataDirectory.verify(directory));
        assertTrue(String.valueOf(refusal.getMessage()).contains("version 3"), refusal.getMessage());
    }
}
