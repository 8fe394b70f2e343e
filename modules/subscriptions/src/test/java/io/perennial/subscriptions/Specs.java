package io.perennial.subscriptions;

import io.perennial.eventstore.StreamKey;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// What tests ask of subscriptions.
final class Specs {
    static final String WAKE = "wake/pool";
    static final Duration LEASE = Duration.ofSeconds(30);

    private Specs() {}

    static List<StreamKey> keys(String... streams) {
        return Arrays.stream(streams).map(StreamKey::new).toList();
    }

    /// Pull-wake, of what the pattern finds.
    static SubscriptionSpec pull(String pattern, String... streams) {
        return spec(new Channel.PullWake(new StreamKey(WAKE)), new Pattern.Glob(pattern), streams);
    }

    /// Pull-wake, of what is named.
    static SubscriptionSpec named(String... streams) {
        return spec(new Channel.PullWake(new StreamKey(WAKE)), Pattern.NOTHING, streams);
    }

    static SubscriptionSpec webhook(URI url, String pattern) {
        return spec(new Channel.Webhook(url), new Pattern.Glob(pattern));
    }

    static SubscriptionSpec spec(Channel channel, Pattern pattern, String... streams) {
        return new SubscriptionSpec(channel, pattern, keys(streams), LEASE, "");
    }

    static SubscriptionSpec leased(Duration ttl, SubscriptionSpec spec) {
        return new SubscriptionSpec(spec.channel(), spec.pattern(), spec.streams(), ttl, spec.description());
    }

    static SubscriptionSpec described(String description, SubscriptionSpec spec) {
        return new SubscriptionSpec(spec.channel(), spec.pattern(), spec.streams(), spec.leaseTtl(), description);
    }
}
