package io.perennial.registry;

import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What a server says of itself, and when it last said so. Immutable; what is not a lease cannot be made into one
/// (`IllegalArgumentException`), and [LeaseJson] tells of outside data what it breaks.
///
/// @param id names the server, and has at most one lease: 1 to 200 characters, none of them a control character
/// @param url where it is reached: absolute, http or https, ASCII, at most 2,048 characters
/// @param port where it listens: 1 to 65535
/// @param pid its process: greater than 0
/// @param lastHeartbeat kept to the millisecond; a registry puts its own time here whatever it is given
/// @param metadata whatever else it says: at most 4,096 bytes as compact JSON, at most 32 levels deep; empty where it
///     says nothing else
/// @param owner who alone may renew, replace or remove it, as whoever registers it calls them; empty where it is nobody
///     in particular
public record Lease(String id, URI url, int port, long pid, Instant lastHeartbeat, JsonObject metadata, String owner) {
    public Lease {
        List<Violation> violations = LeaseRule.violations(id, url.toString(), port, pid, metadata);
        if (!violations.isEmpty()) {
            throw new IllegalArgumentException("not a lease: " + violations);
        }
        lastHeartbeat = Instant.ofEpochMilli(lastHeartbeat.toEpochMilli());
    }

    /// Nobody's in particular.
    public Lease(String id, URI url, int port, long pid, Instant lastHeartbeat, JsonObject metadata) {
        this(id, url, port, pid, lastHeartbeat, metadata, "");
    }

    /// The same, of this owner.
    public Lease ownedBy(String name) {
        return new Lease(id, url, port, pid, lastHeartbeat, metadata, name);
    }

    Lease stamped(Instant heartbeat) {
        return new Lease(id, url, port, pid, heartbeat, metadata, owner);
    }

    /// Whether both are of the same process, whatever it says besides.
    boolean isOfSameServer(Lease other) {
        return id.equals(other.id) && url.equals(other.url) && port == other.port && pid == other.pid;
    }

    /// Whether one is at most a renewal of the other.
    boolean saysTheSame(Lease other) {
        return isOfSameServer(other) && metadata.equals(other.metadata) && owner.equals(other.owner);
    }

    /// Stale is older than the TTL, not as old.
    boolean isStale(Instant now, Duration ttl) {
        return Duration.between(lastHeartbeat, now).compareTo(ttl) > 0;
    }
}
