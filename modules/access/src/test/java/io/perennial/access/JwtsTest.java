package io.perennial.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.StreamKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a good token lets in, and for how long.
class JwtsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant END = NOW.plusSeconds(60);
    private static final Duration SKEW = Duration.ofSeconds(30);

    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
    private final InstantSource clock = time::get;
    private Path keys;
    private Jwts jwts;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        keys = Files.writeString(directory.resolve("jwks.json"), Issuer.jwks(Issuer.RSA, Issuer.EC, Issuer.ED));
        jwts = Jwts.open(config(), clock);
    }

    private JwtConfig config() {
        return JwtConfig.of(Issuer.NAME, Issuer.AUDIENCE, keys.toUri());
    }

    private static ClaimsText claims() {
        return ClaimsText.good(END.getEpochSecond());
    }

    private Optional<Caller> at(Instant moment, String token) {
        time.set(moment);
        return jwts.authenticate(token);
    }

    private boolean isKnown(ClaimsText claims) {
        return jwts.authenticate(Issuer.ED.sign(claims.toString())).isPresent();
    }

    static List<Issuer.Signing> signings() {
        return List.of(Issuer.RSA, Issuer.EC, Issuer.ED);
    }

    @ParameterizedTest
    @MethodSource("signings")
    void whoever_the_issuer_vouches_for_is_known_by_name_and_allowed_what_the_claim_says(Issuer.Signing key) {
        Caller caller = jwts.authenticate(key.sign(claims().toString())).orElseThrow();
        assertEquals("jwt:" + Issuer.NAME + "|alice", caller.id());
        assertEquals("jwt:alice", caller.name());
        assertTrue(caller.may(Permission.READ, new StreamKey("a/1")));
        assertTrue(caller.may(Permission.APPEND, new StreamKey("b")));
        assertFalse(caller.may(Permission.APPEND, new StreamKey("a/1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"read:a append:b\"", "\" read:a  append:b \"", "[\"read:a\",\"append:b\"]"})
    void permissions_are_an_array_or_one_text(String value) {
        Caller caller = jwts.authenticate(
                        Issuer.EC.sign(claims().with("perennial", value).toString()))
                .orElseThrow();
        assertTrue(caller.may(Permission.READ, new StreamKey("a")));
        assertTrue(caller.may(Permission.APPEND, new StreamKey("b")));
    }

    @Test
    void without_permissions_somebody_is_known_and_may_do_nothing() {
        Caller caller = jwts.authenticate(
                        Issuer.EC.sign(claims().without("perennial").toString()))
                .orElseThrow();
        for (Permission permission : Permission.values()) {
            assertFalse(caller.may(permission, new StreamKey("a")));
        }
    }

    @Test
    void the_claim_may_have_another_name() {
        jwts = Jwts.open(
                new JwtConfig(
                        Issuer.NAME,
                        Issuer.AUDIENCE,
                        keys.toUri(),
                        Duration.ofMinutes(5),
                        Duration.ofHours(1),
                        "https://x/allow",
                        SKEW),
                clock);
        Caller caller = jwts.authenticate(Issuer.EC.sign(
                        claims().with("https://x/allow", "\"delete:c\"").toString()))
                .orElseThrow();
        assertTrue(caller.may(Permission.DELETE, new StreamKey("c")));
        assertFalse(caller.may(Permission.APPEND, new StreamKey("b")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"EdDSA\",\"kid\":\"ed\",\"typ\":\"JWT\"}",
                "{\"alg\":\"EdDSA\",\"kid\":\"ed\",\"typ\":\"at+jwt\"}",
                "{\"alg\":\"EdDSA\"}",
                " {\"kid\" : \"ed\", \"alg\":\"EdDSA\", \"x5t\":\"AA\"}\n"
            })
    void a_header_may_say_what_changes_nothing(String header) {
        assertTrue(
                jwts.authenticate(Issuer.ED.sign(header, claims().toString())).isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"streams\"]", "[\"a\",\"streams\"]", "[\"streams\",\"streams\"]"})
    void a_token_may_be_for_others_as_well(String audience) {
        assertTrue(isKnown(claims().with("aud", audience)));
    }

    @Test
    void a_token_ends_when_it_says_and_within_the_skew_it_is_taken_for_no_longer_than_that() {
        String token = Issuer.RSA.sign(claims().toString());
        Caller before = at(END.minusMillis(1), token).orElseThrow();
        assertFalse(before.isOver(END.minusMillis(1)));
        assertTrue(before.isOver(END));
        Caller late = at(END, token).orElseThrow();
        assertNotSame(before, late);
        assertFalse(late.isOver(END.plus(SKEW).minusMillis(1)));
        assertTrue(late.isOver(END.plus(SKEW)));
        assertTrue(at(END.plus(SKEW).minusMillis(1), token).isPresent());
        assertTrue(at(END.plus(SKEW), token).isEmpty());
    }

    @Test
    void a_token_begins_when_it_says_but_for_the_skew() {
        Instant begin = NOW.plusSeconds(40);
        for (String name : List.of("nbf", "iat")) {
            String token = Issuer.EC.sign(
                    claims().with(name, Long.toString(begin.getEpochSecond())).toString());
            assertTrue(at(begin.minus(SKEW).minusMillis(1), token).isEmpty(), name);
            assertTrue(at(begin.minus(SKEW), token).isPresent(), name);
        }
    }

    @Test
    void parts_of_seconds_count() {
        String token = Issuer.EC.sign(
                claims().with("exp", END.getEpochSecond() + ".250").toString());
        Caller caller = jwts.authenticate(token).orElseThrow();
        assertFalse(caller.isOver(END.plusMillis(249)));
        assertTrue(caller.isOver(END.plusMillis(250)));
    }

    @Test
    void without_skew_it_is_to_the_millisecond() {
        jwts = Jwts.open(
                new JwtConfig(
                        Issuer.NAME,
                        Issuer.AUDIENCE,
                        keys.toUri(),
                        Duration.ofMinutes(5),
                        Duration.ofHours(1),
                        "perennial",
                        Duration.ZERO),
                clock);
        String token = Issuer.EC.sign(
                claims().with("nbf", Long.toString(NOW.getEpochSecond())).toString());
        assertTrue(at(NOW.minusMillis(1), token).isEmpty());
        assertTrue(at(NOW, token).isPresent());
        assertTrue(at(END.minusMillis(1), token).isPresent());
        assertTrue(at(END, token).isEmpty());
    }

    @Test
    void whoever_comes_again_is_the_same() {
        String token = Issuer.EC.sign(claims().toString());
        assertSame(
                jwts.authenticate(token).orElseThrow(), jwts.authenticate(token).orElseThrow());
    }

    @Test
    void of_thousands_each_is_known_and_none_is_taken_for_another() {
        for (int i = 0; i < 5_000; i++) {
            String token =
                    Issuer.RSA.sign(claims().with("sub", "\"u" + i + "\"").toString());
            assertEquals("jwt:u" + i, jwts.authenticate(token).orElseThrow().name());
            assertEquals("jwt:u" + i, jwts.authenticate(token).orElseThrow().name());
        }
    }

    @Test
    void as_many_permissions_and_characters_as_are_allowed_are_taken_and_no_more() {
        assertTrue(isKnown(claims().with("perennial", "\"" + "read:a ".repeat(256) + "\"")));
        assertFalse(isKnown(claims().with("perennial", "\"" + "read:a ".repeat(257) + "\"")));
        String shorter = Issuer.ED.sign(
                claims().with("x", "\"" + "x".repeat(5_800) + "\"").toString());
        String longer = Issuer.ED.sign(
                claims().with("x", "\"" + "x".repeat(6_000) + "\"").toString());
        assertTrue(shorter.length() <= 8_192 && longer.length() > 8_192, shorter.length() + " " + longer.length());
        assertTrue(jwts.authenticate(shorter).isPresent());
        assertTrue(jwts.authenticate(longer).isEmpty());
    }

    @Test
    void tokens_and_jwts_are_taken_at_once() {
        Path file = keys.resolveSibling("tokens.json");
        String secret = new TokenFile(file).create("bob", List.of(Grant.parse("read:a")), Optional.empty(), NOW);
        TokensAndJwts both = new TokensAndJwts(Tokens.open(file, clock), jwts);
        assertEquals("token:bob", both.authenticate(secret).orElseThrow().name());
        String token = Issuer.EC.sign(claims().toString());
        assertEquals("jwt:alice", both.authenticate(token).orElseThrow().name());
        assertTrue(both.authenticate(secret + "x").isEmpty());
        assertTrue(both.authenticate("").isEmpty());
        new TokenFile(file).revoke("bob");
        both.refresh();
        assertTrue(both.authenticate(secret).isEmpty());
        assertTrue(both.authenticate(token).isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://h/keys", "jar:file:/a!/b", "relative", "http:///keys", "data:,x"})
    void keys_are_nowhere_else(String uri) {
        assertThrows(IllegalArgumentException.class, () -> JwtConfig.of("i", "a", URI.create(uri)));
    }
}
