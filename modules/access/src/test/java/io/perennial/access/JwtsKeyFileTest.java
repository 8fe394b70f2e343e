package io.perennial.access;

import static io.perennial.access.Issuer.EC;
import static io.perennial.access.Issuer.ED;
import static io.perennial.access.Issuer.RSA;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys in a file, from their first day to their last.
class JwtsKeyFileTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String CLAIMS =
            ClaimsText.good(NOW.plusSeconds(60).getEpochSecond()).toString();

    private Path file;
    private Jwts jwts;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        file = directory.resolve("jwks.json");
        replace(Issuer.jwks(RSA, EC));
        jwts = open();
    }

    private Jwts open() {
        return Jwts.open(JwtConfig.of(Issuer.NAME, Issuer.AUDIENCE, file.toUri()), () -> NOW);
    }

    private void replace(String text) throws IOException {
        Path fresh = Files.writeString(file.resolveSibling("fresh"), text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Optional<Caller> known(Issuer.Signing key) {
        return jwts.authenticate(key.sign(CLAIMS));
    }

    @Test
    void a_key_that_comes_is_taken_and_one_that_goes_ends_whoever_was_known_by_it() throws IOException {
        String token = RSA.sign(CLAIMS);
        Caller byRsa = jwts.authenticate(token).orElseThrow();
        String other = EC.sign(CLAIMS);
        Caller byEc = jwts.authenticate(other).orElseThrow();
        assertTrue(known(ED).isEmpty());
        replace(Issuer.jwks(EC, ED));
        assertFalse(byRsa.isOver(NOW));
        assertTrue(jwts.mayBeThere(byRsa.maker()));
        jwts.refresh();
        assertTrue(byRsa.isOver(NOW));
        assertFalse(jwts.mayBeThere(byRsa.maker()), "what they made ends with the key");
        assertTrue(jwts.mayBeThere(byRsa.id()), "they may come with another");
        assertTrue(jwts.mayBeThere(byEc.maker()));
        assertTrue(jwts.authenticate(token).isEmpty(), "it was remembered");
        assertFalse(byEc.isOver(NOW));
        assertTrue(jwts.authenticate(other).isPresent());
        assertTrue(known(ED).isPresent());
        replace(Issuer.jwks(RSA, EC));
        jwts.refresh();
        assertTrue(byRsa.isOver(NOW), "who is over stays over");
        assertTrue(jwts.authenticate(token).isPresent());
    }

    @Test
    void another_key_of_the_same_name_is_another() throws IOException {
        Issuer.Signing second = Issuer.Signing.ec("ec", "secp256r1");
        String token = EC.sign(CLAIMS);
        Caller caller = jwts.authenticate(token).orElseThrow();
        replace(Issuer.jwks(second));
        jwts.refresh();
        assertTrue(caller.isOver(NOW));
        assertTrue(jwts.authenticate(token).isEmpty());
        assertTrue(known(second).isPresent());
    }

    @Test
    void a_set_that_is_written_anew_and_says_the_same_changes_nothing() throws IOException {
        String token = EC.sign(CLAIMS);
        Caller caller = jwts.authenticate(token).orElseThrow();
        replace(Issuer.jwks(EC.jwk("\"use\":\"sig\""), RSA.jwk("\"alg\":\"RS256\""), EC.jwk()));
        jwts.refresh();
        assertFalse(caller.isOver(NOW));
        assertTrue(jwts.authenticate(token).isPresent());
    }

    @Test
    void while_nothing_changes_nobody_is_asked_twice() {
        String token = EC.sign(CLAIMS);
        Caller caller = jwts.authenticate(token).orElseThrow();
        jwts.refresh();
        assertSame(caller, jwts.authenticate(token).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "[]", "{\"keys\":{}}", "{\"keys\":[]", "{\"keys\":[],\"keys\":[]}"})
    void a_file_that_breaks_lets_nobody_in_from_the_second_look_on_until_it_is_mended(String garbage)
            throws IOException {
        Caller caller = known(EC).orElseThrow();
        replace(garbage);
        jwts.refresh();
        assertFalse(caller.isOver(NOW), "it may be about to be written");
        jwts.refresh();
        assertTrue(caller.isOver(NOW));
        assertTrue(known(EC).isEmpty());
        replace(Issuer.jwks(EC));
        jwts.refresh();
        assertTrue(known(EC).isPresent());
        Files.delete(file);
        jwts.refresh();
        jwts.refresh();
        assertTrue(known(EC).isEmpty());
    }

    @Test
    void a_file_that_is_just_being_written_ends_nobody() throws IOException {
        Caller caller = known(EC).orElseThrow();
        String whole = Issuer.jwks(EC, ED);
        Files.writeString(file, whole.substring(0, 100));
        jwts.refresh();
        Files.writeString(file, whole);
        jwts.refresh();
        assertFalse(caller.isOver(NOW));
        assertTrue(known(ED).isPresent());
    }

    @Test
    void a_set_without_keys_takes_them_all_back() throws IOException {
        Caller caller = known(EC).orElseThrow();
        replace("{\"keys\":[]}");
        jwts.refresh();
        assertTrue(caller.isOver(NOW));
        assertTrue(known(EC).isEmpty());
    }

    @Test
    void keys_that_are_not_known_here_are_left_out_and_the_others_are_good() throws IOException {
        replace(Issuer.jwks(
                "1",
                "{}",
                "{\"kty\":\"RSA\",\"kid\":\"a\"}",
                "{\"kty\":\"quantum\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":1,\"y\":[]}",
                "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" + Issuer.encoded(new byte[32]) + "\"}",
                RSA.jwk("\"use\":1"),
                RSA.jwk("\"key_ops\":\"verify\""),
                ED.privateJwk(),
                EC.jwk()));
        jwts.refresh();
        assertTrue(known(EC).isPresent());
        assertTrue(known(RSA).isEmpty());
        assertTrue(known(ED).isEmpty());
    }

    @Test
    void without_a_name_a_token_means_the_one_key_that_fits() throws IOException {
        replace(Issuer.jwks(RSA.called(""), EC));
        jwts.refresh();
        assertTrue(jwts.authenticate(RSA.sign("{\"alg\":\"RS256\"}", CLAIMS)).isPresent());
        assertTrue(jwts.authenticate(EC.sign("{\"alg\":\"ES256\"}", CLAIMS)).isPresent());
        assertTrue(known(RSA).isEmpty(), "a name that the key hasn't");
        replace(Issuer.jwks(RSA, Issuer.Signing.rsa("second", 2_048)));
        jwts.refresh();
        assertTrue(jwts.authenticate(RSA.sign("{\"alg\":\"RS256\"}", CLAIMS)).isEmpty(), "there are two");
    }

    private String reason() {
        return String.valueOf(assertThrows(AccessException.class, this::open).getMessage());
    }

    @Test
    void a_server_does_not_start_with_a_file_that_lets_nobody_in() throws IOException {
        for (String text : new String[] {"", "{}", "{\"keys\":[]}", "x".repeat(300_000), "{\"keys\":[{}]}"}) {
            replace(text);
            assertTrue(reason().contains(file.toString()), reason());
        }
        Files.delete(file);
        assertTrue(reason().contains(file.toString()), reason());
        Files.createDirectory(file);
        assertTrue(reason().contains(file.toString()), reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw--w----", "rw-----w-", "rw-rw-r--"})
    void a_file_that_others_can_change_is_refused(String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        assertTrue(reason().contains("chmod go-w"), reason());
    }
}
