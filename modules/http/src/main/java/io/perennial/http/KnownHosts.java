package io.perennial.http;

import io.helidon.http.Status;
import io.helidon.webserver.http.RoutingRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names by which a server may be called that is open to whoever reaches it: a page of another site can have
/// its own domain point here, and would be taken for a page of this server.
///
/// @param names besides `localhost` and addresses, in lower case; any where it is empty
record KnownHosts(Optional<Set<String>> names) {
    static final KnownHosts ANY = new KnownHosts(Optional.empty());

    private static final String LOCAL = "localhost";
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*\\]");
    private static final Pattern AUTHORITY = Pattern.compile("(\\[.*\\]|[^:]*)(:[0-9]*)?");

    /// @throws ProblemException 421
    void require(RoutingRequest request) {
        if (names.isEmpty()) {
            return;
        }
        Matcher authority = AUTHORITY.matcher(request.authority().toLowerCase(Locale.ROOT));
        String host = authority.matches() ? authority.group(1) : request.authority();
        // Whatever else is a name that somebody may have given to this machine: on the Internet, or in its network.
        boolean isLocal = host.equals(LOCAL)
                || host.endsWith("." + LOCAL)
                || ADDRESS.matcher(host).matches();
        if (!isLocal && !names.get().contains(host)) {
            throw new ProblemException(Problem.of(
                    Status.MISDIRECTED_REQUEST_421,
                    "MisdirectedRequest",
                    "this server is open to whoever reaches it, and isn't known as " + host
                            + ": say so by public-url, or have everybody say who they are"));
        }
    }
}
