package io.perennial.bus;

import java.time.Duration;

/// A place in what a bus publishes, from the moment it was subscribed.
///
/// One thread consumes it; any thread may close it. It costs its bus no memory of its own, however slow it is, but its
/// topic is followed until it is closed.
public final class Subscription<M> implements AutoCloseable {
    private final Topic<M>.Cursor cursor;
    private final Runnable leave;

    Subscription(Topic<M>.Cursor cursor, Runnable leave) {
        this.cursor = cursor;
        this.leave = leave;
    }

    /// Takes all that waits, at once if there is anything, or else waits for the next message.
    ///
    /// @param wait how long at most, in any unit; zero or less: not at all
    /// @throws InterruptedException where the thread is interrupted, before or while it waits; it takes nothing
    public Delivery<M> await(Duration wait) throws InterruptedException {
        return cursor.await(wait);
    }

    /// Ends the subscription at once: what still waits is not delivered, and a thread in [#await] gets
    /// [Delivery.Closed]. Again and again is fine.
    @Override
    public void close() {
        leave.run();
    }
}
