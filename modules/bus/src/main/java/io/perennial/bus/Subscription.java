package io.perennial.bus;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/// A place in what a bus publishes, from the moment it was subscribed.
///
/// One thread consumes it; any thread may close it. It costs its bus no memory of its own, however slow it is, but its
/// topic is followed until it is closed.
public final class Subscription<M> implements AutoCloseable {
    private final Topic<M>.Cursor cursor;
    private final Runnable leave;
    private final LongAdder lags;

    /// @param lags counts those of this one, too
    Subscription(Topic<M>.Cursor cursor, Runnable leave, LongAdder lags) {
        this.cursor = cursor;
        this.leave = leave;
        this.lags = lags;
    }

    /// Takes all that waits, at once if there is anything, or else waits for the next message.
    ///
    /// @param wait how long at most, in any unit; zero or less: not at all
    /// @throws InterruptedException where the thread is interrupted, before or while it waits; it takes nothing
    public Delivery<M> await(Duration wait) throws InterruptedException {
        Delivery<M> delivery = cursor.await(wait);
        if (delivery instanceof Delivery.Lagged) {
            lags.increment();
        }
        return delivery;
    }

    /// Ends the subscription at once: what still waits is not delivered, and a thread in [#await] gets
    /// [Delivery.Closed]. Again and again is fine.
    @Override
    public void close() {
        leave.run();
    }
}
