package io.perennial.eventstore;

import static io.perennial.eventstore.Appends.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Offsets never go back: not with the clock, not after a deletion, not over a restart.
class HighWaterTest {
    private static final Duration AN_HOUR = Duration.ofHours(1);
    private static final Duration A_DAY = Duration.ofDays(1);

    @TempDir
    private Path directory;

    @Test
    void a_restart_under_a_clock_that_stepped_back_files_nothing_before_what_is_there() {
        try (var disk = new StoreOnDisk(directory)) {
            var before = disk.append("s", "1");
            disk.clock().step(AN_HOUR.negated());
            disk.reopen();
            var after = disk.append("s", "2");
            assertFalse(after.first().isBefore(before.next()));
            assertEquals(
                    List.of("2"),
                    texts(disk.page("s", new ReadFrom.At(before.next())).events()));
        }
    }

    @Test
    void a_deletion_a_clock_that_steps_back_and_a_restart_lower_nothing() {
        try (var disk = new StoreOnDisk(directory)) {
            var before = disk.append("s", "1", "2", "3");
            disk.delete("s");
            disk.clock().step(AN_HOUR.negated());
            disk.reopen();
            var after = disk.append("s", "4");
            assertTrue(before.next().isBefore(after.first()));
            assertEquals(
                    List.of("4"),
                    texts(disk.page("s", new ReadFrom.At(before.next())).events()));
        }
    }

    @Test
    void the_ulid_of_a_creation_counts_too() {
        try (var disk = new StoreOnDisk(directory)) {
            Offset tail = disk.accepted(Appends.closing("empty")).next();
            disk.delete("empty");
            disk.clock().step(AN_HOUR.negated());
            disk.reopen();
            assertTrue(tail.isBefore(disk.append("s", "1").first()));
        }
    }

    @Test
    void a_clock_that_jumps_a_day_ahead_and_back_only_ever_adds_one() {
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("s", "1");
            disk.clock().step(A_DAY);
            var tomorrow = disk.append("s", "2");
            assertEquals(StoreOnDisk.BEGINNING.plus(A_DAY), tomorrow.first().time());
            disk.clock().step(A_DAY.negated());
            assertEquals(tomorrow.next(), disk.append("s", "3").first());
            disk.reopen();
            assertEquals(tomorrow.next().next(), disk.append("s", "4").first());
            disk.clock().step(A_DAY.plusMillis(1));
            assertEquals(
                    StoreOnDisk.BEGINNING.plus(A_DAY).plusMillis(1),
                    disk.append("s", "5").first().time());
            assertEquals(List.of("1", "2", "3", "4", "5"), texts(disk.everything("s")));
        }
    }

    @Test
    void whatever_happens_no_event_lands_below_a_cursor_that_was_handed_out() {
        for (long seed = 0; seed < 6; seed++) {
            try (var disk = new StoreOnDisk(directory.resolve("seed-" + seed))) {
                new History(disk, seed).run();
            }
        }
    }

    private static final class History {
        private final StoreOnDisk disk;
        private final Random random;
        private final String seed;
        private final List<Offset> cursors = new ArrayList<>();

        History(StoreOnDisk disk, long seed) {
            this.disk = disk;
            this.random = new Random(seed);
            this.seed = "seed " + seed;
        }

        void run() {
            for (int step = 0; step < 60; step++) {
                String stream = "s" + random.nextInt(3);
                switch (random.nextInt(8)) {
                    case 0 -> disk.delete(stream);
                    case 1 -> disk.reopen();
                    case 2 -> disk.clock().step(Duration.ofMinutes(random.nextInt(300) - 150));
                    case 3 -> disk.clock().step(Duration.ofMillis(random.nextInt(30) - 15));
                    case 4 -> read(stream);
                    default -> append(stream, step);
                }
            }
        }

        private void append(String stream, int step) {
            var appended = disk.append(stream, "a", "b");
            List<Event> events = disk.everything(stream);
            Offset created = disk.info(stream).created();
            for (Offset cursor : cursors) {
                assertFalse(appended.first().isBefore(cursor), () -> seed + ", step " + step + ": below " + cursor);
            }
            assertEquals(appended.first(), events.get(events.size() - 2).offset(), seed);
            cursors.add(created);
            cursors.add(appended.next());
        }

        private void read(String stream) {
            if (disk.read(stream, ReadFrom.START, 1) instanceof ReadOutcome.Read read) {
                cursors.add(read.page().next());
            }
        }
    }
}
