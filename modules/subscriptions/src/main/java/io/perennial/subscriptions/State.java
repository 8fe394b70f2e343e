package io.perennial.subscriptions;

/// What changes in a subscription besides its links.
///
/// @param generation of the last wake, 0 before the first; only grows
record State(long generation, Phase phase, Retry retry) {
    static final State FRESH = new State(0, Phase.IDLE, Retry.NONE);

    State with(Phase other) {
        return new State(generation, other, retry);
    }

    State with(Retry other) {
        return new State(generation, phase, other);
    }

    SubscriptionView.Status status() {
        return switch (retry) {
            case Retry.None _ -> SubscriptionView.Status.ACTIVE;
            case Retry.Waiting _ -> SubscriptionView.Status.FAILED;
        };
    }
}
