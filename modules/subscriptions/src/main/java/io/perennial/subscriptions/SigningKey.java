package io.perennial.subscriptions;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/// An Ed25519 key that webhooks are signed with. The private part is never shown.
final class SigningKey {
    private static final String ALGORITHM = "Ed25519";
    private static final int RAW_BYTES = 32;
    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private final Instant created;
    private final PrivateKey privateKey;
    private final PublicKey publicKey;
    private final WebhookKey shown;

    private SigningKey(Instant created, PrivateKey privateKey, PublicKey publicKey) {
        this.created = created;
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        byte[] encoded = publicKey.getEncoded();
        // The last field of the X.509 form (RFC 8410, section 4) is the key as RFC 8032 has it.
        String x = URL.encodeToString(Arrays.copyOfRange(encoded, encoded.length - RAW_BYTES, encoded.length));
        this.shown = new WebhookKey("ds_" + thumbprint(x), x);
    }

    static SigningKey generate(Instant now) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            return new SigningKey(now, pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    static SigningKey parse(byte[] document) {
        JsonObject json = JsonText.object(document);
        try {
            KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
            return new SigningKey(
                    Instant.parse(json.getString("created")),
                    keys.generatePrivate(new PKCS8EncodedKeySpec(decode(json, "pkcs8"))),
                    keys.generatePublic(new X509EncodedKeySpec(decode(json, "x509"))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the webhook key that was kept can't be read", e);
        }
    }

    private static byte[] decode(JsonObject json, String name) {
        return Base64.getDecoder().decode(json.getString(name));
    }

    byte[] document() {
        Base64.Encoder base64 = Base64.getEncoder();
        return JsonText.bytes(JsonText.object()
                .add("created", created.toString())
                .add("pkcs8", base64.encodeToString(privateKey.getEncoded()))
                .add("x509", base64.encodeToString(publicKey.getEncoded())));
    }

    Instant created() {
        return created;
    }

    WebhookKey shown() {
        return shown;
    }

    /// The value of the header `Webhook-Signature`: the signature is over the time, a dot, and the body's bytes.
    String sign(Instant now, byte[] body) {
        long seconds = now.getEpochSecond();
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey);
            signature.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
            signature.update(body);
            return "t=" + seconds + ",kid=" + shown.kid() + ",ed25519=" + URL.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /// RFC 7638, over the members that RFC 8037 asks for.
    private static String thumbprint(String x) {
        String members = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + x + "\"}";
        try {
            return URL.encodeToString(
                    MessageDigest.getInstance("SHA-256").digest(members.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("every Java runtime has Ed25519 and SHA-256", e);
    }
}
