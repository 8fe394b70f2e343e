package io.perennial.http;

import io.helidon.common.uri.UriPath;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.access.Caller;
import io.perennial.access.Permission;
import io.perennial.eventstore.StreamKey;
import io.perennial.registry.LeaseJson;
import io.perennial.registry.Parsed;
import io.perennial.registry.Registration;
import io.perennial.registry.Registry;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonValue;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.stream.Collectors;

/// `/servers`: the servers that live, and how one comes onto the list and off it.
final class Servers {
    private static final String PREFIX = "/servers/";

    private final Registry registry;
    private final Guard guard;
    private final InstantSource clock;
    private final int bodyLimitBytes;

    Servers(Registry registry, Guard guard, InstantSource clock, HttpConfig config) {
        this.registry = registry;
        this.guard = guard;
        this.clock = clock;
        this.bodyLimitBytes = config.bodyLimitBytes();
    }

    void list(ServerRequest request, ServerResponse response) {
        JsonArrayBuilder servers = JsonText.provider().createArrayBuilder();
        Caller caller = guard.caller(request);
        registry.live().stream()
                .filter(lease -> mayUse(caller, lease.id()))
                .forEach(lease -> servers.add(LeaseJson.json(lease)));
        Answers.json(request, response, Status.OK_200, servers.build());
    }

    void register(ServerRequest request, ServerResponse response) {
        RequestOrigin.requireOwn(request);
        byte[] body = guard.body(request, bodyLimitBytes);
        switch (LeaseJson.parse(JsonText.object(body), clock.instant())) {
            case Parsed.Invalid(var violations) -> {
                String message = violations.stream()
                        .map(violation -> violation.field() + ": " + violation.rule())
                        .collect(Collectors.joining("; "));
                Answers.send(request, response, Problem.badRequest("InvalidServer", message));
            }
            case Parsed.Valid(var lease) -> {
                Caller caller = guard.caller(request);
                require(request, caller, lease.id());
                switch (registry.register(lease.ownedBy(caller.id()))) {
                    case Registration.Registered _ -> Answers.json(request, response, Status.OK_200, JsonValue.TRUE);
                    case Registration.Taken _ -> throw taken(lease.id());
                    case Registration.Full _ ->
                        Answers.send(
                                request,
                                response,
                                Problem.of(
                                                Status.SERVICE_UNAVAILABLE_503,
                                                "RegistryFull",
                                                "the registry holds as many servers as it may")
                                        .with(Names.RETRY_AFTER_A_SECOND));
                }
            }
        }
    }

    /// The id is what follows in the path as it was sent, so that it may hold a slash.
    void deregister(ServerRequest request, ServerResponse response) {
        RequestOrigin.requireOwn(request);
        String encoded = request.prologue().uriPath().rawPath().substring(PREFIX.length());
        String id = Query.decode("the server id", encoded.replace("+", "%2B"));
        Caller caller = guard.caller(request);
        require(request, caller, id);
        if (registry.deregister(id, caller.id()) == Registry.Removal.TAKEN) {
            throw taken(id);
        }
        Answers.json(request, response, Status.OK_200, JsonValue.TRUE);
    }

    private void require(ServerRequest request, Caller caller, String id) {
        if (!mayUse(caller, id)) {
            throw guard.denied(request, Permission.REGISTRY, path(id));
        }
    }

    private static boolean mayUse(Caller caller, String id) {
        return caller.isAnybody() || caller.may(Permission.REGISTRY, new StreamKey(path(id)));
    }

    // One segment, in which the colon of an address stands as it is.
    private static String path(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("%3A", ":");
    }

    private static ProblemException taken(String id) {
        return new ProblemException(Problem.of(
                Status.FORBIDDEN_403, "LeaseTaken", "the lease of " + id + " belongs to whoever registered it"));
    }

    /// Matches one server's path.
    static PathMatcher one() {
        return new PathMatcher() {
            @Override
            public PathMatchers.MatchResult match(UriPath path) {
                String raw = path.rawPath();
                return raw.startsWith(PREFIX) && raw.length() > PREFIX.length() && raw.indexOf('/', PREFIX.length()) < 0
                        ? PathMatchers.any().match(path)
                        : PathMatchers.MatchResult.notAccepted();
            }

            @Override
            public PathMatchers.PrefixMatchResult prefixMatch(UriPath path) {
                return PathMatchers.PrefixMatchResult.notAccepted();
            }
        };
    }
}
