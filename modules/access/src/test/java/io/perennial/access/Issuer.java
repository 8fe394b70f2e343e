package io.perennial.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/// Whoever issues tokens: real keys, and tokens of which every byte is up to the test.
final class Issuer {
    static final String NAME = "https://issuer.example";
    static final String AUDIENCE = "streams";

    static final Signing RSA = Signing.rsa("rsa", 2_048);
    static final Signing EC = Signing.ec("ec", "secp256r1");
    static final Signing ED = Signing.ed("ed");

    /// A key pair by its name.
    record Signing(String kid, KeyPair pair) {
        static Signing rsa(String kid, int bits) {
            return make(kid, "RSA", generator -> generator.initialize(bits));
        }

        static Signing ec(String kid, String curve) {
            return make(kid, "EC", generator -> generator.initialize(new ECGenParameterSpec(curve)));
        }

        static Signing ed(String kid) {
            return make(kid, "Ed25519", _ -> {});
        }

        private interface Setup {
            void on(KeyPairGenerator generator) throws GeneralSecurityException;
        }

        private static Signing make(String kid, String type, Setup setup) {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
                setup.on(generator);
                return new Signing(kid, generator.generateKeyPair());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        Signing called(String other) {
            return new Signing(other, pair);
        }

        PrivateKey secret() {
            return pair.getPrivate();
        }

        String alg() {
            return switch (pair.getPublic().getAlgorithm()) {
                case "RSA" -> "RS256";
                case "EC" -> "ES256";
                default -> "EdDSA";
            };
        }

        /// As a JWK, with more members; without a `kid` where that is empty.
        String jwk(String... members) {
            return jwk(OutputControlLevel.PUBLIC_ONLY, members);
        }

        /// The same with its private half.
        String privateJwk() {
            return jwk(OutputControlLevel.INCLUDE_PRIVATE);
        }

        private String jwk(OutputControlLevel level, String... members) {
            try {
                PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic());
                key.setPrivateKey(secret());
                if (!kid.isEmpty()) {
                    key.setKeyId(kid);
                }
                String json = key.toJson(level);
                return json.substring(0, json.length() - 1)
                        + Arrays.stream(members).map(member -> "," + member).collect(Collectors.joining())
                        + "}";
            } catch (JoseException e) {
                throw new IllegalStateException(e);
            }
        }

        /// A token with its header as usual.
        String sign(String claims) {
            return sign("{\"alg\":\"" + alg() + "\",\"kid\":\"" + kid + "\"}", claims);
        }

        /// A token with any header, signed as the key does.
        String sign(String header, String claims) {
            return Issuer.sign(header, claims, jca(), secret());
        }

        private String jca() {
            return switch (alg()) {
                case "RS256" -> "SHA256withRSA";
                case "ES256" -> "SHA256withECDSAinP1363Format";
                default -> "Ed25519";
            };
        }
    }

    private Issuer() {}

    static String jwks(String... keys) {
        return "{\"keys\":[" + String.join(",", keys) + "]}";
    }

    static String jwks(Signing... keys) {
        return jwks(Arrays.stream(keys).map(Signing::jwk).toArray(String[]::new));
    }

    static String sign(String header, String claims, String jca, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance(jca);
            signature.initSign(key);
            String signed = encoded(header) + "." + encoded(claims);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encoded(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String encoded(String text) {
        return encoded(text.getBytes(StandardCharsets.UTF_8));
    }

    static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
