package io.perennial.http;

import java.time.Duration;

/// The bounds of connections.
///
/// @param connections how many there may be at once; one more is answered 503 and closed
/// @param requestTimeout how long a request may take to arrive, from its first byte to the last of its body; where it
///     takes longer, its connection is closed; over HTTP/2 it is answered 408. Looked at by Helidon's timer of idle
///     connections, once in each of its periods
/// @param transitBytes what bodies that haven't arrived yet and pages that haven't been taken may keep of the heap, all
///     together and about; as it fills up pages become smaller, and where it is more, whoever is at it for the longest
///     time is cut off
public record ConnectionLimits(int connections, Duration requestTimeout, long transitBytes) {
    /// 20,000, a minute, 256 MiB.
    public static final ConnectionLimits DEFAULTS = new ConnectionLimits(20_000, Duration.ofMinutes(1), 256L << 20);

    public ConnectionLimits {
        if (connections < 1 || transitBytes < 1 || !requestTimeout.isPositive()) {
            throw new IllegalArgumentException("every bound is positive");
        }
    }
}
