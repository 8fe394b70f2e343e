package io.perennial.http;

import io.helidon.webserver.http.ServerRequest;
import io.perennial.access.Permission;
import io.perennial.eventstore.StreamKey;
import java.util.function.Function;

/// What a route asks of its caller before it does anything. There is no route without one.
@FunctionalInterface
interface Rule {
    /// Whoever is known: what they may do, and are shown, the handler decides.
    Rule KNOWN = (guard, request) -> guard.caller(request);
    /// What an operator is allowed to do.
    Rule BACKUP = operating("backup");
    Rule VERIFICATION = operating("verification");
    Rule ACCESS_LINKS = operating("access-links");

    /// Lets through whoever may.
    ///
    /// @throws ProblemException whoever else
    void require(Guard guard, ServerRequest request);

    /// The permission for the stream that the request's path names.
    static Rule stream(Permission permission) {
        return over(permission, StreamPath::of);
    }

    /// The permission for the session, or other stream, that the request's query names.
    static Rule session(Permission permission) {
        return over(permission, request -> Session.toRead(Query.of(request)).stream());
    }

    static Rule over(Permission permission, Function<ServerRequest, StreamKey> path) {
        return (guard, request) -> {
            // Who isn't known learns nothing, not even whether the path is one.
            if (!guard.caller(request).isAnybody()) {
                guard.require(request, permission, path.apply(request));
            }
        };
    }

    private static Rule operating(String name) {
        return over(Permission.ADMIN, _ -> new StreamKey(name));
    }
}
