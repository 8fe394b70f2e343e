package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A copy is the store as it was at one moment, whatever is written meanwhile, and a store like any other.
class BackupTest {
    @TempDir
    private Path directory;

    @TempDir
    private Path other;

    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicBoolean done = new AtomicBoolean();

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private void copy(StoreOnDisk disk) throws IOException {
        try (OutputStream to = Files.newOutputStream(other.resolve("events.db"))) {
            disk.store().backup(to);
        }
    }

    @Test
    void a_copy_beside_a_writer_has_all_that_was_acknowledged_before_and_nothing_out_of_turn() throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            Future<Integer> writer = Eventually.startBusy(() -> {
                int number = 0;
                while (!done.get()) {
                    disk.append("s", Integer.toString(number++));
                    acknowledged.set(number);
                }
                return number;
            });
            Eventually.holds("some are written", () -> acknowledged.get() > 2_000);
            int before = acknowledged.get();
            copy(disk);
            int after = acknowledged.get();
            Eventually.holds("writing goes on", () -> acknowledged.get() > after);
            done.set(true);
            int all = Eventually.result(writer);
            assertTrue(after > before, "nobody wrote beside the copy");

            Verification verification = DataDirectory.verify(other);
            assertEquals(List.of(), verification.problems());
            assertTrue(verification.events() >= before, verification.events() + " of " + before);
            try (var restored = new StoreOnDisk(other)) {
                List<Event> events = restored.everything("s");
                assertEquals(numbers((int) verification.events()), Appends.texts(events));
                assertTrue(events.getLast()
                        .offset()
                        .isBefore(restored.append("s", "on").first()));
                assertEquals(
                        Appends.offsets(events),
                        Appends.offsets(disk.everything("s").subList(0, events.size())));
            }
            assertEquals(numbers(all), Appends.texts(disk.everything("s")));
        }
    }

    @Test
    void a_closed_store_is_copied_too_and_the_copy_is_no_longer_than_it_has_to_be() throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            disk.accepted(Appends.of("s", Collections.nCopies(100, new byte[100_000])));
            disk.append("t", "kept");
            disk.delete("s");
            Eventually.holds("gone", () -> disk.number("SELECT count(*) FROM reclaim") == 0);
        }
        try (OutputStream to = Files.newOutputStream(other.resolve("events.db"))) {
            DataDirectory.backup(directory, to);
        }
        assertTrue(Files.size(other.resolve("events.db")) < 1_000_000);
        try (var restored = new StoreOnDisk(other)) {
            assertEquals(List.of("kept"), Appends.texts(restored.everything("t")));
            assertEquals(2, restored.number("PRAGMA auto_vacuum"));
        }
    }

    @Test
    void a_copy_that_nobody_can_take_leaves_nothing_behind() throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("s", "1");
            var full = new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException("no room");
                }
            };
            assertThrows(StorageException.class, () -> disk.store().backup(full));
            assertEquals(List.of("1"), Appends.texts(disk.everything("s")));
            assertFalse(hasCopies());
        }
    }

    @Test
    void what_a_killed_process_left_of_a_copy_is_removed_at_the_next_start() throws Exception {
        new StoreOnDisk(directory).close();
        Files.writeString(directory.resolve("backup-123.tmp"), "half");
        new StoreOnDisk(directory).close();
        assertFalse(hasCopies());
    }

    private boolean hasCopies() throws IOException {
        try (var files = Files.list(directory)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("backup-"));
        }
    }
}
