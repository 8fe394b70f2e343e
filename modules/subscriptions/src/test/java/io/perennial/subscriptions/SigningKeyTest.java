package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SigningKeyTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.999Z");
    private static final byte[] BODY = "{\"wake_id\":\"w_é\"}".getBytes(StandardCharsets.UTF_8);
    private static final Pattern HEADER = Pattern.compile("t=([0-9]+),kid=([^,]+),ed25519=([A-Za-z0-9_-]+)");

    private final SigningKey key = SigningKey.generate(NOW);

    @Test
    void a_signature_is_verified_with_nothing_but_what_is_shown() throws Exception {
        Matcher header = header(key.sign(NOW, BODY));
        assertEquals(String.valueOf(NOW.getEpochSecond()), header.group(1));
        assertEquals(key.shown().kid(), header.group(2));
        assertTrue(verifies(header, BODY));
    }

    @Test
    void a_signature_is_of_its_body_and_its_time() throws Exception {
        Matcher header = header(key.sign(NOW, BODY));
        assertFalse(verifies(header, "{}".getBytes(StandardCharsets.UTF_8)));
        String later = "t=" + (NOW.getEpochSecond() + 1) + ",kid=k,ed25519=" + header.group(3);
        assertFalse(verifies(header(later), BODY));
    }

    @Test
    void an_empty_body_is_signed_too() throws Exception {
        assertTrue(verifies(header(key.sign(NOW, new byte[0])), new byte[0]));
    }

    @Test
    void the_key_is_shown_as_32_bytes_without_padding() {
        assertEquals(43, key.shown().x().length());
        assertEquals(32, Base64.getUrlDecoder().decode(key.shown().x()).length);
    }

    @Test
    void a_key_is_known_by_its_thumbprint() throws Exception {
        String members =
                "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + key.shown().x() + "\"}";
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(members.getBytes(StandardCharsets.UTF_8));
        assertEquals(
                "ds_" + Base64.getUrlEncoder().withoutPadding().encodeToString(digest),
                key.shown().kid());
    }

    /// RFC 8037, appendices A.1 to A.3.
    @Test
    void the_key_of_the_standard_has_the_thumbprint_of_the_standard() {
        byte[] seed = Base64.getUrlDecoder().decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
        byte[] raw = Base64.getUrlDecoder().decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        byte[] document = JsonText.bytes(JsonText.object()
                .add("created", NOW.toString())
                .add("pkcs8", base64("302e020100300506032b657004220420", seed))
                .add("x509", base64("302a300506032b6570032100", raw)));
        WebhookKey shown = SigningKey.parse(document).shown();
        assertEquals("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", shown.x());
        assertEquals("ds_kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", shown.kid());
    }

    @Test
    void a_key_that_was_kept_is_the_same_key() throws Exception {
        SigningKey again = SigningKey.parse(key.document());
        assertEquals(key.shown(), again.shown());
        assertEquals(NOW, again.created());
        assertTrue(verifies(header(again.sign(NOW, BODY)), BODY));
    }

    @Test
    void two_keys_are_different_ones() {
        assertNotEquals(key.shown(), SigningKey.generate(NOW).shown());
    }

    @Test
    void a_key_that_is_damaged_is_not_used() {
        byte[] document = JsonText.bytes(JsonText.object()
                .add("created", NOW.toString())
                .add("pkcs8", "AAAA")
                .add("x509", "AAAA"));
        assertThrows(IllegalStateException.class, () -> SigningKey.parse(document));
    }

    private static Matcher header(String value) {
        Matcher header = HEADER.matcher(value);
        assertTrue(header.matches(), value);
        return header;
    }

    private boolean verifies(Matcher header, byte[] body) throws Exception {
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        signed.writeBytes((header.group(1) + ".").getBytes(StandardCharsets.US_ASCII));
        signed.writeBytes(body);
        byte[] x = Base64.getUrlDecoder().decode(key.shown().x());
        byte[] x509 = Base64.getDecoder().decode(base64("302a300506032b6570032100", x));
        PublicKey shown = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(shown);
        signature.update(signed.toByteArray());
        return signature.verify(Base64.getUrlDecoder().decode(header.group(3)));
    }

    private static String base64(String hexPrefix, byte[] rest) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(HexFormat.of().parseHex(hexPrefix));
        all.writeBytes(rest);
        return Base64.getEncoder().encodeToString(all.toByteArray());
    }
}
