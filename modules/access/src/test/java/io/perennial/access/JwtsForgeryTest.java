package io.perennial.access;

import static io.perennial.access.Issuer.EC;
import static io.perennial.access.Issuer.ED;
import static io.perennial.access.Issuer.RSA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.access.Forgeries.Forgery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever isn't the issuer's word is nobody's.
class JwtsForgeryTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ClaimsText GOOD = ClaimsText.good(NOW.plusSeconds(60).getEpochSecond());

    private Jwts jwts;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        Path keys = Files.writeString(
                directory.resolve("jwks.json"),
                Issuer.jwks(
                        RSA.jwk("\"use\":\"sig\"", "\"alg\":\"RS256\""),
                        EC.jwk("\"key_ops\":[\"verify\"]"),
                        ED.jwk(),
                        Forgeries.SMALL.jwk(),
                        Forgeries.P384.jwk(),
                        Forgeries.FOR_ENCRYPTION.jwk("\"use\":\"enc\""),
                        Forgeries.FOR_PSS.jwk("\"alg\":\"PS256\""),
                        Forgeries.FOR_SIGNING.jwk("\"key_ops\":[\"sign\"]"),
                        Forgeries.TWICE.jwk(),
                        Forgeries.TWICE_OTHER.jwk(),
                        "{\"kty\":\"oct\",\"kid\":\"oct\",\"k\":\"" + Issuer.encoded(Forgeries.SHARED) + "\"}"));
        jwts = Jwts.open(JwtConfig.of(Issuer.NAME, Issuer.AUDIENCE, keys.toUri()), () -> NOW);
    }

    private void assertRefused(List<Forgery> forgeries) {
        forgeries.forEach(
                forged -> assertEquals(Optional.empty(), jwts.authenticate(forged.token()), forged::toString));
        for (Issuer.Signing key : List.of(RSA, EC, ED)) {
            assertTrue(jwts.authenticate(key.sign(GOOD.toString())).isPresent(), "the good one of " + key.kid());
        }
    }

    @Test
    void algorithms_are_three_and_their_keys_are_of_their_type() {
        assertRefused(Forgeries.ofAlgorithms(GOOD));
    }

    @Test
    void a_header_leads_nowhere() throws IOException {
        try (KeysServer attacker = new KeysServer()) {
            attacker.answer(Issuer.jwks(Forgeries.ATTACKER.called("rsa")));
            assertRefused(Forgeries.ofHeaders(GOOD, attacker.url().toString()));
            assertEquals(0, attacker.calls());
        }
    }

    @Test
    void a_form_that_is_not_the_one_is_refused() {
        assertRefused(Forgeries.ofForm(GOOD));
    }

    @Test
    void claims_are_as_they_have_to_be() {
        assertRefused(ForgedClaims.all(GOOD, NOW));
    }

    @Test
    void there_are_hundreds() {
        int count = Forgeries.ofAlgorithms(GOOD).size()
                + Forgeries.ofHeaders(GOOD, "http://x").size()
                + Forgeries.ofForm(GOOD).size()
                + ForgedClaims.all(GOOD, NOW).size();
        assertTrue(count >= 200, count + " forgeries");
    }

    @Test
    void no_character_of_a_token_can_be_another_or_be_left_out() {
        List<Forgery> altered = new ArrayList<>();
        for (Issuer.Signing key : List.of(RSA, EC, ED)) {
            String token = key.sign(GOOD.toString());
            for (int i = 0; i < token.length(); i++) {
                String before = token.substring(0, i);
                String after = token.substring(i + 1);
                char c = token.charAt(i);
                altered.add(new Forgery(key.kid() + " without " + i, before + after));
                // The neighbour differs in the last bits, which the end of a segment may not use.
                altered.add(new Forgery(key.kid() + " altered at " + i, before + (char) (c ^ 1) + after));
                altered.add(new Forgery(key.kid() + " another at " + i, before + (c == 'A' ? 'B' : 'A') + after));
            }
        }
        assertRefused(altered);
    }
}
