package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final SubscriptionId ID = new SubscriptionId("sub-1");
    private static final WakeRef WAKE = new WakeRef("w_abc", 7);

    private final Tokens tokens = new Tokens(() -> "a secret".getBytes(StandardCharsets.US_ASCII));
    private final String token = tokens.issue(ID, WAKE, NOW);

    @Test
    void a_token_is_a_signed_json_web_token_that_names_its_wake() {
        String[] parts = token.split("\\.", -1);
        assertEquals(3, parts.length);
        assertEquals("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", decoded(parts[0]));
        assertEquals(
                "{\"sub\":\"sub-1\",\"gen\":7,\"wake\":\"w_abc\",\"exp\":"
                        + NOW.plus(Tokens.LIFETIME).getEpochSecond() + "}",
                decoded(parts[1]));
        assertFalse(token.contains("="));
    }

    @Test
    void it_is_valid_until_it_expires() {
        assertEquals(new Tokens.Valid(WAKE), tokens.verify(ID, token, NOW));
        assertEquals(
                new Tokens.Valid(WAKE),
                tokens.verify(ID, token, NOW.plus(Tokens.LIFETIME).minusSeconds(1)));
        assertInstanceOf(Tokens.Expired.class, tokens.verify(ID, token, NOW.plus(Tokens.LIFETIME)));
    }

    @Test
    void it_is_for_one_subscription() {
        assertInstanceOf(Tokens.Invalid.class, tokens.verify(new SubscriptionId("sub-2"), token, NOW));
    }

    @Test
    void one_that_was_signed_with_another_secret_is_invalid() {
        Tokens others = new Tokens(() -> "another".getBytes(StandardCharsets.US_ASCII));
        assertInstanceOf(Tokens.Invalid.class, others.verify(ID, token, NOW));
    }

    @Test
    void not_one_character_of_it_can_be_another() {
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String changed = token.substring(0, i) + other + token.substring(i + 1);
            assertInstanceOf(Tokens.Invalid.class, tokens.verify(ID, changed, NOW), changed);
        }
    }

    @Test
    void neither_without_an_algorithm_nor_of_great_length_is_it_valid() {
        String none = encoded("{\"alg\":\"none\",\"typ\":\"JWT\"}");
        String claims = token.split("\\.", -1)[1];
        for (String forged : new String[] {
            none + "." + claims + ".",
            none + "." + claims,
            "..",
            "",
            ".",
            token.substring(0, token.lastIndexOf('.')),
            token + ".",
            "." + token,
            token + "=",
            "\u0000",
            "é" + token,
            "x".repeat(1_000_000)
        }) {
            assertInstanceOf(Tokens.Invalid.class, tokens.verify(ID, forged, NOW));
        }
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }

    private static String encoded(String part) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(part.getBytes(StandardCharsets.UTF_8));
    }
}
