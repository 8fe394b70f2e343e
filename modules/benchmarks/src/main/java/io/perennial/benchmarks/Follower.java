package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;

/// One SSE connection, which keeps book of the events that came.
final class Follower implements Loop.Talk, EventScan.Sink {
    private final EventScan scan = new EventScan();
    private final Tally tally;
    private final int stream;
    private final long[] seen;
    private int highest = -1;
    private long atNanos;

    /// @param stream which of the load's streams it follows
    /// @param events how many its stream gets, numbered from 0
    Follower(Tally tally, int stream, int events) {
        this.tally = tally;
        this.stream = stream;
        this.seen = new long[Math.ceilDiv(events, Long.SIZE)];
    }

    int stream() {
        return stream;
    }

    /// Whether the server has begun to answer, and so won't let it miss an event.
    boolean isReady() {
        return scan.hasBody();
    }

    boolean hasSeen(int sequence) {
        return (seen[sequence / Long.SIZE] & 1L << sequence % Long.SIZE) != 0;
    }

    /// The greatest number of an event that came, or -1.
    int highest() {
        return highest;
    }

    @Override
    public void hear(ByteBuffer bytes, long atNanos) throws IOException {
        this.atNanos = atNanos;
        scan.accept(bytes, this);
        if (scan.hasEnded()) {
            tally.end();
        }
    }

    @Override
    public void event(int sequence, long sentNanos) {
        if (hasSeen(sequence)) {
            tally.repeat();
            return;
        }
        seen[sequence / Long.SIZE] |= 1L << sequence % Long.SIZE;
        if (sequence < highest) {
            tally.misplace();
        }
        highest = Math.max(highest, sequence);
        tally.deliver(sentNanos, atNanos);
    }

    @Override
    public void end() {
        if (!scan.hasEnded()) {
            tally.end();
        }
    }
}
