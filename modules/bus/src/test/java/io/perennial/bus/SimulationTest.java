package io.perennial.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Publishers and moody followers on a small bus, round after round. Each publisher numbers its notes by topic, and
/// announces a number before it publishes it; so a follower knows what it must not miss.
///
/// `-Dbus.seed=N` begins with the round of that seed. It replays every decision, though not the threads' timing.
class SimulationTest {
    private static final int ROUNDS = 60;
    private static final int PUBLISHERS = 3;
    private static final int TOPICS = 4;
    private static final int NOTES_EACH = 600;
    private static final int FOLLOWERS = 8;

    @Test
    @Timeout(60)
    void whatever_the_threads_do_every_invariant_holds() throws Exception {
        long first = Long.getLong("bus.seed", System.nanoTime());
        var total = new Tally(0, 0);
        for (long seed = first; seed < first + ROUNDS; seed++) {
            total = total.plus(new Round(seed).run());
        }
        assertTrue(total.delivered() > 0 && total.lags() > 0, "it tried nothing: " + total + ", seed " + first);
    }

    // Nothing here relies on the scheduler: it is only to have something to schedule.
    @SuppressWarnings("ThreadPriorityCheck")
    private static void letOthersRun(int times) {
        for (int i = 0; i < times; i++) {
            Thread.yield();
        }
    }

    private record Note(int publisher, int topic, long number, int bytes) {
        int series() {
            return series(publisher, topic);
        }

        static int series(int publisher, int topic) {
            return publisher * TOPICS + topic;
        }
    }

    private record Tally(long delivered, long lags) {
        Tally plus(Tally other) {
            return new Tally(delivered + other.delivered, lags + other.lags);
        }
    }

    private static final class Round {
        private final long seed;
        private final SplittableRandom random;
        private final boolean ample;
        private final BusLimits limits;
        private final Bus<Note> bus;
        private final AtomicLongArray announced = new AtomicLongArray(PUBLISHERS * TOPICS);

        Round(long seed) {
            this.seed = seed;
            // Not a Random: those of neighbouring seeds begin alike.
            this.random = new SplittableRandom(seed);
            this.ample = random.nextInt(4) == 0;
            this.limits = ample ? BusLimits.defaults() : new BusLimits(1 + random.nextInt(40), 1 + random.nextInt(300));
            this.bus = new Bus<>(limits, Note::bytes);
        }

        Tally run() throws Exception {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                    bus) {
                List<Future<Tally>> followers = new ArrayList<>();
                for (int i = 0; i < FOLLOWERS; i++) {
                    followers.add(threads.submit(new Follower(this, random.split())::follow));
                }
                List<Future<Boolean>> publishers = new ArrayList<>();
                for (int i = 0; i < PUBLISHERS; i++) {
                    publishers.add(threads.submit(publisher(i, random.split())));
                }
                for (Future<Boolean> publisher : publishers) {
                    publisher.get();
                }
                bus.close();
                var tally = new Tally(0, 0);
                for (Future<Tally> follower : followers) {
                    tally = tally.plus(follower.get());
                }
                nothing_is_retained_once_nobody_follows();
                return tally;
            }
        }

        private Callable<Boolean> publisher(int publisher, SplittableRandom random) {
            return () -> {
                for (int i = 0; i < NOTES_EACH; i++) {
                    int topic = random.nextInt(TOPICS);
                    long number = announced.incrementAndGet(Note.series(publisher, topic));
                    bus.publish("topic-" + topic, new Note(publisher, topic, number, random.nextInt(20)));
                    the_window_stays_within_its_limits();
                    letOthersRun(random.nextInt(2));
                }
                return true;
            };
        }

        private void the_window_stays_within_its_limits() {
            var now = bus.retention();
            assertTrue(
                    now.messages() <= limits.windowMessages() && now.bytes() <= limits.windowBytes(),
                    () -> now + " exceeds " + limits + ", seed " + seed);
        }

