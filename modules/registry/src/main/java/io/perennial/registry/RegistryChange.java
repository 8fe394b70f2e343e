package io.perennial.registry;

/// Something that happened to a lease, in this process or in another one. A renewal is not a change.
public sealed interface RegistryChange {
    /// The lease as it is, or as it was last seen.
    Lease lease();

    /// A server is there; or it is the same id, but another url, port, pid or metadata, in which case nothing tells of
    /// its former lease.
    record Joined(Lease lease) implements RegistryChange {}

    /// The lease is gone, and it was not stale.
    record Left(Lease lease) implements RegistryChange {}

    /// The lease is gone, and it was stale, whoever removed it.
    record Expired(Lease lease) implements RegistryChange {}
}
