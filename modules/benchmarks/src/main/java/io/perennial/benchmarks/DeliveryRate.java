package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How many deliveries a second there are when events are appended to one stream as fast as the server takes them, from
/// the first append to the last delivery.
record DeliveryRate(int followers, int events) implements Load {
    private static final int CONNECTIONS = 16;
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final Duration SHORTEST = Duration.ofSeconds(5);
    private static final Duration TURN = Duration.ofMillis(100);
    private static final double NANOS_PER_SECOND = 1e9;

    @Override
    public String name() {
        return String.format(
                Locale.ROOT, "SSE, %,d followers, %,d events at full speed, deliveries", followers, events);
    }

    @Override
    public String group() {
        return Followers.GROUP;
    }

    @Override
    public Unit unit() {
        return Unit.PER_SECOND;
    }

    @Override
    public boolean takes(Contender contender) {
        return contender.kind() != Contender.Kind.FLOOR;
    }

    @Override
    public Sample run(Running running, Duration time) throws IOException, InterruptedException {
        try (Crowd crowd = new Crowd(running, 1, events)) {
            crowd.grow(followers);
            return new Round(crowd, running).sample(limit(time));
        }
    }

    /// The number of events is fixed, so that a server that isn't done when the time is up has some more.
    private static Duration limit(Duration time) {
        Duration atLeast = time.compareTo(SHORTEST) < 0 ? SHORTEST : time;
        return atLeast.compareTo(LONGEST) < 0 ? atLeast : LONGEST;
    }

    private final class Round {
        private final Crowd crowd;
        private final Running running;
        private final ByteBuffer request;
        private final List<Appender> appenders = new ArrayList<>();
        private final int[] appending = new int[CONNECTIONS];
        private final int[] before = new int[events];
        private int appended;

        private Round(Crowd crowd, Running running) throws IOException {
            this.crowd = crowd;
            this.running = running;
            this.request = crowd.requests().getFirst();
            for (int one = 0; one < CONNECTIONS; one++) {
                appenders.add(new Appender(crowd.loop(), running.address()));
            }
        }

        private Sample sample(Duration limit) throws IOException {
            Cpu then = Cpu.now(running);
            long start = StampedEvent.now();
            long expected = (long) events * followers;
            Tally tally = crowd.tally();
            while (tally.delivered() < expected && StampedEvent.now() - start < limit.toNanos()) {
                append();
                crowd.loop().turn(TURN);
            }
            boolean isDone = tally.delivered() == expected;
            long nanos = isDone ? tally.lastNanos() - start : limit.toNanos();
            double generator = Cpu.now(running).generatorShare(then);
            tally.requireSound(false);
            crowd.requireNothingLost(sequence -> before[sequence]);
            return new Sample(
                    tally.delivered() * NANOS_PER_SECOND / nanos,
                    tally.latency(),
                    generator,
                    isDone ? "" : rest(tally.delivered(), expected, limit));
        }

        private void append() throws IOException {
            for (int one = 0; one < CONNECTIONS && appended < events; one++) {
                if (appenders.get(one).isFree()) {
                    appending[one] = appended;
                    before[appended] = acknowledged();
                    appenders.get(one).append(request, appended, StampedEvent.now());
                    appended++;
                }
            }
        }

        /// All events below this are: every connection is free, or busy with this or one after it.
        private int acknowledged() {
            int least = appended;
            for (int one = 0; one < CONNECTIONS; one++) {
                least = appenders.get(one).isFree() ? least : Math.min(least, appending[one]);
            }
            return least;
        }

        private String rest(long delivered, long expected, Duration limit) {
            return String.format(
                    Locale.ROOT,
                    "stopped after %d s with %,d of %,d events appended and %,d of %,d deliveries made",
                    limit.toSeconds(),
                    appended,
                    events,
                    delivered,
                    expected);
        }
    }
}
