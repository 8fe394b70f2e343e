package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How many deliveries a second there are when events are appended to one stream as fast as the server takes them, from
/// the first append to the last delivery. Some more go before, as a warm-up.
record DeliveryRate(int followers, int events) implements Load {
    private static final int CONNECTIONS = 16;
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final Duration SHORTEST = Duration.ofSeconds(5);
    private static final int WARM_UP_EVENTS = 1000;
    private static final int WARM_UP_PARTS = 4;
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
        try (Crowd crowd = new Crowd(running, 1, WARM_UP_EVENTS + events)) {
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
        private final int[] acknowledged = new int[WARM_UP_EVENTS + events];
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
            Tally tally = crowd.tally();
            rush(WARM_UP_EVENTS, StampedEvent.now() + limit.toNanos() / WARM_UP_PARTS);
            Cpu then = Cpu.now(running);
            long start = StampedEvent.now();
            tally.timeFrom(start);
            int first = appended;
            long before = tally.delivered();
            long nanos = rush(first + events, start + limit.toNanos()) - start;
            double generator = Cpu.now(running).generatorShare(then);
            tally.requireSound(false);
            crowd.requireNothingLost(sequence -> acknowledged[sequence]);
            long delivered = tally.delivered() - before;
            long expected = (long) (first + events) * followers - before;
            return new Sample(
                    delivered * NANOS_PER_SECOND / nanos,
                    tally.latency(),
                    generator,
                    delivered == expected ? "" : rest(appended - first, delivered, expected, limit));
        }

        /// Appends up to so many, and waits for their delivery.
        ///
        /// @return when the last delivery was, or the deadline where it came first
        private long rush(int end, long deadline) throws IOException {
            while (crowd.tally().delivered() < (long) end * followers) {
                append(end);
                crowd.loop().turn(TURN);
                if (StampedEvent.now() > deadline) {
                    return deadline;
                }
            }
            return crowd.tally().lastNanos();
        }

        private void append(int end) throws IOException {
            for (int one = 0; one < CONNECTIONS && appended < end; one++) {
                if (appenders.get(one).isFree()) {
                    appending[one] = appended;
                    acknowledged[appended] = leastInFlight();
                    appenders.get(one).append(request, appended, StampedEvent.now());
                    appended++;
                }
            }
        }

        /// All events below this are: every connection is free, or busy with this or one after it.
        private int leastInFlight() {
            int least = appended;
            for (int one = 0; one < CONNECTIONS; one++) {
                least = appenders.get(one).isFree() ? least : Math.min(least, appending[one]);
            }
            return least;
        }

        private String rest(int appended, long delivered, long expected, Duration limit) {
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
