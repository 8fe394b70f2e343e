package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// How long an event takes to its followers, when events come at a pace.
///
/// An event's time is when it was due and its connection could have sent it: a server that hasn't acknowledged the one
/// before by then doesn't get the wait for nothing.
///
/// The first third of the events warms up and isn't timed.
///
/// @param perSecond events, over all streams together, one after the other over one connection
record DeliveryLatency(int followers, int streams, int perSecond) implements Load {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int WARM_UP_PARTS = 3;
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public String name() {
        return String.format(
                Locale.ROOT,
                "SSE, %,d followers on %s, %d events/s, p99",
                followers,
                streams == 1 ? "1 stream" : String.format(Locale.ROOT, "%,d streams", streams),
                perSecond);
    }

    @Override
    public String group() {
        return Followers.GROUP;
    }

    @Override
    public Unit unit() {
        return Unit.MILLIS;
    }

    @Override
    public boolean takes(Contender contender) {
        return contender.kind() != Contender.Kind.FLOOR;
    }

    @Override
    public Sample run(Running running, Duration time) throws IOException, InterruptedException {
        Duration window = time.compareTo(LONGEST) < 0 ? time : LONGEST;
        int events = Math.max(1, (int) (window.toMillis() * perSecond / 1000));
        try (Crowd crowd = new Crowd(running, streams, Math.ceilDiv(events, streams))) {
            crowd.grow(followers);
            return new Round(crowd, running, events).sample();
        }
    }

    private final class Round {
        private final Crowd crowd;
        private final Running running;
        private final Appender appender;
        private final List<ByteBuffer> requests;
        private final long[] dueNanos;
        private int due;
        private int appended;

        private Round(Crowd crowd, Running running, int events) throws IOException {
            this.crowd = crowd;
            this.running = running;
            this.appender = new Appender(crowd.loop(), running.address());
            this.requests = crowd.requests();
            this.dueNanos = new long[events];
        }

        private Sample sample() throws IOException {
            Cpu then = Cpu.now(running);
            drive();
            double generator = Cpu.now(running).generatorShare(then);
            crowd.tally().requireSound(true);
            crowd.requireNothingLost(sequence -> sequence);
            String remark = late();
            double p99 = crowd.tally().latency().getValueAtPercentile(99) / NANOS_PER_MILLI;
            return new Sample(p99, crowd.tally().latency(), generator, remark);
        }

        private void drive() throws IOException {
            long interval = Duration.ofSeconds(1).toNanos() / perSecond;
            long start = StampedEvent.now();
            long end = start + interval * dueNanos.length + GRACE.toNanos();
            crowd.tally().timeFrom(start + interval * dueNanos.length / WARM_UP_PARTS);
            while (crowd.tally().delivered() < expected()) {
                long now = StampedEvent.now();
                while (due < dueNanos.length && now >= start + due * interval) {
                    dueNanos[due++] = now;
                }
                if (appended < due && appender.isFree()) {
                    appender.append(requests.get(appended % streams), appended / streams, dueNanos[appended]);
                    appended++;
                }
                if (now > end) {
                    return;
                }
                long next = due < dueNanos.length ? start + due * interval : end;
                crowd.loop().turn(Duration.ofNanos(next - now));
            }
        }

        private long expected() {
            return (long) dueNanos.length * (followers / streams);
        }

        private String late() {
            long now = StampedEvent.now();
            long count = 0;
            for (Follower follower : crowd.followers()) {
                for (int event = follower.stream(); event < dueNanos.length; event += streams) {
                    if (!follower.hasSeen(event / streams)) {
                        crowd.tally().miss(dueNanos[event], now);
                        count++;
                    }
                }
            }
            return count == 0
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            "%,d of %,d deliveries hadn't come %d s after the last event was due, and count as that late",
                            count,
                            expected(),
                            GRACE.toSeconds());
        }
    }
}
