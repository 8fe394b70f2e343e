package io.perennial.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.StreamKey;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which names a client's certificate has, and whose they are.
class CertificateNameTest {
    private static final List<Grant> GRANTS = List.of(Grant.parse("read:a/**"));

    @TempDir
    private Path directory;

    private Set<String> names(String subject, String alternatives) throws Exception {
        return CertificateName.of(SelfSigned.certificate(directory, subject, alternatives)).stream()
                .map(CertificateName::text)
                .collect(Collectors.toSet());
    }

    @Test
    void a_certificate_has_its_alternative_names_and_its_common_name() throws Exception {
        assertEquals(
                Set.of(
                        "dns:billing.example",
                        "uri:spiffe://example/billing",
                        "email:Billing@example",
                        "cn:Billing, or CN=alice"),
                names(
                        "/O=Example/CN=Billing, or CN=alice",
                        "DNS:Billing.Example,URI:spiffe://example/billing,email:Billing@example,IP:127.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource({
        "/CN=alice/CN=bob, DNS:a.example, dns:a.example",
        "/O=alice, DNS:*.example, ''",
        "/O=CN\\=alice, IP:127.0.0.1, ''",
        "/O=x+CN=alice, IP:127.0.0.1, ''"
    })
    void what_could_mean_more_than_one_means_nobody(String subject, String alternatives, String expected)
            throws Exception {
        assertEquals(expected, String.join(" ", names(subject, alternatives)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "alice", "dns", "dns:", "DNS:a", "ip:127.0.0.1", "dns:*.example", "cn: ", "cn:a\nb"})
    void whatever_else_is_no_name(String text) {
        assertThrows(IllegalArgumentException.class, () -> CertificateName.parse(text));
    }

    @Test
    void whoever_has_the_certificate_is_its_tokens_caller_until_either_ends() throws Exception {
        X509Certificate certificate = SelfSigned.certificate(directory, "/CN=x", "DNS:billing.example");
        Instant end = certificate.getNotAfter().toInstant();
        TokenFile file = new TokenFile(directory.resolve("tokens.json"));
        CertificateName name = CertificateName.parse("dns:BILLING.example");
        file.create("billing", name, GRANTS, Optional.empty(), Instant.EPOCH);
        Tokens tokens = Tokens.open(directory.resolve("tokens.json"), InstantSource.fixed(end.minusMillis(1)));
        Caller caller = tokens.authenticate(List.of(certificate)).orElseThrow();
        assertEquals("token:billing", caller.name());
        assertTrue(caller.may(Permission.READ, new StreamKey("a/1")));
        assertEquals(Optional.of(end), caller.expires());
        assertTrue(tokens.mayBeThere(caller.id()));
        assertTrue(Tokens.open(directory.resolve("tokens.json"), InstantSource.fixed(end))
                .authenticate(List.of(certificate))
                .isEmpty());

        file.revoke("billing");
        tokens.refresh();
        assertTrue(caller.isOver(Instant.EPOCH), "whoever was known by it is gone");
        assertTrue(tokens.authenticate(List.of(certificate)).isEmpty());
        file.create("billing", name, GRANTS, Optional.of(Duration.ofSeconds(1)), end.minusSeconds(60));
        tokens.refresh();
        assertTrue(tokens.authenticate(List.of(certificate)).isEmpty(), "the token ends before the certificate");
    }

    @Test
    void a_certificate_with_the_names_of_two_is_nobodys() throws Exception {
        X509Certificate certificate = SelfSigned.certificate(directory, "/CN=both", "DNS:a.example,DNS:b.example");
        TokenFile file = new TokenFile(directory.resolve("tokens.json"));
        file.create("a", CertificateName.parse("dns:a.example"), GRANTS, Optional.empty(), Instant.EPOCH);
        Tokens tokens = Tokens.open(directory.resolve("tokens.json"), InstantSource.fixed(Instant.now()));
        assertEquals(
                "token:a",
                tokens.authenticate(List.of(certificate)).orElseThrow().name());
        file.create("b", CertificateName.parse("dns:b.example"), GRANTS, Optional.empty(), Instant.EPOCH);
        tokens.refresh();
        assertTrue(tokens.authenticate(List.of(certificate)).isEmpty());
    }

    @Test
    void a_name_has_one_token_which_no_secret_stands_for() throws Exception {
        TokenFile file = new TokenFile(directory.resolve("tokens.json"));
        CertificateName name = CertificateName.parse("cn:billing");
        file.create("billing", name, GRANTS, Optional.empty(), Instant.EPOCH);
        String refused = assertThrows(
                        AccessException.class,
                        () -> file.create("other", name, GRANTS, Optional.empty(), Instant.EPOCH))
                .getMessage();
        assertEquals("cn:billing has a token already, which is called billing", refused);
        assertEquals(name, file.list().getFirst().proof());
        Tokens tokens = Tokens.open(directory.resolve("tokens.json"), InstantSource.fixed(Instant.now()));
        String id = file.list().getFirst().id();
        for (String tail : List.of("", "cn:billing", "A".repeat(43))) {
            assertTrue(tokens.authenticate("perennial_" + id + "_" + tail).isEmpty());
        }
    }
}
