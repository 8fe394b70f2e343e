package io.perennial.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The page that had a browser send a request: of this server, of another, or none at all.
///
/// A browser names it where a page is to read the answer, or where something may be changed (`Origin`), and says of
/// everything else whether it is another's (`Sec-Fetch-Site`, Fetch metadata). Other clients say neither.
final class RequestOrigin {
    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
    // The second is of what somebody typed or has among their bookmarks.
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");
    private static final String SECURE = "https://";
    private static final Pattern ORIGIN =
            Pattern.compile("([a-z][a-z0-9+.-]*)://(?:[a-z0-9._-]+|\\[[0-9a-f:.]+\\])(?::([1-9][0-9]{0,4}))?");
    private static final Map<String, Integer> USUAL_PORTS = Map.of("http", 80, "https", 443);
    private static final int LAST_PORT = 65_535;

    private RequestOrigin() {}

    /// Whether it is one in the spelling in which browsers send it (HTML standard, serialization of an origin), and not
    /// `null`, which is nobody's.
    static boolean isSpeltAsSent(String origin) {
        Matcher parts = ORIGIN.matcher(origin);
        if (!parts.matches()) {
            return false;
        }
        int port = Optional.ofNullable(parts.group(2)).map(Integer::parseInt).orElse(1);
        return port <= LAST_PORT && port != USUAL_PORTS.getOrDefault(parts.group(1), 0);
    }

    /// Whether it is this server's own, whatever the scheme: behind a proxy that ends TLS, the server doesn't know it.
    static boolean isOwn(String origin, ServerRequest request) {
        int authority = origin.indexOf("://");
        return authority >= 0 && origin.substring(authority + 3).equalsIgnoreCase(request.authority());
    }

    /// The page of another that it comes from, where it does, as the request has it.
    static Optional<String> other(ServerRequest request) {
        return otherNamed(request).or(() -> otherSite(request));
    }

    /// The same, of those that the browser names.
    static Optional<String> otherNamed(ServerRequest request) {
        return sent(request).stream().filter(origin -> !isOwn(origin, request)).findFirst();
    }

    /// The same for what a browser brings by itself, such as its certificate: a page that came without TLS may be
    /// whoever's is on the way.
    static Optional<String> otherOrInsecure(ServerRequest request) {
        return other(request)
                .or(() -> sent(request).stream()
                        .filter(origin -> !origin.startsWith(SECURE))
                        .findFirst());
    }

    private static List<String> sent(ServerRequest request) {
        return request.headers().all(HeaderNames.ORIGIN, List::of);
    }

    private static Optional<String> otherSite(ServerRequest request) {
        return request.headers().all(FETCH_SITE, List::of).stream()
                .filter(site -> !OWN_SITES.contains(site))
                .findFirst();
    }

    /// Refuses the pages of others, who need not be allowed to read an answer to have something done.
    ///
    /// @throws ProblemException 403
    static void requireOwn(ServerRequest request) {
        other(request).ifPresent(other -> {
            throw new ProblemException(Problem.of(
                    Status.FORBIDDEN_403,
                    "OriginNotAllowed",
                    "pages of other origins (" + other + ") can't have this done"));
        });
    }
}
