package io.perennial.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Here every certificate is signed by itself, and so is its own authority.
class ClientAuthoritiesTest {
    private static final CertificateName NAME = CertificateName.parse("dns:billing.example");

    @TempDir
    Path directory;

    private final ClientAuthorities authorities = ClientAuthorities.none();
    private X509Certificate billing;
    private X509Certificate other;
    private Authenticator known;

    @BeforeEach
    void open() throws Exception {
        billing = SelfSigned.certificate(
                Files.createDirectory(directory.resolve("billing")), "/CN=x", "DNS:billing.example");
        other = SelfSigned.certificate(Files.createDirectory(directory.resolve("other")), "/CN=y", "DNS:other");
        Path file = directory.resolve("tokens.json");
        List<Grant> grants = List.of(Grant.parse("read:**"));
        new TokenFile(file).create("billing", NAME, grants, Optional.empty(), Instant.EPOCH);
        known = authorities.vouchingFor(Tokens.open(file, InstantSource.system()));
    }

    @Test
    void nobody_is_known_for_whom_nobody_vouches() {
        assertTrue(known.authenticate(List.of(billing)).isEmpty());
        authorities.are(List.of(other));
        assertTrue(known.authenticate(List.of(billing)).isEmpty());
        authorities.are(List.of(other, billing));
        assertEquals(
                "token:billing",
                known.authenticate(List.of(billing)).orElseThrow().name());
        assertTrue(known.authenticate(List.of(other)).isEmpty(), "it names no token");
    }

    @Test
    void whoever_is_known_is_so_as_long_as_one_vouches() {
        authorities.are(List.of(billing));
        Caller caller = known.authenticate(List.of(billing)).orElseThrow();
        authorities.are(List.of(other, billing));
        assertFalse(caller.isOver(Instant.now()));
        authorities.are(List.of(other));
        assertTrue(caller.isOver(Instant.now()));
        assertTrue(known.authenticate(List.of(billing)).isEmpty());
        authorities.are(List.of(billing));
        assertFalse(caller.isOver(Instant.now()));
        authorities.are(List.of());
        assertTrue(caller.isOver(Instant.now()));
    }
}
