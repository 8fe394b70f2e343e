package io.perennial.access;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// A public key of the issuer's, and the one algorithm that it is for.
///
/// Callers ask it whether it is still trusted, so that nobody has to know which callers there are.
final class TrustedKey {
    private final Optional<String> kid;
    private final Algorithm algorithm;
    private final PublicKey key;
    private final String fingerprint;
    private volatile boolean withdrawn;

    TrustedKey(Optional<String> kid, Algorithm algorithm, PublicKey key) {
        this.kid = kid;
        this.algorithm = algorithm;
        this.key = key;
        this.fingerprint = fingerprint(key);
    }

    Algorithm algorithm() {
        return algorithm;
    }

    PublicKey key() {
        return key;
    }

    /// Another one for each key: SHA-256, base64url.
    String fingerprint() {
        return fingerprint;
    }

    private static String fingerprint(PublicKey key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
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
