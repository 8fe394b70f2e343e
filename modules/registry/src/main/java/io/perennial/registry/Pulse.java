package io.perennial.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// Whether this process is awake enough to evict others. Thread-safe.
///
/// A machine that was suspended, and a process that was stopped, find every lease stale when they wake, their own as
/// well: the others may be alive and about to say so. So who has not beaten in time may evict nobody, and once it
/// beats again, everyone else has one more interval in which to do the same.
///
/// ```
///            beat                    allowance passed without a beat
/// Resting ---------> may evict -------------------------------------> overdue: may not
///    ^                   ^                                                   |
///    | rest              | allowance passed, with beats                      | beat
///    +-- from anywhere   +------------------- in grace: may not <------------+
/// ```
///
/// Time passes as the ticker or the clock says, whichever says more: a stopped process is told by both, but the ticker
/// (CLOCK_MONOTONIC) stands still while the machine is suspended, and only the clock tells of that. A clock that is
/// set forward looks the same and is treated the same, and rightly so, as it makes every lease stale at once.
final class Pulse {
    private final Duration allowance;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private State state = new Resting();

    /// @param nanos the monotonic ticker
    Pulse(RegistryConfig config, InstantSource clock, LongSupplier nanos) {
        this.allowance = allowance(config);
        this.clock = clock;
        this.nanos = nanos;
    }

    private sealed interface State {}

    /// Nothing here beats, and so nothing can be late.
    private record Resting() implements State {}

    private record Beating(long atNanos, Instant at, long evictFromNanos) implements State {}

    /// A beat that was carried out.
    synchronized void beat() {
        long now = nanos.getAsLong();
        long evictFrom = switch (state) {
            case Resting _ -> now;
            case Beating last -> isOverdue(last) ? now + allowance.toNanos() : last.evictFromNanos();
        };
        state = new Beating(now, clock.instant(), evictFrom);
    }

    /// No beat is to be expected until the next one.
    synchronized void rest() {
        state = new Resting();
    }

    synchronized boolean mayEvict() {
        return switch (state) {
            case Resting _ -> true;
            case Beating last -> !isOverdue(last) && nanos.getAsLong() - last.evictFromNanos() >= 0;
        };
    }

    /// A heartbeat interval, and half of what may be late without harm: less than a TTL, so that nobody looks stale
    /// before it has passed, and more than the interval, so that who is as late as ourselves is still in time.
    private static Duration allowance(RegistryConfig config) {
        Duration every = config.heartbeatEvery();
        Duration spare = config.ttl().minus(every);
        Duration slack = spare.compareTo(every) < 0 ? spare : every;
        return every.plus(slack.dividedBy(2));
    }

    private boolean isOverdue(Beating last) {
        return nanos.getAsLong() - last.atNanos() > allowance.toNanos()
                || Duration.between(last.at(), clock.instant()).compareTo(allowance) > 0;
    }
}
