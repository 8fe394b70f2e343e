package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/// What the disk takes to make one event durable: an append to a file where Perennial has its own, and fdatasync.
record Disk() implements Load {
    static final String SUBJECT = "the disk";

    @Override
    public String name() {
        return "write of 150 bytes and fdatasync";
    }

    @Override
    public String group() {
        return Append.GROUP;
    }

    @Override
    public Unit unit() {
        return Unit.PER_SECOND;
    }

    @Override
    public boolean takes(Contender contender) {
        return contender instanceof Perennial;
    }

    @Override
    public String subject(Contender contender) {
        return SUBJECT;
    }

    @Override
    public Sample run(Running running, Duration time) throws IOException {
        Path file = Files.createTempFile(running.directory().getParent(), "probe", ".log");
        ByteBuffer event = ByteBuffer.allocateDirect(Events.BYTES).put(Events.one());
        Histogram latency = Sample.histogram();
        long beginNanos = System.nanoTime();
        long nowNanos = beginNanos;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
            while (nowNanos - beginNanos < time.toNanos()) {
                channel.write(event.rewind());
                channel.force(false);
                long thenNanos = nowNanos;
                nowNanos = System.nanoTime();
                latency.recordValue(nowNanos - thenNanos);
            }
        } finally {
            Files.delete(file);
        }
        return new Sample(latency.getTotalCount() * 1e9 / (nowNanos - beginNanos), latency, 0, "");
    }
}
