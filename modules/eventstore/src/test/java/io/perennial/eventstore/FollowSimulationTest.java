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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Writers, and followers that come at any time, begin anywhere, read in pages of any size and dawdle, on a bus whose
/// window is mostly too small for them; round after round. What a follower got is held against what the store holds in
/// the end.
///
/// `-Deventstore.seed=N` begins with the round of that seed. It replays every decision, though not the threads' timing.
class FollowSimulationTest {
    private static final int ROUNDS = 40;
    private static final int WRITERS = 3;
    private static final int BURSTS = 6;
    private static final int APPENDS_EACH = 7;
    private static final int FOLLOWERS = 10;
    private static final List<String> STREAMS = List.of("a", "b");

    @Test
    void whatever_the_threads_do_every_invariant_holds(@TempDir Path directory) throws Exception {
        long first = Long.getLong("eventstore.seed", System.nanoTime());
        int received = 0;
        for (long seed = first; seed < first + ROUNDS; seed++) {
            var round = new Round(directory.resolve("seed-" + seed), seed);
            received += round.run();
            round.disk.close();
        }
        assertTrue(received > 0, "it tried nothing, seed " + first);
    }

    private static final class Round {
        private final long seed;
        private final StoreOnDisk disk;
        private final AtomicInteger appended = new AtomicInteger();
        private final List<Offset> handedOut = new CopyOnWriteArrayList<>();

        Round(Path directory, long seed) {
            this.seed = seed;
            var random = new Random(seed);
            var limits = random.nextInt(4) == 0
                    ? BusLimits.defaults()
                    : new BusLimits(1 + random.nextInt(6), 200 + random.nextInt(3_000));
            this.disk = new StoreOnDisk(new StoreConfig(directory, 2, 1_000, 1_000_000, 1_000_000), limits);
            // So that some time in the round all events move to their lasting place.
            int others = StoreOnDisk.SETTLED_EVENTS - random.nextInt(250);
            disk.accepted(Appends.of("other", Collections.nCopies(others, new byte[1])));
        }

        int run() throws Exception {
            List<Follower> followers = new ArrayList<>();
            List<Future<Boolean>> following = new ArrayList<>();
            for (int i = 0; i < FOLLOWERS; i++) {
                var follower = new Follower(this, new Random(31 * seed + i));
                followers.add(follower);
                following.add(Eventually.start(follower::follow));
            }
            var random = new Random(seed);
            for (int burst = 0; burst < BURSTS; burst++) {
                List<Future<Boolean>> writers = new ArrayList<>();
                for (int i = 0; i < WRITERS; i++) {
                    var own = new Random(random.nextLong());
                    writers.add(Eventually.start(() -> write(own)));
                }
                for (Future<Boolean> writer : writers) {
                    Eventually.result(writer);
                }
                nobody_waits_for_what_is_there(followers);
            }
            for (String stream : STREAMS) {
                disk.accepted(random.nextBoolean() ? Appends.closing(stream) : Appends.closing(stream, "the end"));
            }
            for (Future<Boolean> follower : following) {
                Eventually.result(follower);
            }
            return followers.stream().mapToInt(Follower::checked).sum();
        }

        // No later commit comes to their rescue.
        private void nobody_waits_for_what_is_there(List<Follower> followers) throws Exception {
            for (String stream : STREAMS) {
                if (disk.read(stream, ReadFrom.TAIL, 1) instanceof ReadOutcome.Read read) {
                    Offset tail = read.stream().tail();
                    for (Follower follower : followers) {
                        Eventually.holds(
                                "at the tail: " + follower,
                                () -> !follower.begun
                                        || !follower.stream.equals(stream)
                                        || follower.reached.equals(tail));
                    }
                }
            }
        }

        private boolean write(Random random) {
            for (int i = 0; i < APPENDS_EACH; i++) {
                List<byte[]> events = new ArrayList<>();
                for (int event = random.nextInt(4); event >= 0; event--) {
                    byte[] data = new byte[random.nextInt(60)];
                    random.nextBytes(data);
                    events.add(data);
                }
                var outcome = disk.accepted(Appends.of(STREAMS.get(random.nextInt(STREAMS.size())), events));
                handedOut.add(random.nextBoolean() ? outcome.first() : outcome.next());
                appended.incrementAndGet();
                dawdle(random);
            }
            return true;
        }
    }

