package io.perennial.access;

import static io.perennial.access.Issuer.EC;
import static io.perennial.access.Issuer.ED;
import static io.perennial.access.Issuer.RSA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys at a URL, over a real socket, in a time that the test makes pass.
@Timeout(60)
class JwtsKeyUrlTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration REFRESH = Duration.ofMinutes(5);
    private static final Duration STALE = Duration.ofHours(1);
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final String CLAIMS =
            ClaimsText.good(NOW.plusSeconds(100_000).getEpochSecond()).toString();

    @AutoClose
    private final KeysServer server = new KeysServer();

    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
    private final InstantSource clock = time::get;

    JwtsKeyUrlTest() throws IOException {}

    private Jwts open(URI url) {
        return Jwts.open(
                new JwtConfig(Issuer.NAME, Issuer.AUDIENCE, url, REFRESH, STALE, "perennial", Duration.ZERO), clock);
    }

    private void pass(Duration duration) {
        time.updateAndGet(now -> now.plus(duration));
    }

    private static void eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not within 20 s");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    private static Optional<Caller> known(Jwts jwts, Issuer.Signing key) {
        return jwts.authenticate(key.sign(CLAIMS));
    }

    @Test
    void the_first_who_comes_waits_for_the_keys() {
        server.answer(Issuer.jwks(EC));
        Jwts jwts = open(server.url());
        assertTrue(known(jwts, EC).isPresent());
        assertEquals(1, server.calls());
    }

    @Test
    void keys_are_asked_for_every_so_often_and_those_that_vanish_end_whoever_was_known_by_them() {
        server.answer(Issuer.jwks(EC, RSA));
        Jwts jwts = open(server.url());
        Caller byEc = known(jwts, EC).orElseThrow();
        Caller byRsa = known(jwts, RSA).orElseThrow();
        server.answer(Issuer.jwks(RSA));
        pass(REFRESH.minusMillis(1));
        jwts.refresh();
        assertTrue(known(jwts, EC).isPresent());
        assertEquals(1, server.calls());
        pass(Duration.ofMillis(1));
        jwts.refresh();
        eventually(() -> byEc.isOver(clock.instant()));
        assertTrue(known(jwts, EC).isEmpty());
        assertFalse(byRsa.isOver(clock.instant()));
    }

    @Test
    void a_key_that_is_new_is_found_at_once_and_names_that_there_are_not_make_no_storm() {
        server.answer(Issuer.jwks(EC));
        Jwts jwts = open(server.url());
        assertTrue(known(jwts, EC).isPresent());
        server.answer(Issuer.jwks(EC, ED));
        for (int i = 0; i < 100; i++) {
            assertTrue(known(jwts, RSA.called("k" + i)).isEmpty());
        }
        assertEquals(1, server.calls(), "it was asked less than ten seconds ago");
        pass(RETRY);
        assertTrue(known(jwts, ED).isPresent());
        assertEquals(2, server.calls());
        for (int i = 0; i < 100; i++) {
            assertTrue(known(jwts, RSA.called("k" + i)).isEmpty());
            jwts.refresh();
        }
        assertEquals(2, server.calls());
    }

    @Test
    void while_they_cannot_be_had_the_last_ones_are_good_for_a_time_and_then_nobody_is_let_in() {
        server.answer(Issuer.jwks(EC));
        Jwts jwts = open(server.url());
        Caller caller = known(jwts, EC).orElseThrow();
        server.answer("500 Broken", "", "");
        pass(STALE.minusMillis(1));
        jwts.refresh();
        eventually(() -> server.calls() == 2);
        assertTrue(known(jwts, EC).isPresent());
        pass(Duration.ofMillis(1));
        assertTrue(known(jwts, EC).isEmpty(), "before anybody has looked");
        jwts.refresh();
        assertTrue(caller.isOver(clock.instant()));
        server.answer(Issuer.jwks(EC));
        pass(RETRY);
        jwts.refresh();
        eventually(() -> known(jwts, EC).isPresent());
        assertTrue(caller.isOver(clock.instant()), "who is over stays over");
    }

    @Test
    void a_clock_that_is_put_back_keeps_no_key_alive() {
        server.answer(Issuer.jwks(EC));
        Jwts jwts = open(server.url());
        assertTrue(known(jwts, EC).isPresent());
        server.answer(Issuer.jwks(RSA));
        pass(REFRESH.negated());
        jwts.refresh();
        eventually(() -> known(jwts, EC).isEmpty());
        assertEquals(2, server.calls());
        server.answer("500 Broken", "", "");
        pass(STALE.negated());
        assertTrue(known(jwts, RSA).isEmpty());
    }

    @Test
    void a_server_starts_without_them_and_tries_again() throws IOException {
        URI url;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            url = URI.create("http://127.0.0.1:" + free.getLocalPort() + "/");
        }
        Jwts nobody = open(url);
        assertTrue(known(nobody, EC).isEmpty());
        server.answer("503 Later", "", "");
        Jwts jwts = open(server.url());
        assertTrue(known(jwts, EC).isEmpty());
        server.answer(Issuer.jwks(EC));
        pass(RETRY);
        jwts.refresh();
        eventually(() -> known(jwts, EC).isPresent());
        assertEquals(2, server.calls());
    }

    @ParameterizedTest
    @ValueSource(strings = {"301 Moved", "302 Found", "307 Moved", "308 Moved", "404 Gone", "204 Nothing", "401 Who"})
    void nothing_but_200_is_an_answer_and_nobody_is_followed(String status) throws IOException {
        try (KeysServer elsewhere = new KeysServer()) {
            elsewhere.answer(Issuer.jwks(EC));
            server.answer(status, "Location: " + elsewhere.url() + "\r\n", Issuer.jwks(EC));
            assertTrue(known(open(server.url()), EC).isEmpty());
            assertEquals(0, elsewhere.calls());
            assertEquals(1, server.calls());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "<html>", "{\"keys\":{}}", "[]", "{\"keys\":[]}x"})
    void what_is_no_set_of_keys_changes_nothing(String body) {
        server.answer(Issuer.jwks(EC));
        Jwts jwts = open(server.url());
        Caller caller = known(jwts, EC).orElseThrow();
        server.answer(body);
        pass(REFRESH);
        assertTrue(known(jwts, RSA).isEmpty());
        assertEquals(2, server.calls());
        assertFalse(caller.isOver(clock.instant()));
        assertTrue(known(jwts, EC).isPresent());
    }

    @Test
    void an_answer_is_of_256_kib_at_most() {
        server.answer(Issuer.jwks(EC) + " ".repeat(256 * 1024));
        assertTrue(known(open(server.url()), EC).isEmpty());
        String keys = Issuer.jwks(EC);
        server.answer(keys + " ".repeat(256 * 1024 - keys.length()));
        assertTrue(known(open(server.url()), EC).isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"})
    void an_answer_that_trickles_in_is_given_up(String head) throws Exception {
        server.answer(out -> {
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write('x');
                out.flush();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        });
        long start = System.nanoTime();
        var asked = new KeyRequest(server.url(), Duration.ofMillis(300)).send();
        assertThrows(ExecutionException.class, () -> asked.get(20, TimeUnit.SECONDS));
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10), "long after");
    }
}
