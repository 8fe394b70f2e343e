package io.perennial.http;

import io.helidon.common.uri.UriPath;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.perennial.eventstore.StreamKey;
import java.util.HexFormat;

/// Where streams lie in a URL: `/v1/stream/{path}`, the path being the stream's key.
///
/// The key is the path as it was sent, its escapes normalised (RFC 3986, section 6.2.2) and never decoded further:
/// `%7E` is `~`, `%2f` is `%2F`, and neither `a%2Fb` is `a/b` nor `a/` is `a`. What a URL can't hold as it is
/// counts as escaped.
final class StreamPath {
    static final String PREFIX = "/v1/stream/";
    /// The first segment of what isn't a stream but speaks of streams.
    static final String RESERVED = "__ds";

    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private static final String KEPT = UNRESERVED + "!$&'()*+,;=:@/";
    private static final int ESCAPE = 3;

    private StreamPath() {}

    /// Matches every path below the prefix.
    static PathMatcher matcher() {
        return below(PREFIX);
    }

    /// Matches every path below another prefix, as it was sent.
    static PathMatcher below(String prefix) {
        return new PathMatcher() {
            @Override
            public PathMatchers.MatchResult match(UriPath path) {
                return path.rawPath().startsWith(prefix)
                        ? PathMatchers.any().match(path)
                        : PathMatchers.MatchResult.notAccepted();
            }

            @Override
            public PathMatchers.PrefixMatchResult prefixMatch(UriPath path) {
                return PathMatchers.PrefixMatchResult.notAccepted();
            }
        };
    }

    /// The stream that the request is about.
    static StreamKey of(ServerRequest request) {
        return key("the path", request.prologue().uriPath().rawPath());
    }

    /// The same, to be written: the registry's stream is the server's alone.
    static StreamKey writable(ServerRequest request) {
        StreamKey key = of(request);
        if (key.equals(RegistryStream.KEY)) {
            throw new ProblemException(Problem.of(
                    Status.FORBIDDEN_403, "ReadOnlyStream", "the stream " + key + " is written by the server alone"));
        }
        return key;
    }

    /// The stream at a path such as `/v1/stream/a`.
    ///
    /// @param name what it is in the request, for the error
    static StreamKey key(String name, String rawPath) {
        if (!rawPath.startsWith(PREFIX) || rawPath.length() == PREFIX.length()) {
            throw invalid(name + " is no stream's: " + PREFIX + " and the stream's name");
        }
        String raw = rawPath.substring(PREFIX.length());
        String path = isNormal(raw) ? raw : normalised(name, raw);
        if (path.length() > StreamKey.LONGEST) {
            throw invalid(name + " is too long: a stream's has at most " + StreamKey.LONGEST + " characters");
        }
        if (path.startsWith("/")) {
            throw invalid(name + " begins with an empty segment");
        }
        if (path.contains(".")) {
            refuseFolders(name, path);
        }
        if (path.equals(RESERVED) || path.startsWith(RESERVED + "/")) {
            throw new ProblemException(Problem.of(
                    Status.NOT_FOUND_404, "NotFound", "there is no stream below " + RESERVED + ", which is reserved"));
        }
        return new StreamKey(path);
    }

    private static void refuseFolders(String name, String path) {
        for (String segment : path.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                throw invalid(name + " has the segment " + segment + ", which would name a folder");
            }
        }
    }

    private static boolean isNormal(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (KEPT.indexOf(path.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    private static String normalised(String name, String path) {
        StringBuilder key = new StringBuilder(path.length());
        int next = 0;
        while (next < path.length()) {
            char c = path.charAt(next);
            if (c == '%') {
                append(key, escaped(name, path, next));
                next += ESCAPE;
            } else if (c <= ' ' || c >= 0x7f) {
                throw invalid(name + " has a character that isn't printable ASCII: percent-encode it");
            } else {
                key.append(KEPT.indexOf(c) >= 0 ? String.valueOf(c) : "%" + hex(c));
                next++;
            }
        }
        return key.toString();
    }

    private static void append(StringBuilder key, int escaped) {
        if (UNRESERVED.indexOf(escaped) >= 0) {
            key.append((char) escaped);
        } else {
            key.append('%').append(hex(escaped));
        }
    }

    private static int escaped(String name, String path, int at) {
        try {
            return HexFormat.fromHexDigits(path, at + 1, at + ESCAPE);
        } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
            throw invalid(name + " has a % that isn't followed by two hexadecimal digits");
        }
    }

    private static String hex(int b) {
        return HexFormat.of().withUpperCase().toHexDigits((byte) b);
    }

    private static ProblemException invalid(String message) {
        return new ProblemException(Problem.badRequest("InvalidPath", message));
    }
}
