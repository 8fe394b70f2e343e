package io.perennial.access;

/// A secret that they send, which is kept nowhere.
///
/// @param hash of it: SHA-256, base64url
public record HashedSecret(String hash) implements Proof {}
