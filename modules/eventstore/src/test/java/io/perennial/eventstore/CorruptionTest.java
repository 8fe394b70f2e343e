package io.perennial.eventstore;

import static io.perennial.eventstore.Appends.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.perennial.bus.BusLimits;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database of two streams, of which one lies on pages that were overwritten.
class CorruptionTest {
    private static final int PAGE_BYTES = 4_096;
    private static final int DAMAGED_PAGES = 3;

    @TempDir
    private Path directory;

    @BeforeEach
    void damage() throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("healthy", "1");
            for (int i = 0; i < 20; i++) {
                disk.accepted(Appends.of("damaged", Collections.nCopies(20, new byte[200])));
            }
        }
        try (var file = new RandomAccessFile(directory.resolve("events.db").toFile(), "rw")) {
            byte[] ones = new byte[DAMAGED_PAGES * PAGE_BYTES];
            Arrays.fill(ones, (byte) 0xff);
            file.seek(file.length() - ones.length);
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
            int acknowledged = 1;
            for (int i = 0; i < 3; i++) {
                assertThrows(StorageException.class, () -> disk.append("damaged", "lost"));
                acknowledged += isAcknowledged(disk, Appends.of("healthy", "2")) ? 1 : 0;
            }
            assertEquals(acknowledged, disk.everything("healthy").size());
        }
    }

    // A corrupt page may end all writing, too.
    private static boolean isAcknowledged(StoreOnDisk disk, Append append) {
        try {
            disk.append(append);
            return true;
        } catch (StorageException _) {
            return false;
        }
    }

    // One connection for all reads, so that each meets what the one before left behind.
    private StoreOnDisk open() {
        return new StoreOnDisk(new StoreConfig(directory, 1, 100, 1_000_000), BusLimits.defaults());
    }
}
