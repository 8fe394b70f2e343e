package io.perennial.benchmarks;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// Followers over SSE, spread evenly over new streams, all on one thread.
final class Crowd implements AutoCloseable {
    /// As many connect before the first of them has to be answered: the server's backlog is bounded.
    private static final int WAVE = 64;

    private static final Duration TURN = Duration.ofMillis(100);
    private static final long ANSWER_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long GOODBYE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long SPARE_FILES = 256;

    private final Running running;
    private final Loop loop = new Loop();
    private final Tally tally = new Tally();
    private final List<String> streams;
    private final List<Follower> followers = new ArrayList<>();
    private final int events;

    /// @param streams how many to create, which nobody follows yet
    /// @param events how many each of them will get, at most
    Crowd(Running running, int streams, int events) throws IOException, InterruptedException {
        this.running = running;
        this.events = events;
        this.streams = Streams.names("live", streams);
        try (Streams prepared = new Streams(running)) {
            prepared.create(this.streams);
        }
    }

    /// Lets followers join until there are this many, and returns once each is being answered.
    void grow(int count) throws IOException {
        requireFiles(count);
        while (followers.size() < count) {
            List<Follower> wave = new ArrayList<>();
            for (int one = Math.min(WAVE, count - followers.size()); one > 0; one--) {
                wave.add(join());
            }
            await(wave);
        }
    }

    private Follower join() throws IOException {
        int stream = followers.size() % streams.size();
        Follower follower = new Follower(tally, stream, events);
        SocketChannel channel = loop.connect(running.address(), follower);
        channel.write(Wire.get(running, streams.get(stream) + "?offset=now&live=sse"));
        followers.add(follower);
        return follower;
    }

    private void await(List<Follower> wave) throws IOException {
        long start = System.nanoTime();
        while (!wave.stream().allMatch(Follower::isReady)) {
            loop.turn(TURN);
            tally.requireSound(true);
            if (System.nanoTime() - start > ANSWER_NANOS) {
                throw new IOException("after " + followers.size() + " followers no more are answered");
            }
        }
    }

    /// Listens for a while.
    void idle(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            loop.turn(Duration.ofNanos(end - now));
        }
        tally.requireSound(true);
    }

    Loop loop() {
        return loop;
    }

    Tally tally() {
        return tally;
    }

    /// Appends to the streams, in their order.
    List<ByteBuffer> requests() {
        return streams.stream()
                .map(stream -> Wire.append(running, stream, StampedEvent.blank()))
                .toList();
    }

    List<Follower> followers() {
        return followers;
    }

    /// Throws where an event can't come any more: one that was appended later has come.
    ///
    /// @param before how many events of a stream were acknowledged before one was sent
    void requireNothingLost(IntUnaryOperator before) throws IOException {
        long lost = 0;
        for (Follower follower : followers) {
            int end = follower.highest() < 0 ? 0 : before.applyAsInt(follower.highest());
            for (int sequence = 0; sequence < end; sequence++) {
                lost += follower.hasSeen(sequence) ? 0 : 1;
            }
        }
        if (lost > 0) {
            throw new IOException(lost + " deliveries were lost");
        }
    }

    private static void requireFiles(int connections) throws IOException {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                && system.getMaxFileDescriptorCount() < connections + SPARE_FILES) {
            throw new IOException("%d connections need as many open files, and only %d are allowed: ulimit -n %d"
                    .formatted(connections, system.getMaxFileDescriptorCount(), connections + SPARE_FILES));
        }
    }

    /// Everybody leaves. A server that looks only when it has something to say is given something: otherwise it would
    /// keep the places of those who left, and the next load would find them taken.
    @Override
    public void close() throws IOException {
        loop.close();
        try (Loop goodbye = new Loop()) {
            Appender appender = new Appender(goodbye, running.address());
            long start = System.nanoTime();
            for (ByteBuffer request : requests()) {
                appender.append(request, 0, 0);
                while (!appender.isFree() && System.nanoTime() - start < GOODBYE_NANOS) {
                    goodbye.turn(TURN);
                }
            }
        }
    }
}
