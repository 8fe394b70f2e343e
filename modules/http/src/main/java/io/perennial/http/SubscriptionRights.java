package io.perennial.http;

import io.helidon.webserver.http.ServerRequest;
import io.perennial.access.Permission;
import io.perennial.eventstore.StreamGlob;
import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.Channel;
import io.perennial.subscriptions.GetOutcome;
import io.perennial.subscriptions.Pattern;
import io.perennial.subscriptions.SubscriptionId;
import io.perennial.subscriptions.SubscriptionSpec;
import io.perennial.subscriptions.SubscriptionView;
import io.perennial.subscriptions.Subscriptions;

/// Who may work with a subscription: whoever may be woken by all that it is woken by, and read it.
/// Each of these throws a [ProblemException] where they may not.
record SubscriptionRights(Guard guard, Subscriptions subscriptions) {
    /// One that there is; of one that there isn't anybody may be told so.
    void require(SubscriptionId id, ServerRequest request) {
        if (!guard.caller(request).isAnybody()
                && subscriptions.get(id) instanceof GetOutcome.Found(SubscriptionView view)) {
            require(view.spec(), request);
            view.links().forEach(link -> require(link.stream(), request));
        }
    }

    /// One that is asked for.
    void require(SubscriptionSpec spec, ServerRequest request) {
        if (spec.pattern() instanceof Pattern.Glob(StreamGlob streams)) {
            guard.require(request, Permission.SUBSCRIBE, streams);
            guard.require(request, Permission.READ, streams);
        }
        spec.streams().forEach(stream -> require(stream, request));
        if (spec.channel() instanceof Channel.PullWake(StreamKey wakes)) {
            guard.require(request, Permission.APPEND, wakes);
        }
    }

    /// One of its streams.
    void require(StreamKey stream, ServerRequest request) {
        guard.require(request, Permission.SUBSCRIBE, stream);
        guard.require(request, Permission.READ, stream);
    }
}
