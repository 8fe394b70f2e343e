package io.perennial.subscriptions;

import java.time.Duration;
import java.util.List;

/// What became of a claim.
public sealed interface ClaimOutcome {
    /// The worker has the lease.
    ///
    /// @param token what it proves that with
    /// @param links what is pending first, and not more than a worker is told of at once
    record Claimed(WakeRef wake, String token, List<LinkView> links, Duration leaseTtl) implements ClaimOutcome {
        public Claimed {
            links = List.copyOf(links);
        }
    }

    record Refused(Refusal why) implements ClaimOutcome {}
}
