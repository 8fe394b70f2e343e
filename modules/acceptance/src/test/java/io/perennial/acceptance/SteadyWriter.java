package io.perennial.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Appends one number after another to a session, a few hundred a second, and notes how long each took.
final class SteadyWriter {
    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
    private static final String FILLER = "x".repeat(130);

    private final Client client;
    private final String session;
    private final List<Long> nanos = new ArrayList<>();
    private final AtomicLong appended = new AtomicLong();

    SteadyWriter(Client client, String session) {
        this.client = client;
        this.session = session;
    }

    void append() throws Exception {
        long began = System.nanoTime();
        client.append(session, "{\"number\":" + appended + ",\"filler\":\"" + FILLER + "\"}");
        appended.incrementAndGet();
        synchronized (nanos) {
            nanos.add(System.nanoTime() - began);
        }
        LockSupport.parkNanos(PACE_NANOS);
    }

    long appended() {
        return appended.get();
    }

    /// Of all of them since the last call.
    static double takeP99Millis(List<SteadyWriter> writers) {
        List<Long> all = new ArrayList<>();
        for (SteadyWriter writer : writers) {
            synchronized (writer.nanos) {
                all.addAll(writer.nanos);
                writer.nanos.clear();
            }
        }
        all.sort(null);
        return all.isEmpty() ? Double.NaN : all.get(all.size() * 99 / 100) / 1e6;
    }
}
