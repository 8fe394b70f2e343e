package io.perennial.subscriptions;

import java.time.Duration;

/// Runs something later.
interface Alarm {
    /// Runs it once, in a thread that has no time for anything long.
    ///
    /// @param delay zero or more
    Call in(Duration delay, Runnable task);

    /// What is to be run.
    @FunctionalInterface
    interface Call {
        /// Does nothing where it runs already, or has run.
        void cancel();
    }
}
