package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Follow.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One writer that creates, fills and deletes one stream again and again, and followers that dawdle. The writer knows
/// each life of the stream, and what a follower saw is held against that.
///
/// `-Deventstore.seed=N` begins with the round of that seed.
class RebirthSimulationTest {
    private static final int ROUNDS = 20;
    private static final int STEPS = 60;
    private static final int FOLLOWERS = 8;

    @Test
    void whatever_becomes_of_a_stream_every_invariant_holds(@TempDir Path directory) throws Exception {
        long first = Long.getLong("eventstore.seed", System.nanoTime());
        for (long seed = first; seed < first + ROUNDS; seed++) {
            var random = new Random(seed);
            var limits = random.nextInt(3) == 0 ? BusLimits.defaults() : new BusLimits(1 + random.nextInt(4), 2_000);
            var config = new StoreConfig(directory.resolve("seed-" + seed), 2, 1_000, 1_000_000, 1_000_000);
            try (var disk = new StoreOnDisk(config, limits)) {
                // So that some time in the round all events move to their lasting place.
                int others = StoreOnDisk.SETTLED_EVENTS - random.nextInt(STEPS);
                disk.accepted(Appends.of("other", Collections.nCopies(others, new byte[1])));
                round(disk, random, seed);
            }
        }
    }

    private static void round(StoreOnDisk disk, Random random, long seed) throws Exception {
        List<Future<List<Seen>>> followers = new ArrayList<>();
        for (int i = 0; i < FOLLOWERS; i++) {
            var own = new Random(31 * seed + i);
            followers.add(Eventually.start(() -> follow(disk, own)));
        }
        List<List<Offset>> lives = live(disk, random);
        for (Future<List<Seen>> follower : followers) {
            List<Seen> seen = Eventually.result(follower);
            String where = "seed " + seed + ", seen " + seen;
            no_event_comes_twice_and_none_comes_late(seen, where);
            of_each_life_a_beginning_is_seen_without_a_gap(seen, lives, where);
            of_the_last_life_everything_is_seen(seen, lives, where);
            absence_is_said_once(seen, where);
            another_life_is_announced_by_an_absence(seen, lives, where);
        }
    }

    // Returns the offsets of each life of the stream. The last one ends with a close.
    private static List<List<Offset>> live(StoreOnDisk disk, Random random) {
        List<List<Offset>> lives = new ArrayList<>(List.of(new ArrayList<>()));
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(6) == 0) {
                if (disk.delete("s") == DeleteOutcome.DELETED) {
                    lives.add(new ArrayList<>());
                }
            } else {
                lives.getLast().add(disk.append("s", "x").first());
            }
            dawdle(random);
        }
        lives.getLast().add(disk.accepted(Appends.closing("s", "the end")).first());
        return lives;
    }

    private sealed interface Seen {
        record Given(Offset offset) implements Seen {}

        record Absence() implements Seen {}
    }

    private static List<Seen> follow(StoreOnDisk disk, Random random) throws InterruptedException {
        List<Seen> seen = new ArrayList<>();
        dawdle(random);
        long deadline = System.nanoTime() + Eventually.LONG.toNanos();
        try (Follow follow = disk.follow("s", ReadFrom.START, 1 + random.nextInt(4))) {
            while (System.nanoTime() - deadline < 0) {
                switch (follow.next(Duration.ofNanos(random.nextInt(3_000_000)))) {
                    case Step.Next next -> {
                        Page page = next.page();
                        page.events().forEach(event -> seen.add(new Seen.Given(event.offset())));
                        if (page.ending() == Ending.CLOSED) {
                            return seen;
                        }
                    }
                    case Step.Absent _ -> seen.add(new Seen.Absence());
                    case Step.Idle _ -> {}
                    case Step.SoftDeleted _, Step.Trimmed _, Step.Ended _ -> throw new AssertionError(seen);
                }
                dawdle(random);
            }
        }
        throw new AssertionError("no end, after " + seen);
    }

    private static void dawdle(Random random) {
        if (random.nextInt(3) == 0) {
            LockSupport.parkNanos(random.nextInt(5_000_000));
        }
    }

    private static List<Offset> offsets(List<Seen> seen) {
        List<Offset> offsets = new ArrayList<>();
        for (Seen each : seen) {
            if (each instanceof Seen.Given(Offset offset)) {
                offsets.add(offset);
            }
        }
        return offsets;
    }

    private static void no_event_comes_twice_and_none_comes_late(List<Seen> seen, String where) {
        List<Offset> offsets = offsets(seen);
        for (int i = 1; i < offsets.size(); i++) {
            assertTrue(offsets.get(i - 1).isBefore(offsets.get(i)), offsets.get(i) + " comes again, " + where);
        }
    }

    private static void of_each_life_a_beginning_is_seen_without_a_gap(
            List<Seen> seen, List<List<Offset>> lives, String where) {
        List<Offset> offsets = offsets(seen);
        for (List<Offset> life : lives) {
            List<Offset> seenOfIt = offsets.stream().filter(life::contains).toList();
            assertEquals(life.subList(0, seenOfIt.size()), seenOfIt, where);
        }
    }

    private static void of_the_last_life_everything_is_seen(List<Seen> seen, List<List<Offset>> lives, String where) {
        assertTrue(offsets(seen).containsAll(lives.getLast()), where);
    }

    private static void absence_is_said_once(List<Seen> seen, String where) {
        for (int i = 1; i < seen.size(); i++) {
            assertFalse(seen.get(i) instanceof Seen.Absence && seen.get(i - 1) instanceof Seen.Absence, where);
        }
    }

    private static void another_life_is_announced_by_an_absence(
            List<Seen> seen, List<List<Offset>> lives, String where) {
        for (int i = 1; i < seen.size(); i++) {
            if (seen.get(i - 1) instanceof Seen.Given(Offset before) && seen.get(i) instanceof Seen.Given(Offset now)) {
                assertTrue(lives.stream().anyMatch(life -> life.contains(before) && life.contains(now)), where);
            }
        }
    }
}
