package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Verifies webhooks as their receivers do: with the keys of the key set and nothing else.
final class Signatures {
    private static final Pattern HEADER = Pattern.compile("t=([0-9]+),kid=([^,]+),ed25519=([A-Za-z0-9_-]{86})");

    private Signatures() {}

    static boolean verifies(String header, byte[] body, List<WebhookKey> keys, Instant now)
            throws GeneralSecurityException {
        Matcher parts = HEADER.matcher(header);
        assertTrue(parts.matches(), header);
        assertEquals(now.getEpochSecond(), Long.parseLong(parts.group(1)));
        WebhookKey key = keys.stream()
                .filter(one -> one.kid().equals(parts.group(2)))
                .findFirst()
                .orElseThrow();
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(publicKey(key));
        signature.update((parts.group(1) + ".").getBytes(StandardCharsets.US_ASCII));
        signature.update(body);
        return signature.verify(Base64.getUrlDecoder().decode(parts.group(3)));
    }

    // RFC 8032, section 5.1.2: little-endian, and the highest bit is the sign of x.
    private static PublicKey publicKey(WebhookKey key) throws GeneralSecurityException {
        byte[] raw = Base64.getUrlDecoder().decode(key.x());
        byte[] bigEndian = new byte[raw.length];
        for (int i = 0; i < raw.length; i++) {
            bigEndian[i] = raw[raw.length - 1 - i];
        }
        boolean isOdd = (bigEndian[0] & 0x80) != 0;
        bigEndian[0] &= 0x7f;
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(
                        NamedParameterSpec.ED25519, new EdECPoint(isOdd, new BigInteger(1, bigEndian))));
    }
}
