package io.perennial.benchmarks;

import java.io.IOException;
import org.HdrHistogram.Histogram;

/// What all followers of a load have seen together.
final class Tally {
    private final Histogram latency = Sample.histogram();
    private long delivered;
    private long repeated;
    private long misplaced;
    private long lastNanos;
    private long timedNanos = Long.MAX_VALUE;
    private int ended;

    /// From the sending of an event to its arrival at one follower, in nanoseconds.
    Histogram latency() {
        return latency;
    }

    /// Deliveries, each event once per follower.
    long delivered() {
        return delivered;
    }

    /// When the last delivery was.
    long lastNanos() {
        return lastNanos;
    }

    void deliver(long sentNanos, long atNanos) {
        delivered++;
        lastNanos = atNanos;
        time(sentNanos, atNanos);
    }

    private void time(long sentNanos, long atNanos) {
        if (sentNanos >= timedNanos) {
            latency.recordValue(atNanos - sentNanos);
        }
    }

    /// What is sent before this, or before anybody says so, warms up: it is delivered, but not timed.
    void timeFrom(long sentNanos) {
        timedNanos = sentNanos;
    }

    /// An event hasn't come by now. It is timed as if it had, which is less than it will have taken.
    void miss(long sentNanos, long nowNanos) {
        time(sentNanos, nowNanos);
    }

    void repeat() {
        repeated++;
    }

    /// An event came after one that was appended later.
    void misplace() {
        misplaced++;
    }

    void end() {
        ended++;
    }

    /// Throws where the server has broken its word, which no figure can make up for.
    ///
    /// @param ordered whether events were appended one after the other, so that there is an order to be kept
    void requireSound(boolean ordered) throws IOException {
        if (repeated > 0) {
            throw new IOException(repeated + " deliveries came a second time");
        }
        if (ordered && misplaced > 0) {
            throw new IOException(misplaced + " deliveries came after a later event");
        }
        if (ended > 0) {
            throw new IOException(ended + " followers lost their connection");
        }
    }
}
