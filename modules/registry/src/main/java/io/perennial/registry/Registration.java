package io.perennial.registry;

/// What became of a lease that was to be registered.
public sealed interface Registration {
    /// It is in the file.
    ///
    /// @param lease the lease, with the heartbeat that it was given
    record Registered(Lease lease) implements Registration {}

    /// Somebody else holds its id; nothing changed.
    record Taken() implements Registration {}

    /// There is no room for it, even without those that went stale; nothing changed but their eviction.
    ///
    /// @param reason which limit is reached, as a sentence without its stop
    record Full(String reason) implements Registration {}
}
