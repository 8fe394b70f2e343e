package io.perennial.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/// How long after an append those who long-poll have their answer. Then they ask again, from there on.
record WakeUp(int waiters) implements Load {
    private static final int OK = 200;
    private static final int WARM_UP_PARTS = 3;
    private static final Duration TURN = Duration.ofMillis(100);
    private static final long ANSWER_NANOS = Duration.ofSeconds(10).toNanos();
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public String name() {
        return "long-poll, " + waiters + (waiters == 1 ? " waiter" : " waiters") + ", p50";
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
        String stream = Streams.names("wake", 1).getFirst();
        try (Streams prepared = new Streams(running);
                Loop loop = new Loop()) {
            prepared.create(List.of(stream));
            return new Rounds(loop, running, stream).sample(time);
        }
    }

    /// Nothing says when a server has begun to wait, so this has to be long enough for all.
    private Duration settling() {
        return Duration.ofMillis(10).plusNanos(waiters * 300_000L);
    }

    private final class Rounds {
        private final Running running;
        private final Loop loop;
        private final String stream;
        private final ByteBuffer append;
        private final Appender appender;
        private final List<Waiter> all = new ArrayList<>();
        private final Histogram latency = Sample.histogram();

        private Rounds(Loop loop, Running running, String stream) throws IOException {
            this.running = running;
            this.loop = loop;
            this.stream = stream;
            this.append = Wire.append(running, stream, StampedEvent.blank());
            this.appender = new Appender(loop, running.address());
            for (int one = 0; one < waiters; one++) {
                all.add(new Waiter(loop, running));
            }
        }

        private Sample sample(Duration time) throws IOException {
            append();
            Cpu then = Cpu.now(running);
            long start = StampedEvent.now();
            for (long now = start; now - start < time.toNanos(); now = StampedEvent.now()) {
                round(now - start >= time.toNanos() / WARM_UP_PARTS);
            }
            double p50 = latency.getValueAtPercentile(50) / NANOS_PER_MILLI;
            return new Sample(p50, latency, Cpu.now(running).generatorShare(then), "");
        }

        private void round(boolean timed) throws IOException {
            ByteBuffer request = Wire.get(running, stream + "?offset=" + appender.nextOffset() + "&live=long-poll");
            for (Waiter waiter : all) {
                waiter.ask(request.rewind());
            }
            settle();
            long sent = append();
            for (Waiter waiter : all) {
                waiter.requireNews(appender.nextOffset());
                if (timed) {
                    latency.recordValue(waiter.answeredNanos - sent);
                }
            }
        }

        private void settle() throws IOException {
            long end = System.nanoTime() + settling().toNanos();
            for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                loop.turn(Duration.ofNanos(end - now));
            }
            if (all.stream().anyMatch(waiter -> !waiter.waits)) {
                throw new ProtocolException("a long-poll was answered before there was anything new");
            }
        }

        /// Until it is acknowledged, and everybody who waits has an answer.
        private long append() throws IOException {
            long sent = StampedEvent.now();
            appender.append(append, 0, sent);
            while (!appender.isFree() || all.stream().anyMatch(waiter -> waiter.waits)) {
                loop.turn(TURN);
                if (StampedEvent.now() - sent > ANSWER_NANOS) {
                    throw new ProtocolException("a long-poll or its append wasn't answered");
                }
            }
            return sent;
        }
    }

    private static final class Waiter implements Loop.Talk {
        private final SocketChannel channel;
        private final Reply reply = new Reply();
        private boolean waits;
        private long answeredNanos;

        private Waiter(Loop loop, Running running) throws IOException {
            this.channel = loop.connect(running.address(), this);
        }

        private void ask(ByteBuffer request) throws IOException {
            reply.expect();
            waits = true;
            channel.write(request);
        }

        @Override
        public void hear(ByteBuffer bytes, long atNanos) throws IOException {
            if (reply.read(bytes)) {
                waits = false;
                answeredNanos = atNanos;
            }
        }

        /// The one event that was appended, and nothing else.
        private void requireNews(String nextOffset) throws IOException {
            if (reply.status() != OK
                    || reply.bodyBytes() != Events.pageBytes(1)
                    || !Appender.nextOffset(reply).equals(nextOffset)) {
                throw new ProtocolException("a long-poll was answered " + reply.status() + " with " + reply.bodyBytes()
                        + " bytes up to " + Appender.nextOffset(reply) + " instead of " + nextOffset);
            }
        }

        @Override
        public void end() throws IOException {
            throw new EOFException("the server closed the connection of a long-poll");
        }
    }
}
