package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Authority.Identity;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files for TLS that can't be meant: one line that says which, and nothing is opened. And what is said of having none.
class TlsStartTest {
    @AutoClose
    private final Machine machine = new Machine();

    private Authority authority;
    private Identity identity;

    @BeforeEach
    void make() {
        authority = Authority.in(machine.folder().resolve("tls"));
        identity = authority.server("server");
    }

    private void assertRefused(Path certificate, Path key, String... parts) throws Exception {
        assertSays(machine.serve("--tls-certificate", certificate.toString(), "--tls-key", key.toString()), parts);
    }

    private void assertSays(Perennial process, String... parts) throws Exception {
        String line = process.onlyLine(2);
        for (String part : parts) {
            assertTrue(line.contains(part), line);
        }
        assertFalse(Files.exists(machine.data()), "a data directory was made");
    }

    @ParameterizedTest
    @CsvSource({
        "--tls-certificate, tls.certificate is set without tls.key (--tls-key",
        "--tls-key, tls.key is set without tls.certificate (--tls-certificate",
        "--tls-client-ca, tls.client-ca is set without tls.certificate (--tls-certificate"
    })
    void one_without_the_other_names_the_other(String flag, String sentence) throws Exception {
        assertSays(machine.serve(flag, identity.certificate().toString()), sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw-rw-rw-"})
    void a_key_that_others_may_read_is_refused(String mode) throws Exception {
        Files.setPosixFilePermissions(identity.key(), PosixFilePermissions.fromString(mode));
        assertRefused(identity.certificate(), identity.key(), "tls.key", "chmod 600 " + identity.key());
    }

    @Test
    void a_key_of_systemds_own_folder_is_taken_as_it_is() throws Exception {
        Files.setPosixFilePermissions(identity.key(), PosixFilePermissions.fromString("r--r-----"));
        machine.with("CREDENTIALS_DIRECTORY", identity.key().getParent().toString());
        machine.server(
                "--tls-certificate",
                identity.certificate().toString(),
                "--tls-key",
                identity.key().toString());
    }

    @Test
    void the_key_of_another_certificate_is_refused() throws Exception {
        assertRefused(identity.certificate(), authority.server("other").key(), "isn't the key of", "tls.certificate");
        assertRefused(identity.certificate(), authority.rsaServer("rsa").key(), "isn't the key of", "tls.certificate");
    }

    @Test
    void files_that_arent_there_or_hold_something_else_are_named() throws Exception {
        Path missing = machine.folder().resolve("missing.pem");
        Path folder = machine.data().getParent();
        Path text = machine.file("text", "nothing");
        Files.setPosixFilePermissions(text, PosixFilePermissions.fromString("rw-------"));
        assertRefused(missing, identity.key(), "tls.certificate (" + missing + ") isn't there");
        assertRefused(identity.certificate(), missing, "tls.key (" + missing + ") isn't there");
        assertRefused(folder, identity.key(), "tls.certificate (" + folder + ") can't be read");
        assertRefused(text, identity.key(), "tls.certificate (" + text + ") holds no certificate");
        assertRefused(identity.certificate(), text, "tls.key (" + text + ") holds no private key");
        String whole = Files.readString(identity.certificate());
        Path half = machine.file("half", whole + whole.substring(0, whole.length() / 2));
        assertRefused(half, identity.key(), "tls.certificate (" + half + ") holds a certificate that is broken");
    }

    @ParameterizedTest
    @CsvSource({
        "pkcs8 -topk8 -passout pass:secret, with a password",
        "ec, isn't PKCS#8",
        "genpkey -algorithm ed25519, neither for RSA nor for elliptic curves"
    })
    void keys_of_other_kinds_are_refused_with_the_way_out(String command, String reason) throws Exception {
        Path key = machine.folder().resolve("other.key");
        String in = command.startsWith("gen") ? "" : " -in " + identity.key();
        String[] arguments = (command + in + " -out " + key).split(" ", -1);
        assertEquals(0, Authority.openssl("", arguments).exitCode());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertRefused(identity.certificate(), key, "tls.key (" + key + ")", reason);
    }

    @Test
    void tokens_in_the_clear_are_warned_of_where_there_is_no_tls_and_others_can_listen() throws Exception {
        machine.token("app", "--allow", "read:**");
        Server clear = machine.server("--require-auth", "--host", "0.0.0.0");
        assertTrue(
                clear.process().complaints().contains("WARNING server.no-tls host=0.0.0.0"),
                clear.process().complaints());
        clear.stop();
        Server near = machine.server("--require-auth");
        assertEquals("", near.process().complaints());
        near.stop();
        Server secure = machine.server(
                "--require-auth",
                "--host",
                "0.0.0.0",
                "--tls-certificate",
                identity.certificate().toString(),
                "--tls-key",
                identity.key().toString());
        assertEquals("", secure.process().complaints());
    }

    @Test
    void an_rsa_certificate_with_its_authority_behind_it_is_taken() throws Exception {
        Identity rsa = authority.rsaServer("rsa");
        Path chain =
                machine.file("chain", Files.readString(rsa.certificate()) + Files.readString(authority.certificate()));
        Server server = machine.server(
                "--tls-certificate", chain.toString(), "--tls-key", rsa.key().toString());
        try (SecureClient client = SecureClient.of(server, authority.trusted(), HttpClient.Version.HTTP_2)) {
            assertEquals(200, client.get("/servers").statusCode());
        }
    }
}
