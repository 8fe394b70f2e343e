package io.perennial.http;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.perennial.access.Caller;
import io.perennial.access.Permission;
import io.perennial.eventstore.StreamGlob;
import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.Channel;
import io.perennial.subscriptions.LinkView;
import io.perennial.subscriptions.Pattern;
import io.perennial.subscriptions.SubscriptionSpec;
import io.perennial.subscriptions.SubscriptionView;
import io.perennial.subscriptions.Subscriptions;
import java.util.stream.Stream;

/// Who may work with a subscription: whoever may be woken by all that it is woken by, and read it.
/// Each of these throws a [ProblemException] where they may not.
record SubscriptionRights(Guard guard) {
    /// One that there is, as it is when something is done with it; of one that there isn't anybody may be told so.
    Subscriptions.Check of(ServerRequest request) {
        Caller caller = guard.caller(request);
        return caller.isAnybody() ? Subscriptions.Check.NONE : view -> require(view, request);
    }

    private void require(SubscriptionView view, ServerRequest request) {
        if (!may(guard.caller(request), view)) {
            // What it is about is nothing that they may know.
            ProblemException denied =
                    guard.denied(request, Permission.SUBSCRIBE, "of every stream of the subscription " + view.id());
            throw denied.problem().status().equals(Status.NOT_FOUND_404)
                    ? new ControlProblem.Found(ControlProblems.unknown())
                    : denied;
        }
    }

    private static boolean may(Caller caller, SubscriptionView view) {
        boolean mayPattern = !(view.spec().pattern() instanceof Pattern.Glob(StreamGlob streams))
                || (caller.may(Permission.SUBSCRIBE, streams) && caller.may(Permission.READ, streams));
        boolean mayWake = !(view.spec().channel() instanceof Channel.PullWake(StreamKey wakes))
                || caller.may(Permission.APPEND, wakes);
        return mayPattern
                && mayWake
                && Stream.concat(
                                view.spec().streams().stream(),
                                view.links().stream().map(LinkView::stream))
                        .allMatch(stream ->
                                caller.may(Permission.SUBSCRIBE, stream) && caller.may(Permission.READ, stream));
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
