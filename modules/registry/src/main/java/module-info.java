import org.jspecify.annotations.NullMarked;

/// Which servers of this machine are alive: leases in one file, and the daemon that keeps one of them.
///
/// Every server process reads and rewrites the same [file][io.perennial.registry.RegistryConfig#file()] under a lock
/// that all of them respect. A lease that its server no longer renews goes stale and is evicted by whoever looks next;
/// each process hears of every change once, wherever it was made.
///
/// This module will never know HTTP, or the event store: a lease comes in as a JSON object, and a change goes out to a
/// listener.
@NullMarked
module io.perennial.registry {
    requires transitive jakarta.json;
    requires static org.jspecify;

    exports io.perennial.registry;
}
