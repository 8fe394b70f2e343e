package io.perennial.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A thread in [Subscription#await], for longer than any test has patience: it must be woken.
final class Waiter<M> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONGER = Duration.ofHours(1);

    private final FutureTask<Delivery<M>> delivery;
    private final Thread thread;

    private Waiter(Subscription<M> subscription) {
        delivery = new FutureTask<>(() -> subscription.await(LONGER));
        thread = Thread.ofVirtual().unstarted(delivery);
    }

    /// Returns once the thread waits.
    static <M> Waiter<M> on(Subscription<M> subscription) {
        var waiter = new Waiter<>(subscription);
        waiter.thread.start();
        waiter.untilItWaits();
        return waiter;
    }

    void untilItWaits() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (thread.getState() != Thread.State.TIMED_WAITING && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertEquals(Thread.State.TIMED_WAITING, thread.getState());
    }

    void interrupt() {
        thread.interrupt();
    }

    Delivery<M> delivery() throws InterruptedException, ExecutionException, TimeoutException {
        return delivery.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
