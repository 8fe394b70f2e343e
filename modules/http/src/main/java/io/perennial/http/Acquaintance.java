package io.perennial.http;

import io.helidon.webserver.http.ServerRequest;
import io.perennial.access.Caller;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

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
        return known != null && areEqual(known.said, bytes(said)) ? Optional.of(known.caller) : Optional.empty();
    }

    // As MessageDigest.isEqual, which looks at one byte at a time and takes five times as long: a JWT has hundreds of
    // them, and is compared with every request.
    private static boolean areEqual(byte[] known, byte[] said) {
        if (known.length != said.length) {
            return false;
        }
        long difference = 0;
        int i = 0;
        for (; i <= known.length - Long.BYTES; i += Long.BYTES) {
            difference |= (long) LONGS.get(known, i) ^ (long) LONGS.get(said, i);
        }
        for (; i < known.length; i++) {
            difference |= known[i] ^ said[i];
        }
        return difference == 0;
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
