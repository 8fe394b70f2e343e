package io.perennial.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// A clock and its monotonic ticker, which move when a test says so.
final class ManualTime implements InstantSource {
    static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = BEGIN;
    private long nanos = Long.MAX_VALUE;

    @Override
    public synchronized Instant instant() {
        return now;
    }

    LongSupplier ticker() {
        return this::nanos;
    }

    void pass(Duration time) {
        step(time);
        tick(time);
    }

    /// The clock alone, as when it is set, or when the machine was suspended.
    synchronized void step(Duration time) {
        now = now.plus(time);
    }

    /// The ticker alone.
    synchronized void tick(Duration time) {
        nanos += time.toNanos();
    }

    private synchronized long nanos() {
        return nanos;
    }
}
