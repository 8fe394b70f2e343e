package io.perennial.benchmarks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Whoever makes JWTs for a benchmark, signed with RS256, with a key of its own.
record Issuer(KeyPair pair) {
    static final String NAME = "https://issuer.example";
    static final String AUDIENCE = "perennial";

    private static final int KEY_BITS = 2048;
    private static final Duration LIFETIME = Duration.ofDays(1);

    static Issuer random() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS);
            return new Issuer(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    /// A JWK Set.
    String keys() {
        RSAPublicKey key = (RSAPublicKey) pair.getPublic();
        return "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k\",\"alg\":\"RS256\",\"use\":\"sig\",\"n\":\""
                + encoded(unsigned(key.getModulus().toByteArray())) + "\",\"e\":\""
                + encoded(unsigned(key.getPublicExponent().toByteArray())) + "\"}]}";
    }

    String token(List<String> allowed) {
        Instant now = Instant.now();
        String claims = "{\"iss\":\"" + NAME + "\",\"aud\":\"" + AUDIENCE + "\",\"sub\":\"benchmark\",\"iat\":"
                + now.getEpochSecond() + ",\"exp\":" + now.plus(LIFETIME).getEpochSecond() + ",\"perennial\":\""
                + String.join(" ", allowed) + "\"}";
        String signed = encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k\"}".getBytes(StandardCharsets.US_ASCII))
                + "." + encoded(claims.getBytes(StandardCharsets.US_ASCII));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(pair.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encoded(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RS256", e);
        }
    }

    // Without the byte that keeps a number positive.
    private static byte[] unsigned(byte[] number) {
        int from = number[0] == 0 ? 1 : 0;
        return Arrays.copyOfRange(number, from, number.length);
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
