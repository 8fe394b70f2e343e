package io.perennial.eventstore;

/// Whether a store can write, as of its last attempt. Reads go on in any case, as far as the disk lets them.
public sealed interface StoreHealth {
    /// The last commit succeeded.
    record Writing() implements StoreHealth {}

    /// The last commit was refused, as by a full disk: nothing of it is stored. The store tries again by itself, about
    /// once a second.
    ///
    /// @param reason for a person
    record Refusing(String reason) implements StoreHealth {}

    /// Nothing is written any more until the store is opened anew: it was closed, or a commit failed so that nobody
    /// knows what of it is on disk.
    ///
    /// @param reason for a person
    record Ended(String reason) implements StoreHealth {}
}