        private void nothing_is_retained_once_nobody_follows() {
            assertEquals(new Bus.Retention(0, 0), bus.retention(), () -> "seed " + seed);
            assertEquals(0, bus.topics(), () -> "seed " + seed);
            assertEquals(0, bus.subscriptions(), () -> "seed " + seed);
        }
    }

    /// Follows one topic or everything, pauses, leaves and comes back, until the bus is closed.
    private static final class Follower {
        private final Round round;
        private final SplittableRandom random;
        private final long[] delivered = new long[PUBLISHERS * TOPICS];

        /// By series, what had been announced when it last began anew: up to there it may have missed anything.
        private final long[] excused = new long[PUBLISHERS * TOPICS];

        private int topic;
        private Subscription<Note> subscription;
        private Tally tally = new Tally(0, 0);

        Follower(Round round, SplittableRandom random) {
            this.round = round;
            this.random = random;
            this.subscription = subscribe();
        }

        Tally follow() throws InterruptedException {
            while (true) {
                switch (random.nextInt(20)) {
                    case 0 -> {
                        subscription.close();
                        subscription = subscribe();
                    }
                    case 1, 2, 3 -> letOthersRun(random.nextInt(40));
                    default -> {
                        if (!goOn(subscription.await(Duration.ofNanos(random.nextInt(1_000_000))))) {
                            subscription.close();
                            return tally;
                        }
                    }
                }
            }
        }

        private boolean goOn(Delivery<Note> delivery) {
            switch (delivery) {
                case Delivery.Messages(var notes) -> {
                    notes.forEach(this::take);
                    tally = tally.plus(new Tally(notes.size(), 0));
                }
                case Delivery.Lagged() -> {
                    nobody_lags_behind_an_ample_window();
                    beginAnew();
                    tally = tally.plus(new Tally(0, 1));
                }
                case Delivery.Idle() -> {}
                case Delivery.Closed() -> {
                    nothing_is_missing_at_the_end();
                    return false;
                }
            }
            return true;
        }

        private void take(Note note) {
            int series = note.series();
            assertTrue(follows(note.topic()), () -> "a note of another topic: " + at(note));
            no_repeat_and_publishing_order(note);
            no_gap_without_a_lag(note);
            delivered[series] = note.number();
        }

        private void no_repeat_and_publishing_order(Note note) {
            long before = delivered[note.series()];
            assertTrue(note.number() > before, () -> before + " came before " + at(note));
        }

        private void no_gap_without_a_lag(Note note) {
            // Excused means announced, and possibly still on its way: the first may lie before it, and never beyond
            // its successor. After the first there is no excuse.
            long before = delivered[note.series()];
            long excuse = excused[note.series()];
            excused[note.series()] = 0;
            long greatest = Math.max(before, excuse) + 1;
            assertTrue(note.number() <= greatest, () -> "at most " + greatest + " is due, and not " + at(note));
        }

        private void nobody_lags_behind_an_ample_window() {
            assertTrue(!round.ample, () -> "lagged behind an ample window, seed " + round.seed);
        }

        private void nothing_is_missing_at_the_end() {
            for (int series = 0; series < delivered.length; series++) {
                long last = round.announced.get(series);
                long reached = Math.max(delivered[series], excused[series]);
                String message = "the last of series " + series + ", seed " + round.seed;
                if (follows(series % TOPICS)) {
                    assertEquals(last, reached, message);
                }
            }
        }

        private Subscription<Note> subscribe() {
            topic = random.nextInt(TOPICS + 1);
            var fresh = topic == TOPICS ? round.bus.subscribeAll() : round.bus.subscribe("topic-" + topic);
            beginAnew();
            return fresh;
        }

        private void beginAnew() {
            for (int series = 0; series < excused.length; series++) {
                excused[series] = round.announced.get(series);
            }
        }

        private boolean follows(int other) {
            return topic == TOPICS || topic == other;
        }

        private String at(Note note) {
            return note + ", seed " + round.seed;
        }
    }
}
