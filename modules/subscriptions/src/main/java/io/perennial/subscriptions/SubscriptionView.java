package io.perennial.subscriptions;

import java.time.Instant;
import java.util.List;

/// A subscription as it was at one moment.
///
/// @param links in the order of their paths
public record SubscriptionView(
        SubscriptionId id, SubscriptionSpec spec, Instant created, Status status, List<LinkView> links) {
    /// Whether waking its workers works.
    public enum Status {
        ACTIVE,
        /// It failed and is tried again.
        FAILED
    }

    public SubscriptionView {
        links = List.copyOf(links);
    }
}
