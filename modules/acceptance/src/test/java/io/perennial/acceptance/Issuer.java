package io.perennial.acceptance;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/// Whoever issues JWTs, with a key pair and nothing but the JDK.
record Issuer(String kid, KeyPair pair) {
    static final String NAME = "https://issuer.example";
    static final String AUDIENCE = "streams";

    private static final int KEY_BYTES = 32;

    static Issuer withKey(String kid) {
        try {
            return new Issuer(kid, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The JWK Set with the public key.
    String jwks() {
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
        return "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" + kid + "\",\"use\":\"sig\",\"x\":\""
                + base64(point) + "\"}]}";
    }

    /// The header of a request with a token of this.
    ///
    /// @param end to the millisecond
    String[] bearer(Instant end, String... allowed) {
        return bearer(token(end, allowed));
    }

    static String[] bearer(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    String token(Instant end, String... allowed) {
        String exp = end.getEpochSecond() + "." + String.format("%03d", end.getNano() / 1_000_000);
        String header = "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"" + kid + "\"}";
        String claims = "{\"iss\":\"" + NAME + "\",\"aud\":[\"other\",\"" + AUDIENCE + "\"],\"sub\":\"alice\",\"exp\":"
                + exp + ",\"perennial\":\"" + String.join(" ", allowed) + "\"}";
        String signed =
                base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
