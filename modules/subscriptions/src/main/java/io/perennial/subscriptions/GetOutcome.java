package io.perennial.subscriptions;

/// What was found of a subscription.
public sealed interface GetOutcome {
    record Found(SubscriptionView subscription) implements GetOutcome {}

    /// There is no such subscription.
    record Unknown() implements GetOutcome {}
}
