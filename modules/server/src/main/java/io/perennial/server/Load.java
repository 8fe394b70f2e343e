package io.perennial.server;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/// The same again and again, by many at once, each of whom waits for the answer: a closed loop.
final class Load {
    private static final double NANOS = 1e9;
    private static final double NANOS_IN_A_MILLI = 1e6;
    private static final int MOST = 1 << 20;

    private Load() {}

    /// One request after the other, over one connection.
    interface Work extends Closeable {
        /// Does it, and returns how much of what is counted was done.
        long run() throws IOException, InterruptedException;

        @Override
        default void close() throws IOException {}
    }

    /// Begins what one of them does.
    @FunctionalInterface
    interface Beginning {
        Work begin() throws IOException;
    }

    /// What was measured.
    ///
    /// @param perSecond how much was done
    /// @param sortedNanos how long each request took
    record Sample(double perSecond, List<Long> sortedNanos) {
        /// @param quantile from 0 to 1
        double millis(double quantile) {
            int last = sortedNanos.size() - 1;
            return last < 0 ? Double.NaN : sortedNanos.get((int) Math.round(quantile * last)) / NANOS_IN_A_MILLI;
        }
    }

    // What one of them did.
    private record Done(long amount, List<Long> nanos) {}

    /// @param workers how many at once
    /// @throws IOException what the first of them couldn't do
    static Sample of(int workers, Duration time, Beginning work) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        List<Future<Done>> all = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            FutureTask<Done> task = new FutureTask<>(() -> repeat(work, begin + time.toNanos()));
            Thread.ofVirtual().start(task);
            all.add(task);
        }
        long amount = 0;
        List<Long> nanos = new ArrayList<>();
        for (Future<Done> each : all) {
            Done done = done(each);
            amount += done.amount;
            nanos.addAll(done.nanos);
        }
        double seconds = (System.nanoTime() - begin) / NANOS;
        return new Sample(amount / seconds, nanos.stream().sorted().toList());
    }

    private static Done repeat(Beginning beginning, long end) throws IOException, InterruptedException {
        long amount = 0;
        List<Long> nanos = new ArrayList<>();
        try (Work work = beginning.begin()) {
            for (long now = System.nanoTime(); now < end && nanos.size() < MOST; ) {
                amount += work.run();
                long after = System.nanoTime();
                nanos.add(after - now);
                now = after;
            }
        }
        return new Done(amount, nanos);
    }

    private static Done done(Future<Done> worker) throws IOException, InterruptedException {
        try {
            return worker.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException said) {
                throw said;
            }
            throw new IllegalStateException(e);
        }
    }
}
