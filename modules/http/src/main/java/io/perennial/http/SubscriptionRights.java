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
import io.perennial.subscriptions.SubscriptionId;
import io.perennial.subscriptions.SubscriptionSpec;
import io.perennial.subscriptions.SubscriptionView;
import io.perennial.subscriptions.Subscriptions;
import java.util.stream.Stream;

/// Who may work with a subscription: whoever may be woken by all that it is woken by, and read it.
record SubscriptionRights(Guard guard) {
    /// That somebody may not work with a subscription that there is.
    static final class DeniedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient SubscriptionId id;

        private DeniedException(SubscriptionId id) {
            super("subscription " + id, null, false, false);
            this.id = id;
        }
    }

    /// One that there is, as it is when something is done with it; of one that there isn't anybody may be told so.
    ///
    /// @return what throws a [DeniedException]
    Subscriptions.Check of(ServerRequest request) {
        Caller caller = guard.caller(request);
        return caller.isAnybody()
                ? Subscriptions.Check.NONE
                : view -> {
                    if (!may(caller, view)) {
                        throw new DeniedException(view.id());
                    }
                };
    }

    /// What they are told, which is written down.
    ControlProblem denied(DeniedException denial, ServerRequest request) {
        String subscription = "the subscription " + denial.id;
        Problem problem = guard.denied(
                        request,
                        subscription,
                        "a permission for " + subscription + " is missing: " + Permission.SUBSCRIBE.text() + " and "
                                + Permission.READ.text() + " for each of its streams, and "
                                + Permission.APPEND.text() + " for its wake stream")
                .problem();
        return problem.status().equals(Status.NOT_FOUND_404) ? ControlProblems.unknown() : ControlProblem.of(problem);
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
    ///
    /// @throws ProblemException where they may not
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
    ///
    /// @throws ProblemException where they may not
    void require(StreamKey stream, ServerRequest request) {
        guard.require(request, Permission.SUBSCRIBE, stream);
        guard.require(request, Permission.READ, stream);
    }
}
