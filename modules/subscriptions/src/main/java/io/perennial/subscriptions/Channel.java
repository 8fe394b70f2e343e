package io.perennial.subscriptions;

import io.perennial.eventstore.StreamKey;
import java.net.URI;

/// How the workers of a subscription are woken.
public sealed interface Channel {
    /// By a signed POST to this URL.
    record Webhook(URI url) implements Channel {}

    /// By an event in this stream, which the application has created. Workers then race to claim the subscription.
    record PullWake(StreamKey wakeStream) implements Channel {}
}
