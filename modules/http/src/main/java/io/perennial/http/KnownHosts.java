package io.perennial.http;

import io.helidon.http.Status;
import io.helidon.webserver.http.RoutingRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names by which a server may be called that is open to whoever reaches it: a page of another site can have its
/// own domain point here, and would be taken for a page of this server. Safe for use by many threads.
final class KnownHosts {
    static final KnownHosts ANY = new KnownHosts(Optional.empty());

    private static final String LOCAL = "localhost";
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*\\]");
    private static final Pattern AUTHORITY = Pattern.compile("(\\[.*\\]|[^:]*)(:[0-9]*)?");

    private final Optional<Set<String>> names;
    // Mostly the next request has it, too, and needn't be taken apart.
    private volatile String lastTaken = LOCAL;

    /// @param names besides `localhost` and addresses, in lower case; any where it is empty
    KnownHosts(Optional<Set<String>> names) {
        this.names = names.map(Set::copyOf);
    }

    /// @throws ProblemException 421
    void require(RoutingRequest request) {
        if (names.isPresent() && !request.authority().equals(lastTaken)) {
            require(request.authority(), names.get());
            lastTaken = request.authority();
        }
    }

    private static void require(String authority, Set<String> names) {
        Matcher parts = AUTHORITY.matcher(authority.toLowerCase(Locale.ROOT));
        String host = parts.matches() ? parts.group(1) : authority;
        // Whatever else is a name that somebody may have given to this machine: on the Internet, or in its network.
        boolean isLocal = host.equals(LOCAL)
                || host.endsWith("." + LOCAL)
                || ADDRESS.matcher(host).matches();
        if (!isLocal && !names.contains(host)) {
            throw new ProblemException(Problem.of(
                    Status.MISDIRECTED_REQUEST_421,
                    "MisdirectedRequest",
                    "this server is open to whoever reaches it, and isn't known as " + host
                            + ": say so by public-url, or have everybody say who they are"));
        }
    }
}
