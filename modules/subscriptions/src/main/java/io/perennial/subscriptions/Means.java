package io.perennial.subscriptions;

import io.perennial.eventstore.EventStore;
import java.lang.System.Logger;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// What all subscriptions of a server share.
///
/// @param executor runs what may block, each in a thread of its own
/// @param chances for jitter
/// @param wakeIds unique and never guessed
/// @param url where this server is reached, without a slash at its end
/// @param isThere whether somebody who asked for a subscription still is
record Means(
        SubscriptionsConfig config,
        EventStore store,
        Shelf shelf,
        Secrets secrets,
        Tokens tokens,
        Post post,
        Executor executor,
        Alarm alarm,
        InstantSource clock,
        RandomGenerator chances,
        Supplier<String> wakeIds,
        Supplier<URI> url,
        Predicate<String> isThere,
        Logger log) {
    private static final int WAKE_ID_BYTES = 16;

    static Supplier<String> randomWakeIds() {
        SecureRandom random = new SecureRandom();
        return () -> {
            byte[] bytes = new byte[WAKE_ID_BYTES];
            random.nextBytes(bytes);
            return "w_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        };
    }
}
