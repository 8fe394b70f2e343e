package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/// From the start of the process, on an empty directory, to the first answer over HTTP. Its line that says where it
/// listens is looked for every millisecond.
record Start() implements Load {
    private static final int LEAST = 3;
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public String name() {
        return "start to first answer";
    }

    @Override
    public String group() {
        return "Start";
    }

    @Override
    public Unit unit() {
        return Unit.MILLIS;
    }

    @Override
    public boolean takes(Contender contender) {
        return true;
    }

    @Override
    public Sample run(Running running, Duration time) throws IOException, InterruptedException {
        Histogram latency = Sample.histogram();
        long begin = System.nanoTime();
        while (latency.getTotalCount() < LEAST || System.nanoTime() - begin < time.toNanos()) {
            latency.recordValue(startNanos(running));
        }
        double p50 = latency.getValueAtPercentile(50) / NANOS_PER_MILLI;
        return new Sample(p50, latency, 0, "");
    }

    private static long startNanos(Running running) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(running.directory().getParent(), "start");
        long begin = System.nanoTime();
        try (Running own = running.contender().start(directory)) {
            answer(own);
            return System.nanoTime() - begin;
        } finally {
            Fleet.delete(directory);
        }
    }

    /// Any answer will do, such as that there is no such stream.
    private static void answer(Running own) throws IOException {
        try (SocketChannel channel = SocketChannel.open(own.address())) {
            channel.write(Wire.get(own, "none"));
            ByteBuffer first = ByteBuffer.allocate(1);
            if (channel.read(first) < 1) {
                throw new IOException(own.contender().name() + " listens, and doesn't answer");
            }
        }
    }
}
