package io.perennial.subscriptions;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// When a subscription looks after itself next: soon, in a thread that may block, or at its next deadline. However
/// often it is asked for, it is run once.
///
/// Any thread may ask for [#soon]; the deadline is of the thread that has the subscription's lock.
final class Agenda {
    private static final Alarm.Call NO_CALL = () -> {};

    private final Executor executor;
    private final Alarm alarm;
    private final Runnable task;
    private final AtomicBoolean isDue = new AtomicBoolean();
    private Alarm.Call deadline = NO_CALL;

    Agenda(Executor executor, Alarm alarm, Runnable task) {
        this.executor = executor;
        this.alarm = alarm;
        this.task = task;
    }

    void soon() {
        if (isDue.compareAndSet(false, true)) {
            try {
                executor.execute(this::run);
            } catch (RejectedExecutionException _) {
                // The server stops; the next one looks for itself.
            }
        }
    }

    private void run() {
        isDue.set(false);
        task.run();
    }

    /// Replaces the deadline.
    void in(Duration delay) {
        deadline.cancel();
        deadline = alarm.in(delay.isNegative() ? Duration.ZERO : delay, this::soon);
    }

    /// There is no deadline.
    void never() {
        deadline.cancel();
        deadline = NO_CALL;
    }
}
