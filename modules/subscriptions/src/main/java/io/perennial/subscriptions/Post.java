package io.perennial.subscriptions;

import java.net.URI;
import java.time.Duration;

/// Calls webhooks.
@FunctionalInterface
interface Post {
    /// Blocks until it is answered, or for as long as it may take. Throws nothing.
    Exchange send(URI url, byte[] body, String signature, Duration patience);
}