    private static void dawdle(Random random) {
        switch (random.nextInt(4)) {
            case 0 -> LockSupport.parkNanos(random.nextInt(2_000_000));
            case 1 -> LockSupport.parkNanos(1);
            default -> {}
        }
    }

    private static final class Follower {
        private final Round round;
        private final Random random;
        private final String stream;
        private final int pageBytes;
        private final List<Event> received = new ArrayList<>();
        private Offset from = Offset.LEAST;
        private volatile boolean begun;
        private volatile Offset reached = Offset.LEAST;
        private boolean closed;

        Follower(Round round, Random random) {
            this.round = round;
            this.random = random;
            this.stream = STREAMS.get(random.nextInt(STREAMS.size()));
            this.pageBytes = List.of(1, 20, 200, 5_000).get(random.nextInt(4));
        }

        boolean follow() throws Exception {
            int begin = random.nextInt(BURSTS * WRITERS * APPENDS_EACH);
            Eventually.holds("its time has come", () -> round.appended.get() >= begin);
            ReadFrom cursor = somewhere();
            begun = true;
            try (Follow follow = round.disk.follow(stream, cursor, pageBytes)) {
                long deadline = System.nanoTime() + Eventually.LONG.toNanos();
                boolean first = true;
                while (!closed) {
                    assertTrue(System.nanoTime() - deadline < 0, () -> "no end for " + this);
                    switch (follow.next(Duration.ofNanos(random.nextInt(3_000_000)))) {
                        case Step.Next next -> {
                            Page page = next.page();
                            if (first && cursor instanceof ReadFrom.Tail) {
                                now_gives_nothing_of_before(page);
                                from = page.next();
                            }
                            take(page);
                            more_is_there_where_the_page_says_so(follow, page);
                            first = false;
                        }
                        case Step.Absent _ -> {
                            // Whatever comes is new.
                            from = Offset.LEAST;
                            first = false;
                        }
                        case Step.Idle _ -> {}
                        case Step.SoftDeleted _, Step.Trimmed _, Step.Ended _ -> throw new AssertionError(this);
                    }
                    dawdle(random);
                }
            }
            return true;
        }

        private ReadFrom somewhere() {
            int known = round.handedOut.size();
            return switch (random.nextInt(5)) {
                case 0 -> ReadFrom.START;
                case 1 -> ReadFrom.TAIL;
                case 2 -> new ReadFrom.At(Offset.LEAST);
                default -> {
                    from = known == 0 ? Offset.LEAST : round.handedOut.get(random.nextInt(known));
                    yield new ReadFrom.At(from);
                }
            };
        }

        private void take(Page page) {
            pages_follow_each_other(page);
            received.addAll(page.events());
            reached = page.next();
            closed = page.ending() == Ending.CLOSED;
        }

        private void now_gives_nothing_of_before(Page page) {
            assertEquals(List.of(), page.events(), this::toString);
        }

        private void pages_follow_each_other(Page page) {
            for (Event event : page.events()) {
                assertFalse(event.offset().isBefore(reached), () -> event.offset() + " lies before the page, " + this);
                assertTrue(event.offset().isBefore(page.next()), () -> event.offset() + " lies behind it, " + this);
            }
            // A follower may begin beyond the tail; from its first page on it never goes back.
            assertFalse(page.next().isBefore(reached), () -> page.next() + " goes back, " + this);
        }

        private void more_is_there_where_the_page_says_so(Follow follow, Page page) throws InterruptedException {
            if (page.ending() == Ending.MORE) {
                if (follow.next(Duration.ZERO) instanceof Step.Next next) {
                    Page more = next.page();
                    assertFalse(more.events().isEmpty(), this::toString);
                    take(more);
                    more_is_there_where_the_page_says_so(follow, more);
                } else {
                    throw new AssertionError("no more behind " + page.next() + ", " + this);
                }
            }
        }

        int checked() {
            nothing_is_lost_and_nothing_is_repeated();
            return received.size();
        }

        private void nothing_is_lost_and_nothing_is_repeated() {
            List<Event> expected = round.disk.from(stream, new ReadFrom.At(from), 1 << 20);
            assertEquals(Appends.offsets(expected), Appends.offsets(received), this::toString);
            assertEquals(Appends.texts(expected), Appends.texts(received), this::toString);
        }

        @Override
        public String toString() {
            return "follower of " + stream + " from " + from + " in pages of " + pageBytes + ", seed " + round.seed;
        }
    }
}
