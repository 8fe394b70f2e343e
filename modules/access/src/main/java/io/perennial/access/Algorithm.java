package io.perennial.access;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Optional;
import org.jose4j.keys.EllipticCurves;

/// How a token may be signed: by what only a key pair can do, and each by one type of key.
enum Algorithm {
    RS256("RS256") {
        @Override
        boolean fits(PublicKey key) {
            return key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= LEAST_RSA_BITS;
        }
    },
    ES256("ES256") {
        @Override
        boolean fits(PublicKey key) {
            return key instanceof ECPublicKey ec
                    && EllipticCurves.P_256.equals(
                            EllipticCurves.getName(ec.getParams().getCurve()));
        }
    },
    EDDSA("EdDSA") {
        @Override
        boolean fits(PublicKey key) {
            return key instanceof EdECPublicKey;
        }
    };

    private static final int LEAST_RSA_BITS = 2_048;

    private final String text;

    Algorithm(String text) {
        this.text = text;
    }

    /// As headers and keys have it, which is case-sensitive.
    String text() {
        return text;
    }

    abstract boolean fits(PublicKey key);

    static Optional<Algorithm> of(String text) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.text.equals(text))
                .findFirst();
    }

    static Optional<Algorithm> of(PublicKey key) {
        return Arrays.stream(values()).filter(algorithm -> algorithm.fits(key)).findFirst();
    }
}
