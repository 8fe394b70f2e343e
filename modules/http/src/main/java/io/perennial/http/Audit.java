package io.perennial.http;

import io.helidon.webserver.http.ServerRequest;
import io.perennial.access.Caller;
import io.perennial.eventstore.StreamKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.regex.Pattern;

/// Who did what, and who was kept from it: a line each in the log `io.perennial.audit`, and no secret in any of them.
///
/// Whoever is refused can ask again at once, so that a second has at most so many lines of refusals; how many more
/// there were is said afterwards. Safe for use by many threads.
final class Audit {
    private static final Logger LOG = System.getLogger("io.perennial.audit");
    private static final int REFUSALS_A_SECOND = 100;
    private static final int FORBIDDEN = 403;
    private static final int LONGEST = 256;
    private static final Pattern CONTROL = Pattern.compile("[^ -~]");
    private static final char FIRST_PRINTABLE = '!';
    private static final char LAST_PRINTABLE = '~';

    private final InstantSource clock;
    private final ClientAddress addresses;
    private long second;
    private int refusals;

    Audit(InstantSource clock, ClientAddress addresses) {
        this.clock = clock;
        this.addresses = addresses;
    }

    void created(ServerRequest request, Caller by, StreamKey stream) {
        LOG.log(Level.INFO, "audit.created stream=" + stream + who(request, by.name()));
    }

    void deleted(ServerRequest request, Caller by, StreamKey stream) {
        LOG.log(Level.INFO, "audit.deleted stream=" + stream + who(request, by.name()));
    }

    /// @param by empty where nobody knows them
    void refused(ServerRequest request, String by, int status, String reason) {
        if (!isTold()) {
            return;
        }
        LOG.log(
                status == FORBIDDEN ? Level.WARNING : Level.INFO,
                "audit.refused status=" + status + " method="
                        + plain(request.prologue().method().text()) + " path="
                        + plain(cut(request.prologue().uriPath().rawPath())) + who(request, by) + " reason="
                        + CONTROL.matcher(cut(reason)).replaceAll("?"));
    }

    private synchronized boolean isTold() {
        long now = clock.millis() / 1_000;
        if (now != second) {
            if (refusals > REFUSALS_A_SECOND) {
                LOG.log(Level.WARNING, "audit.refused-more count=" + (refusals - REFUSALS_A_SECOND));
            }
            second = now;
            refusals = 0;
        }
        refusals++;
        return refusals <= REFUSALS_A_SECOND;
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
