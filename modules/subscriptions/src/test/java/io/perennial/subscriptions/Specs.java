package io.perennial.subscriptions;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/// What tests ask of a subscription, and what they are answered.
final class Specs {
    static final SubscriptionId ID = new SubscriptionId("jobs");
    static final Duration LEASE = Duration.ofSeconds(30);
    static final ReportOutcome TAKEN = new ReportOutcome.Taken(ReportOutcome.Next.NOTHING);
    static final ReportOutcome FENCED = new ReportOutcome.Refused(new Refusal.Fenced());

    private Specs() {}

    static SubscriptionSpec pull(String pattern, String... streams) {
        return new SubscriptionSpec(
                new Channel.PullWake(Site.key("wakes")), new Pattern.Glob(pattern), Site.keys(streams), LEASE, "");
    }

    static SubscriptionSpec named(String... streams) {
        return new SubscriptionSpec(
                new Channel.PullWake(Site.key("wakes")), Pattern.NOTHING, Site.keys(streams), LEASE, "");
    }

    static SubscriptionSpec webhook(URI url) {
        return webhook(url, LEASE);
    }

    static SubscriptionSpec webhook(URI url, Duration lease) {
        return new SubscriptionSpec(new Channel.Webhook(url), new Pattern.Glob("jobs/*"), List.of(), lease, "");
    }
}
