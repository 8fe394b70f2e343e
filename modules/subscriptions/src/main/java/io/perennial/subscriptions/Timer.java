package io.perennial.subscriptions;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// One thread that runs what is due, and does nothing long.
final class Timer implements Alarm, AutoCloseable {
    private final ScheduledThreadPoolExecutor thread;

    Timer() {
        thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("subscriptions-timer").factory());
        thread.setRemoveOnCancelPolicy(true);
        thread.setKeepAliveTime(1, TimeUnit.MINUTES);
        thread.allowCoreThreadTimeOut(true);
    }

    @Override
    public Call in(Duration delay, Runnable task) {
        try {
            // A millisecond more: what is due at a moment isn't before it.
            ScheduledFuture<?> call = thread.schedule(task, delay.toMillis() + 1, TimeUnit.MILLISECONDS);
            return () -> call.cancel(false);
        } catch (RejectedExecutionException _) {
            // The server stops; the next one looks for itself.
            return () -> {};
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
