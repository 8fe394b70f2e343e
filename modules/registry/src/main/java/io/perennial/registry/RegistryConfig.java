package io.perennial.registry;

import java.nio.file.Path;
import java.time.Duration;

/// Where the leases are, and how long things may take. Every process that shares the file should say the same.
///
/// @param file the leases of all servers; `<file>.lock`, `<file>.tmp` and `<file>.corrupt-<time>` lie beside it. A
///     symbolic link is followed once, when the registry is opened
/// @param ttl how long a lease lasts without a heartbeat; longer than `heartbeatEvery`
/// @param heartbeatEvery how often a [Heartbeat] renews its lease; longer than zero
/// @param lockWait how long an operation waits for other processes to let go of the file; longer than zero
/// @param maxLeases the most leases that registering may lead to, 1 or more; what is there already stays
public record RegistryConfig(Path file, Duration ttl, Duration heartbeatEvery, Duration lockWait, int maxLeases) {
    private static final Duration LONGEST = Duration.ofDays(365);

    public RegistryConfig {
        requireSensible("heartbeatEvery", heartbeatEvery);
        requireSensible("ttl", ttl);
        requireSensible("lockWait", lockWait);
        if (ttl.compareTo(heartbeatEvery) <= 0) {
            throw new IllegalArgumentException("ttl " + ttl + " is not longer than heartbeatEvery " + heartbeatEvery);
        }
        if (maxLeases < 1) {
            throw new IllegalArgumentException("maxLeases is less than 1: " + maxLeases);
        }
    }

    /// A TTL of 30 s, a heartbeat every 15 s, 5 s for the lock, 10,000 leases.
    public static RegistryConfig of(Path file) {
        return new RegistryConfig(file, Duration.ofSeconds(30), Duration.ofSeconds(15), Duration.ofSeconds(5), 10_000);
    }

    private static void requireSensible(String name, Duration duration) {
        if (!duration.isPositive() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " is not longer than zero, or is longer than a year: " + duration);
        }
    }
}
