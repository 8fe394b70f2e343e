package io.perennial.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;
import java.util.function.Supplier;

/// What comes from a client, and since when the request that is being read is on its way: Helidon 4.1 waits for the
/// rest of one for ever.
///
/// One thread reads, any may ask.
final class Arrival implements Supplier<byte[]> {
    private final DataReader in;
    private volatile boolean hasBegun;
    private volatile boolean isWaitedFor;
    private volatile boolean isFramed;
    // Of the first byte, once it has begun.
    private volatile long beginNanos;
    private volatile long endNanos;

    Arrival(DataReader in) {
        this.in = in;
    }

    /// The next bytes for Helidon, at least one.
    @Override
    public byte[] get() {
        isWaitedFor = true;
        try {
            in.ensureAvailable();
        } catch (InsufficientDataAvailableException e) {
            // Helidon takes an end in the middle of the headers for an error of its own, and answers 500.
            throw isFramed ? e : new CloseConnectionException("the client sends no more", e);
        } finally {
            isWaitedFor = false;
        }
        if (!hasBegun) {
            beginNanos = System.nanoTime();
            hasBegun = true;
        }
        return in.readBuffer().readBytes();
    }

    /// From now on it is HTTP/2 that comes, which has a way of its own to end.
    void frames() {
        isFramed = true;
    }

    /// The request is answered: what comes next is the rest of its body, which nobody needs, and then another one.
    void end() {
        hasBegun = false;
        endNanos = System.nanoTime();
    }

    /// Whether that rest is waited for, nothing of it has come, and the answer is so long ago.
    boolean isRestOverdue(Duration after) {
        return isWaitedFor && !hasBegun && System.nanoTime() - endNanos > after.toNanos();
    }

    /// Whether a request is waited for that has begun so long ago.
    boolean isOverdue(Duration after) {
        return isWaitedFor && hasBegun && System.nanoTime() - beginNanos > after.toNanos();
    }
}
