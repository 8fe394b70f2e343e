package io.perennial.subscriptions;

import io.perennial.eventstore.StreamKey;

/// What became of a request to link streams to a subscription, or to take one off.
public sealed interface LinkOutcome {
    /// It is as asked.
    record Linked() implements LinkOutcome {}

    /// It isn't as asked, for one of these reasons.
    sealed interface Refused extends LinkOutcome {}

    /// There is no such subscription.
    record Unknown() implements Refused {}

    /// The stream is the subscription's own wake stream, which would wake itself for ever.
    record OwnWakeStream(StreamKey stream) implements Refused {}

    /// It would be linked to more streams than it may.
    record TooManyLinks(int limit) implements Refused {}
}
