package io.perennial.subscriptions;

import java.time.Duration;

/// The bounds of what subscriptions may take.
///
/// @param subscriptions the most subscriptions
/// @param subscriptionsOfOne the most of them that one owner made who still has them
/// @param links the most streams that one subscription is linked to
/// @param deliveries how many webhooks are called at once
/// @param webhookTimeout how long a webhook may take to answer; the lease, where that is shorter
/// @param localWebhooks whether `http://localhost` and `http://127.0.0.x` may be called
public record SubscriptionsConfig(
        int subscriptions,
        int subscriptionsOfOne,
        int links,
        int deliveries,
        Duration webhookTimeout,
        LocalWebhooks localWebhooks) {
    /// 1,000 subscriptions, whoever made them, of 10,000 links, 64 deliveries at once, 30 s for each, local webhooks
    /// allowed.
    public static final SubscriptionsConfig DEFAULTS =
            new SubscriptionsConfig(1_000, 1_000, 10_000, 64, Duration.ofSeconds(30), LocalWebhooks.ALLOWED);

    /// Webhooks on the machine itself: for development, and an open door to whatever else listens there.
    public enum LocalWebhooks {
        ALLOWED,
        REFUSED
    }

    public SubscriptionsConfig {
        if (subscriptions < 1
                || subscriptionsOfOne < 1
                || links < 1
                || deliveries < 1
                || !webhookTimeout.isPositive()) {
            throw new IllegalArgumentException("every bound is positive");
        }
    }
}
