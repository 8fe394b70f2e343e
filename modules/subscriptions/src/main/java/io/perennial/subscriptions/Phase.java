package io.perennial.subscriptions;

import java.time.Instant;

/// Where a subscription stands between its workers.
///
/// ```
///              pending                      claim
/// pull-wake:  Idle -----> Announced ----------------------> Claimed
///              ^  \------------- claim ----------------------^  |
///              |      done, release, lease over                 |
///              +------------------------------------------------+
///
///              pending              2xx
/// webhook:    Idle -----> Delivering ---> Accepted
///              ^           | ^    |           |
///              |   refused | |    | outcome   |
///              |           v | retry unknown  |
///              |         Refused  |           |
///              |   lease over |   |           |
///              +--------------+---+-----------+  done, lease over
/// ```
sealed interface Phase {
    /// No wake is in flight and nobody holds a lease.
    record Idle() implements Phase {}

    /// A wake of the current generation.
    sealed interface Wake extends Phase {
        /// Unique, and never guessed.
        String wakeId();
    }

    /// A worker, or a webhook that was called, has until then.
    sealed interface Leased extends Wake {
        Instant until();

        Leased extended(Instant until);
    }

    /// An event in the wake stream tells of it, or is about to.
    record Announced(String wakeId) implements Wake {}

    record Claimed(String wakeId, String worker, Instant until) implements Leased {
        @Override
        public Claimed extended(Instant later) {
            return new Claimed(wakeId, worker, later);
        }
    }

    /// The webhook is being called.
    record Delivering(String wakeId, Instant until) implements Leased {
        @Override
        public Delivering extended(Instant later) {
            return new Delivering(wakeId, later);
        }
    }

    /// The webhook has taken the wake, and will call back.
    record Accepted(String wakeId, Instant until) implements Leased {
        @Override
        public Accepted extended(Instant later) {
            return new Accepted(wakeId, later);
        }
    }

    /// The webhook has not taken the wake, and is called again while its lease lasts.
    record Refused(String wakeId, Instant until) implements Leased {
        @Override
        public Refused extended(Instant later) {
            return new Refused(wakeId, later);
        }
    }

    Phase IDLE = new Idle();
}
