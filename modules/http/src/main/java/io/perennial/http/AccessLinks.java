package io.perennial.http;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.access.AccessException;
import io.perennial.access.Caller;
import io.perennial.access.Link;
import io.perennial.access.Links;
import io.perennial.access.Permission;
import io.perennial.eventstore.StreamGlob;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/// `POST /access-links`: makes a link by which some streams can be read for a while, by whoever has it.
final class AccessLinks {
    private static final Duration USUAL = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(7);

    private final Guard guard;
    private final InstantSource clock;
    private final int bodyLimitBytes;

    AccessLinks(Guard guard, InstantSource clock, HttpConfig config) {
        this.guard = guard;
        this.clock = clock;
        this.bodyLimitBytes = config.bodyLimitBytes();
    }

    void make(ServerRequest request, ServerResponse response) {
        RequestOrigin.requireOwn(request);
        JsonObject body = JsonText.object(guard.body(request, bodyLimitBytes));
        StreamGlob paths = paths(body);
        guard.require(request, Permission.READ, paths);
        Caller caller = guard.caller(request);
        Instant end = clock.instant().plus(lifetime(body));
        Link link = new Link(
                paths,
                // Nobody gives more than they have.
                caller.expires().filter(end::isAfter).orElse(end),
                origin(body),
                caller.maker(),
                caller.name());
        Answers.json(
                request,
                response,
                Status.CREATED_201,
                JsonText.object()
                        .add(Identification.LINK, signed(link))
                        .add("expiresAt", link.expires().toString())
                        .build());
    }

    private String signed(Link link) {
        Links links = guard.links()
                .orElseThrow(() -> new ProblemException(
                        Problem.of(Status.CONFLICT_409, "NoLinks", "this server has no key to sign links with")));
        try {
            return links.make(link);
        } catch (AccessException e) {
            throw new ProblemException(
                    Problem.of(Status.INTERNAL_SERVER_ERROR_500, "NoLinks", String.valueOf(e.getMessage())));
        }
    }

    private static StreamGlob paths(JsonObject body) {
        try {
            return new StreamGlob(text(body, "paths").orElse(""));
        } catch (IllegalArgumentException e) {
            throw invalid("paths: " + e.getMessage());
        }
    }

    private static Duration lifetime(JsonObject body) {
        try {
            Duration lifetime = text(body, "expires").map(Duration::parse).orElse(USUAL);
            if (lifetime.isPositive() && lifetime.compareTo(LONGEST) <= 0) {
                return lifetime;
            }
        } catch (DateTimeParseException _) {
            // Answered below like any other.
        }
        throw invalid("expires is an ISO 8601 duration above zero and of at most P7D, such as PT1H");
    }

    // It is compared with what a browser sends, letter by letter: any other spelling would be a link for nobody.
    private static Optional<String> origin(JsonObject body) {
        return text(body, "origin").map(origin -> {
            if (RequestOrigin.isSpeltAsSent(origin)) {
                return origin;
            }
            throw invalid("origin is what a browser sends as such: scheme://host or scheme://host:port in lower case,"
                    + " with no path, no slash at its end and not the port that the scheme has anyway, such as"
                    + " https://app.example");
        });
    }

    private static Optional<String> text(JsonObject body, String name) {
        return Optional.ofNullable(body.get(name)).map(value -> {
            if (value instanceof JsonString text) {
                return text.getString();
            }
            throw invalid(name + " is a string");
        });
    }

    private static ProblemException invalid(String message) {
        return new ProblemException(Problem.badRequest("InvalidLink", message));
    }
}
