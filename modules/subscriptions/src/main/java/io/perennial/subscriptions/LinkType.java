package io.perennial.subscriptions;

/// Why a subscription is linked to a stream.
public enum LinkType {
    /// Its pattern matches.
    GLOB,
    /// It was named.
    EXPLICIT
}
