package io.perennial.subscriptions;

import java.time.Duration;
import java.time.Instant;

/// Whether waking workers works, and when it is tried again.
sealed interface Retry {
    Retry NONE = new None();

    /// As far as is known it works.
    record None() implements Retry {}

    /// The last attempts failed.
    ///
    /// @param attempts how many in a row, 1 or more
    record Waiting(int attempts, Instant nextAttemptAt) implements Retry {}

    Duration SHORTEST = Duration.ofSeconds(1);
    Duration LONGEST = Duration.ofSeconds(60);

    /// Twice as long after each failure, from 1 s to 60 s, give or take 20 %.
    ///
    /// @param chance at least 0 and less than 1, where that lies
    static Retry after(Retry before, Instant now, double chance) {
        int attempts = before instanceof Waiting(int failed, Instant _) ? failed + 1 : 1;
        // 2^6 s is more than the longest.
        long base = Math.min(SHORTEST.toMillis() << Math.min(attempts - 1, 6), LONGEST.toMillis());
        long jittered = Math.round(base * (0.8 + 0.4 * chance));
        return new Waiting(attempts, now.plusMillis(Math.min(jittered, LONGEST.toMillis())));
    }

    static boolean isDue(Retry retry, Instant now) {
        return switch (retry) {
            case None _ -> true;
            case Waiting(int _, Instant at) -> !now.isBefore(at);
        };
    }
}
