package io.perennial.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/// What pages of other origins may do with streams: everything, where their origin is allowed, and with credentials
/// where it is listed by name (Fetch standard, CORS protocol).
///
/// Comes before a resource: it answers preflights, marks the answers that follow, and refuses the origins
/// that aren't allowed. The last is for what a browser sends without asking: a page that may not read an
/// answer could still append. Helidon's own CORS lets a page of the origin `null` do so, which every page
/// can be in a frame.
final class CrossOrigin implements Handler {
    private static final String ANY = "*";

    private static final Header ANY_ORIGIN = HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
    private static final Header METHODS =
            HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, PUT, POST, DELETE");
    // An EventSource's header, those of a conditional read, and the protocol's.
    private static final Header TAKEN = HeaderValues.createCached(
            HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
            "Accept, Authorization, Cache-Control, Content-Type, If-None-Match, Last-Event-ID, Producer-Epoch,"
                    + " Producer-Id, Producer-Seq, Stream-Closed, Stream-Expires-At, Stream-Fork-Offset,"
                    + " Stream-Fork-Sub-Offset, Stream-Forked-From, Stream-Retain-Age, Stream-Retain-Bytes,"
                    + " Stream-Retain-Count, Stream-Seq, Stream-TTL");
    private static final Header GIVEN = HeaderValues.createCached(
            HeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS,
            "ETag, Location, Producer-Epoch, Producer-Expected-Seq, Producer-Received-Seq, Producer-Seq, Retry-After,"
                    + " Stream-Closed, Stream-Cursor, Stream-Earliest-Offset, Stream-Expires-At, Stream-Next-Offset,"
                    + " Stream-Retain-Age, Stream-Retain-Bytes, Stream-Retain-Count, Stream-SSE-Data-Encoding,"
                    + " Stream-TTL, Stream-Up-To-Date");
    private static final Header CREDENTIALS =
            HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    private static final String LOCAL = "localhost";
    private static final Set<String> LOCAL_HOSTS = Set.of(LOCAL, "127.0.0.1", "[::1]");
    private static final Set<String> HTTP = Set.of("http", "https");
    private static final Header AN_HOUR = HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_MAX_AGE, "3600");

    private final Guard guard;
    private final HttpConfig config;

    CrossOrigin(Guard guard, HttpConfig config) {
        this.guard = guard;
        this.config = config;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        // To whoever names no origin, too: a cache would give the answer to a page, without what the page
        // needs.
        response.header(Names.VARY_ORIGIN);
        Optional<String> origin = request.headers().first(HeaderNames.ORIGIN);
        try {
            if (origin.isEmpty()) {
                response.next();
            } else {
                handle(origin.get(), request, response);
            }
        } catch (ProblemException e) {
            guard.refused(request, e.problem());
            Answers.send(request, response, e.problem());
        }
    }

    private void handle(String origin, ServerRequest request, ServerResponse response) {
        if (isAllowed(origin)) {
            answer(origin, request, response);
        } else if (RequestOrigin.isOwn(origin, request)) {
            response.next();
        } else if (isPreflight(request)) {
            // Without the origin in the answer a browser asks no further.
            preflight(request, response);
        } else {
            guard.admitUnnamed(request);
            throw new ProblemException(Problem.of(
                    Status.FORBIDDEN_403,
                    "OriginNotAllowed",
                    "pages of the origin " + origin + " aren't allowed to use this server"));
        }
    }

    private boolean isAllowed(String origin) {
        return isOpen() || isListed(origin) || (config.allowedOrigins().contains(LOCAL) && isLocal(origin));
    }

    private boolean isListed(String origin) {
        return origin.contains("://") && config.allowedOrigins().contains(origin);
    }

    // A page that this machine serves on another port, as while it is being written.
    private static boolean isLocal(String origin) {
        try {
            URI url = new URI(origin);
            return LOCAL_HOSTS.contains(String.valueOf(url.getHost()))
                    && HTTP.contains(String.valueOf(url.getScheme()));
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private boolean isOpen() {
        return config.allowedOrigins().contains(ANY);
    }

    private void answer(String origin, ServerRequest request, ServerResponse response) {
        response.header(isOpen() ? ANY_ORIGIN : HeaderValues.create(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin));
        if (isListed(origin) && !isOpen()) {
            response.header(CREDENTIALS);
        }
        if (isPreflight(request)) {
            preflight(request, response);
        } else {
            response.header(GIVEN).next();
        }
    }

    private static boolean isPreflight(ServerRequest request) {
        return request.prologue().method().equals(Method.OPTIONS)
                && request.headers().contains(HeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    }

    private void preflight(ServerRequest request, ServerResponse response) {
        guard.admitUnnamed(request);
        response.status(Status.NO_CONTENT_204).header(METHODS).header(TAKEN).header(AN_HOUR);
        Answers.unlessGone(response::send);
    }

    /// What pages may embed without asking.
    Header embedding() {
        return isOpen() ? Names.ANY_ORIGIN_MAY_EMBED : Names.SAME_ORIGIN_MAY_EMBED;
    }
}
