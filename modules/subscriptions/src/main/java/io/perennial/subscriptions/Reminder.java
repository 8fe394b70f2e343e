package io.perennial.subscriptions;

import java.time.Duration;

/// Does one thing later, and forgets what it was to do before. Of one thread at a time.
final class Reminder {
    private static final Alarm.Call NO_CALL = () -> {};

    private final Alarm alarm;
    private final Runnable task;
    private Alarm.Call call = NO_CALL;

    /// @param task does nothing long
    Reminder(Alarm alarm, Runnable task) {
        this.alarm = alarm;
        this.task = task;
    }

    /// @param delay at once where it isn't positive
    void in(Duration delay) {
        call.cancel();
        call = alarm.in(delay.isNegative() ? Duration.ZERO : delay, task);
    }

    void cancel() {
        call.cancel();
        call = NO_CALL;
    }
}
