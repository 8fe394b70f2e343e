package io.perennial.access;

/// By what whoever has a token is known.
public sealed interface Proof permits HashedSecret, CertificateName {}
