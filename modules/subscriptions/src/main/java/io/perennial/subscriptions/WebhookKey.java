package io.perennial.subscriptions;

/// The public part of an Ed25519 key that webhooks are signed with, as a JSON Web Key names its parts.
///
/// @param kid `ds_` and the key's thumbprint (RFC 7638)
/// @param x the key, in base64url without padding (RFC 8037)
public record WebhookKey(String kid, String x) {}
