package io.perennial.http;

import io.helidon.webserver.http.ServerRequest;
import io.perennial.access.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whom the last request of a connection was from, and whose its client's certificate is: the next one mostly is from
/// them, too, and needn't be looked up again. Safe for use by many threads.
///
/// What they said is compared in a time that doesn't tell where it differs, since behind a proxy others may come by the
/// same connection.
final class Acquaintance {
    // In characters: every connection may have one to keep.
    private static final int LONGEST = 4096;

    private volatile @Nullable Known last;
    private volatile @Nullable Caller certified;

    private static final class Known {
        private final byte[] said;
        private final Caller caller;

        private Known(byte[] said, Caller caller) {
            this.said = said;
            this.caller = caller;
        }
    }

    static Acquaintance of(ServerRequest request) {
        return request.remotePeer() instanceof Audience audience ? audience.acquaintance() : new Acquaintance();
    }

    /// Who said that last, if somebody did; their time may be over meanwhile.
    Optional<Caller> recall(String said) {
        Known known = last;
        return known != null && MessageDigest.isEqual(known.said, bytes(said))
                ? Optional.of(known.caller)
                : Optional.empty();
    }

    void remember(String said, Caller caller) {
        if (said.length() <= LONGEST) {
            last = new Known(bytes(said), caller);
        }
    }

    /// Whose the certificate is, if somebody has found out; their time may be over meanwhile.
    Optional<Caller> certified() {
        return Optional.ofNullable(certified);
    }

    /// A connection has the same certificate as long as it lasts.
    void certify(Caller caller) {
        certified = caller;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
