package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final SubscriptionId ID = new SubscriptionId("sub-1");
    private static final WakeRef WAKE = new WakeRef("w_abc", 7);
    private static final byte[] SECRET = "a secret of thirty-two characters".getBytes(StandardCharsets.US_ASCII);

    private final Tokens tokens = new Tokens(SECRET::clone, gone -> !gone.equals("gone"));

    @Test
    void a_token_says_which_wake_it_is_of() {
        assertEquals(new Tokens.Valid(WAKE), tokens.verify(ID, issued(), NOW));
    }

    @Test
    void a_token_of_another_generation_is_of_another_wake() {
        String later = tokens.called(ID, new WakeRef("w_abc", 8), NOW);
        assertNotEquals(new Tokens.Valid(WAKE), tokens.verify(ID, later, NOW));
        assertEquals(new Tokens.Valid(new WakeRef("w_abc", 8)), tokens.verify(ID, later, NOW));
    }

    @Test
    void the_greatest_generation_comes_back_as_it_was() {
        WakeRef wake = new WakeRef("w_abc", Long.MAX_VALUE);
        assertEquals(new Tokens.Valid(wake), tokens.verify(ID, tokens.called(ID, wake, NOW), NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub-2", "sub-", "sub-11", "SUB-1"})
    void a_token_of_another_subscription_is_invalid(String other) {
        assertInvalid(tokens.called(new SubscriptionId(other), WAKE, NOW));
    }

    @Test
    void a_token_of_another_server_is_invalid() {
        assertInvalid(new Tokens(() -> new byte[32], _ -> true).called(ID, WAKE, NOW));
    }

    @Test
    void a_token_is_valid_for_a_day_and_not_a_moment_longer() {
        Instant last = NOW.plus(Tokens.LIFETIME).minus(Duration.ofSeconds(1));
        assertEquals(new Tokens.Valid(WAKE), tokens.verify(ID, issued(), last));
        assertEquals(new Tokens.Expired(), tokens.verify(ID, issued(), NOW.plus(Tokens.LIFETIME)));
        assertEquals(new Tokens.Expired(), tokens.verify(ID, issued(), NOW.plus(Duration.ofDays(400))));
    }

    @Test
    void a_token_of_somebody_who_has_gone_is_invalid() {
        assertEquals(new Tokens.Valid(WAKE), tokens.verify(ID, tokens.claimed(ID, WAKE, "there", NOW), NOW));
        assertInvalid(tokens.claimed(ID, WAKE, "gone", NOW));
    }

    @Test
    void an_expired_token_of_another_subscription_is_invalid() {
        String other = tokens.called(new SubscriptionId("sub-2"), WAKE, NOW);
        assertEquals(new Tokens.Invalid(), tokens.verify(ID, other, NOW.plus(Tokens.LIFETIME)));
    }

    @Test
    void a_token_with_any_character_changed_is_invalid() {
        String token = issued();
        for (int i = 0; i < token.length(); i++) {
            // Base64 gives the last character bits that mean nothing, so several spellings have the same bytes.
            for (char other : new char[] {'A', 'B', 'C', 'D', '.', '=', ' ', 'é'}) {
                if (other != token.charAt(i)) {
                    assertInvalid(token.substring(0, i) + other + token.substring(i + 1));
                }
            }
        }
    }

    @Test
    void a_token_with_any_part_cut_off_or_added_is_invalid() {
        String token = issued();
        for (int length = 0; length < token.length(); length++) {
            assertInvalid(token.substring(0, length));
            assertInvalid(token.substring(token.length() - length));
        }
        assertInvalid(token + "=");
        assertInvalid(token + ".");
        assertInvalid(" " + token);
        assertInvalid(token + "." + token);
        assertInvalid(token + "A".repeat(100_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"none\"}",
                "{\"alg\":\"none\",\"typ\":\"JWT\"}",
                "{\"alg\":\"HS512\",\"typ\":\"JWT\"}",
                "{\"typ\":\"JWT\",\"alg\":\"HS256\"}",
            })
    void a_token_with_another_header_is_invalid_whatever_its_signature(String header) throws Exception {
        String claims = issued().split("\\.", -1)[1];
        String signed = base64(header.getBytes(StandardCharsets.US_ASCII)) + "." + claims;
        assertInvalid(signed + "." + base64(mac(signed)));
        assertInvalid(signed + ".");
        assertInvalid(signed);
    }

    @Test
    void claims_without_a_signature_of_theirs_are_invalid() {
        String[] parts = issued().split("\\.", -1);
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        String forged = base64(claims.replace(":7", ":8").getBytes(StandardCharsets.UTF_8));
        assertInvalid(parts[0] + "." + forged + "." + parts[2]);
    }

    @Test
    void a_token_is_a_json_web_token() throws Exception {
        String[] parts = issued().split("\\.", -1);
        assertEquals(3, parts.length);
        JsonObject header = JsonText.object(Base64.getUrlDecoder().decode(parts[0]));
        assertEquals("HS256", header.getString("alg"));
        JsonObject claims = JsonText.object(Base64.getUrlDecoder().decode(parts[1]));
        assertEquals(Set.of("sub", "gen", "wake", "exp"), claims.keySet());
        assertEquals("sub-1", claims.getString("sub"));
        assertEquals(
                NOW.plus(Tokens.LIFETIME).getEpochSecond(),
                claims.getJsonNumber("exp").longValueExact());
        assertArrayEquals(mac(parts[0] + "." + parts[1]), Base64.getUrlDecoder().decode(parts[2]));
    }

    private String issued() {
        return tokens.called(ID, WAKE, NOW);
    }

    private void assertInvalid(String token) {
        assertEquals(new Tokens.Invalid(), tokens.verify(ID, token, NOW), token);
    }

    private static byte[] mac(String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
