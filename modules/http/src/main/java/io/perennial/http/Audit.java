package io.perennial.http;

import io.helidon.webserver.http.ServerRequest;
import io.perennial.access.Caller;
import io.perennial.eventstore.StreamKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// Who did what, and who was kept from it: a line each in the log `io.perennial.audit`, and no secret in any of them.
///
/// Whoever is refused can ask again at once, so that a second has at most so many lines of refusals with one
/// status; how many more there were is said afterwards. Each status has lines of its own, and so have those who
/// are known: those whom nobody knows can't hide one who is known and tries what they may not. Safe for use by
/// many threads.
final class Audit {
    private static final int REFUSALS_A_SECOND = 100;
    private static final int FORBIDDEN = 403;
    private static final int LONGEST = 256;
    private static final Pattern UNFIT = Pattern.compile("[^ -~]|=");
    private static final char FIRST_PRINTABLE = '!';
    private static final char LAST_PRINTABLE = '~';

    private final InstantSource clock;
    private final ClientAddress addresses;
    private final Logger log;
    private long second;
    // Of this second.
    private final Map<Kind, Integer> refusals = new HashMap<>();

    private record Kind(int status, boolean isKnown) {}

    Audit(InstantSource clock, ClientAddress addresses) {
        this(clock, addresses, System.getLogger("io.perennial.audit"));
    }

    Audit(InstantSource clock, ClientAddress addresses, Logger log) {
        this.clock = clock;
        this.addresses = addresses;
        this.log = log;
    }

    void created(ServerRequest request, Caller by, StreamKey stream) {
        log.log(Level.INFO, "audit.created stream=" + stream + who(request, by.name()));
    }

    void deleted(ServerRequest request, Caller by, StreamKey stream) {
        log.log(Level.INFO, "audit.deleted stream=" + stream + who(request, by.name()));
    }

    /// @param by empty where nobody knows them
    void refused(ServerRequest request, String by, int status, String reason) {
        if (!isTold(new Kind(status, !by.isEmpty()))) {
            return;
        }
        log.log(
                status == FORBIDDEN ? Level.WARNING : Level.INFO,
                "audit.refused status=" + status + " method="
                        + plain(request.prologue().method().text()) + " path="
                        + plain(cut(request.prologue().uriPath().rawPath())) + who(request, by) + " reason="
                        + UNFIT.matcher(cut(reason)).replaceAll("?"));
    }

    private synchronized boolean isTold(Kind kind) {
        tellMore();
        return refusals.merge(kind, 1, Integer::sum) <= REFUSALS_A_SECOND;
    }

    /// Says how many more there were, once their second is over.
    synchronized void tellMore() {
        long now = clock.millis() / 1_000;
        if (now != second) {
            refusals.forEach(this::tellMore);
            second = now;
            refusals.clear();
        }
    }

    private void tellMore(Kind kind, int count) {
        if (count > REFUSALS_A_SECOND) {
            log.log(
                    Level.WARNING,
                    "audit.refused-more status=" + kind.status + " count=" + (count - REFUSALS_A_SECOND));
        }
    }

    private String who(ServerRequest request, String name) {
        return " by=" + (name.isEmpty() ? "-" : plain(name)) + " address=" + plain(addresses.of(request));
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    // What others have chosen neither ends the line nor looks like another field.
    private static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.chars()
                .map(c -> c < FIRST_PRINTABLE || c > LAST_PRINTABLE || c == '=' ? '?' : c)
                .forEach(c -> plain.append((char) c));
        return plain.toString();
    }
}
