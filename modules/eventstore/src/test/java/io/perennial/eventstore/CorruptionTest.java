package io.perennial.eventstore;

import static io.perennial.eventstore.Appends.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.bus.BusLimits;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database of two streams, of which one lies on a page that was overwritten.
class CorruptionTest {
    private static final int PAGE_BYTES = 4_096;
    private static final int DAMAGED_PAGES = 3;

    @TempDir
    private Path directory;

    @BeforeEach
    void damage() throws Exception {
        long page;
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("healthy", "1");
            for (int i = 0; i < 20; i++) {
                disk.accepted(Appends.of("damaged", Collections.nCopies(20, new byte[200])));
            }
            settle(disk);
            page = disk.number(
                    "SELECT pageno FROM dbstat WHERE name = 'chunk' AND pagetype = 'leaf' ORDER BY path DESC");
        }
        damage((page - 1) * PAGE_BYTES, PAGE_BYTES);
    }

    private static void settle(StoreOnDisk disk) throws Exception {
        disk.accepted(Appends.of("damaged", Collections.nCopies(StoreOnDisk.SETTLED_EVENTS, new byte[200])));
        Eventually.holds("settled", () -> disk.number("SELECT count(*) FROM journal") == 0);
    }

    private void damage(long position, int bytes) throws IOException {
        try (var file = new RandomAccessFile(directory.resolve("events.db").toFile(), "rw")) {
            byte[] ones = new byte[bytes];
            Arrays.fill(ones, (byte) 0xff);
            file.seek(position);
            file.write(ones);
        }
    }

    @Test
    void a_damaged_stream_is_a_failure_and_never_a_shorter_one() {
        try (var disk = open()) {
            for (int i = 0; i < 3; i++) {
                assertThrows(StorageException.class, () -> disk.everything("damaged"));
            }
        }
    }

    @Test
    void damage_to_what_has_not_settled_stops_the_start_and_drops_nothing() throws Exception {
        Path file = directory.resolve("events.db");
        Files.delete(file);
        try (var disk = new StoreOnDisk(directory)) {
            disk.accepted(Appends.of("damaged", Collections.nCopies(100, new byte[200])));
        }
        byte[] whole = Files.readAllBytes(file);
        damage(whole.length - DAMAGED_PAGES * PAGE_BYTES, DAMAGED_PAGES * PAGE_BYTES);
        var refusal = assertThrows(StorageException.class, this::open);
        assertTrue(String.valueOf(refusal.getMessage()).contains("malformed"), refusal.getMessage());
        Files.write(file, whole);
        try (var disk = open()) {
            assertEquals(100, disk.everything("damaged").size());
        }
    }

    @Test
    void the_others_are_read_as_before() {
        try (var disk = open()) {
            assertThrows(StorageException.class, () -> disk.everything("damaged"));
            for (int i = 0; i < 3; i++) {
                assertEquals(List.of("1"), texts(disk.everything("healthy")));
            }
        }
    }

    @Test
    void what_cannot_be_stored_is_not_acknowledged() {
        try (var disk = open()) {
            for (int i = 0; i < 3; i++) {
                assertThrows(StorageException.class, () -> disk.append("damaged", "lost"));
                disk.append("healthy", "2");
            }
            assertEquals(List.of("1", "2", "2", "2"), texts(disk.everything("healthy")));
        }
    }

    @Test
    void a_byte_that_changed_is_found_though_the_database_does_not_notice(@TempDir Path other) throws Exception {
        try (var disk = new StoreOnDisk(other)) {
            disk.append("s", "good");
            settle(disk);
            disk.sql("UPDATE chunk SET data = CAST(replace(CAST(data AS TEXT), 'good', 'evil') AS BLOB)");
            disk.reopen();
            var refusal = assertThrows(StorageException.class, () -> disk.everything("s"));
            assertTrue(String.valueOf(refusal.getMessage()).contains("checksum"), refusal.getMessage());
        }
    }

    // One connection for all reads, so that each meets what the one before left behind.
    private StoreOnDisk open() {
        return new StoreOnDisk(new StoreConfig(directory, 1, 100, 1_000_000, 1_000_000), BusLimits.defaults());
    }
}
