package io.perennial.bus;

import java.util.List;

/// What one call of [Subscription#await] brings.
public sealed interface Delivery<M> {

    /// Everything that waited for the subscription, so that a consumer can make one write of it.
    ///
    /// @param messages in publishing order, unmodifiable, never empty
    record Messages<M>(List<M> messages) implements Delivery<M> {
        public Messages {
            messages = List.copyOf(messages);
            if (messages.isEmpty()) {
                throw new IllegalArgumentException("a delivery without messages is Idle");
            }
        }
    }

    /// The window passed the subscription, and at least one message was lost to it. What else waited is skipped: the
    /// subscription stood at the newest message when this was made, and whatever is published from then on is
    /// delivered, or is a lag of its own.
    record Lagged<M>() implements Delivery<M> {}

    /// The wait passed and nothing was published.
    record Idle<M>() implements Delivery<M> {}

    /// The subscription was closed, or the bus was and nothing waits any more. Every later delivery is the same.
    record Closed<M>() implements Delivery<M> {}
}
