package io.perennial.subscriptions;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that stands still until a test moves it.
final class SteppingClock implements InstantSource {
    private final AtomicLong millis;

    SteppingClock(Instant beginning) {
        this.millis = new AtomicLong(beginning.toEpochMilli());
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.get());
    }

    void step(Duration by) {
        millis.addAndGet(by.toMillis());
    }
}
