package io.perennial.access;

import java.security.PublicKey;
import java.util.Arrays;
import java.util.Optional;

/// A public key of the issuer's, and the one algorithm that it is for.
///
/// Callers ask it whether it is still trusted, so that nobody has to know which callers there are.
final class TrustedKey {
    private final Optional<String> kid;
    private final Algorithm algorithm;
    private final PublicKey key;
    private volatile boolean withdrawn;

    TrustedKey(Optional<String> kid, Algorithm algorithm, PublicKey key) {
        this.kid = kid;
        this.algorithm = algorithm;
        this.key = key;
    }

    Algorithm algorithm() {
        return algorithm;
    }

    PublicKey key() {
        return key;
    }

    /// Where a token names no key, each that is for its algorithm does.
    boolean isMeantBy(SignedToken token) {
        return algorithm == token.algorithm()
                && (token.kid().isEmpty() || token.kid().equals(kid));
    }

    boolean isSame(TrustedKey other) {
        return kid.equals(other.kid)
                && algorithm == other.algorithm
                && Arrays.equals(key.getEncoded(), other.key.getEncoded());
    }

    /// From now on nobody is known by it.
    void withdraw() {
        withdrawn = true;
    }

    boolean isWithdrawn() {
        return withdrawn;
    }
}
