package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Authority.Identity;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A client's certificate in place of a token's secret.
@Timeout(60)
class ClientCertificateTest {
    @AutoClose
    private final Machine machine = new Machine();

    private Authority authority;
    private Identity alice;
    private Path authorities;

    @BeforeEach
    void make() {
        authority = Authority.in(machine.folder().resolve("tls"));
        alice = authority.client("alice", "DNS:alice.example");
    }

    private String[] flags(String... more) throws IOException {
        Identity identity = authority.server("server");
        authorities = Files.copy(authority.certificate(), machine.folder().resolve("clients.pem"));
        List<String> all = new ArrayList<>(List.of(
                "--tls-certificate",
                identity.certificate().toString(),
                "--tls-key",
                identity.key().toString(),
                "--tls-client-ca",
                authorities.toString()));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private Server server() throws Exception {
        machine.token(
                "alice",
                "--certificate",
                "dns:alice.example",
                "--allow",
                "append:**",
                "--allow",
                "create:**",
                "--allow",
                "read:**");
        return machine.server(flags("--require-auth"));
    }

    private SecureClient client(Server server, Identity identity, HttpClient.Version version) throws Exception {
        return SecureClient.of(server, authority.trusted(identity), version);
    }

    @ParameterizedTest
    @EnumSource
    void its_name_has_the_permissions_of_its_token_and_another_has_none(HttpClient.Version version) throws Exception {
        Server server = server();
        try (SecureClient known = client(server, alice, version);
                SecureClient other = client(server, authority.client("bob", "DNS:bob.example"), version);
                SecureClient nobody = SecureClient.of(server, authority.trusted(), version)) {
            known.append("s", "1");
            HttpResponse<String> read = known.get(Client.path("s"));
            assertEquals(200, read.statusCode(), read.body());
            assertEquals(403, known.get("/observe/metrics").statusCode());
            HttpResponse<String> unknown = other.get(Client.path("s"));
            assertEquals(401, unknown.statusCode());
            assertTrue(unknown.body().contains("called dns:bob.example, cn:bob"), unknown.body());
            assertEquals(401, nobody.get(Client.path("s")).statusCode());
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_token_that_is_sent_goes_before_it(HttpClient.Version version) throws Exception {
        Server server = server();
        String mine = machine.token("mine", "--allow", "read:mine");
        try (SecureClient client = client(server, alice, version)) {
            Eventually.holds(
                    "it is known",
                    () -> client.send("GET", "/v1/stream/mine", "", AccessTest.by(mine))
                                    .statusCode()
                            == 404);
            assertEquals(
                    403,
                    client.send("GET", "/v1/stream/theirs", "", AccessTest.by(mine))
                            .statusCode());
            assertEquals(
                    401,
                    client.send("GET", "/v1/stream/theirs", "", AccessTest.by("x"))
                            .statusCode());
            assertEquals(404, client.get("/v1/stream/theirs").statusCode());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoever_is_revoked_is_gone_on_the_same_connection(HttpClient.Version version) throws Exception {
        Server server = server();
        try (SecureClient client = client(server, alice, version)) {
            client.append("s", "1");
            Iterator<String> lines = client.follow("s");
            SecureClient.awaitLine(lines, "event: catch-up-complete");
            machine.revoke("alice");
            // A stream that broke off would throw.
            lines.forEachRemaining(line -> assertTrue(line.isEmpty() || line.startsWith("data: "), line));
            assertEquals(401, client.get(Client.path("s")).statusCode());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoever_nobody_vouches_for_any_more_is_gone_on_the_same_connection(HttpClient.Version version)
            throws Exception {
        Server server = server();
        String trusted = Files.readString(authorities);
        String other =
                Files.readString(Authority.in(machine.folder().resolve("other")).certificate());
        try (SecureClient client = client(server, alice, version)) {
            client.append("s", "1");
            Iterator<String> lines = client.follow("s");
            SecureClient.awaitLine(lines, "event: catch-up-complete");
            vouch(server, other + trusted, 1);
            String offset = client.append("s", "2");
            SecureClient.awaitLine(lines, SecureClient.data(offset, "2"));
            vouch(server, other, 2);
            lines.forEachRemaining(line -> assertTrue(line.isEmpty() || line.startsWith("data: "), line));
            assertEquals(401, client.get(Client.path("s")).statusCode());
            vouch(server, trusted, 3);
            assertEquals(200, client.get(Client.path("s")).statusCode());
        }
    }

    private void vouch(Server server, String now, int times) throws Exception {
        Files.writeString(authorities, now);
        server.process().awaitEvents("tls.reloaded", times);
    }

    @Test
    void the_page_of_another_origin_has_nothing_done_in_its_name() throws Exception {
        Server server = server();
        assertTrue(posted(server, "http://localhost:3000").contains("HTTP/1.1 401 "));
        assertTrue(posted(server, "http://localhost").contains("HTTP/1.1 401 "), "whoever is on the way has made it");
        assertTrue(posted(server, "null").contains("HTTP/1.1 403 "));
        assertTrue(posted(server, "https://localhost").contains("HTTP/1.1 201 "));
        assertTrue(fetched(server, "same-origin").contains("HTTP/1.1 200 "));
        assertTrue(fetched(server, "none").contains("HTTP/1.1 200 "));
        for (String site : List.of("same-site", "cross-site", "unheard-of")) {
            String refused = fetched(server, site);
            assertTrue(refused.contains("HTTP/1.1 401 "), refused);
            assertTrue(refused.contains("speaks for no page of another origin (" + site + ")"), refused);
        }
    }

    private String posted(Server server, String origin) {
        return asked(
                server,
                Wire.request("POST", Client.path("s"), "Origin", origin, "Connection", "close", "Content-Length", "1")
                        + "1");
    }

    private String fetched(Server server, String site) {
        return asked(server, Wire.request("GET", Client.path("s"), "Sec-Fetch-Site", site, "Connection", "close"));
    }

    private String asked(Server server, String request) {
        return asked(server, alice, request);
    }

    // Unlike Java's clients, openssl sends a certificate of whichever authority, and any header.
    private static String asked(Server server, Identity client, String request) {
        return Authority.openssl(
                        request,
                        "s_client",
                        "-ign_eof",
                        "-connect",
                        "127.0.0.1:" + server.url().getPort(),
                        "-cert",
                        client.certificate().toString(),
                        "-key",
                        client.key().toString())
                .text();
    }

    @Test
    void one_of_another_authority_is_refused_before_anything_is_asked() throws Exception {
        Authority stranger = Authority.in(machine.folder().resolve("stranger"));
        String ask = Wire.request("GET", "/servers", "Connection", "close");
        String refused = asked(server(), stranger.client("alice", "DNS:alice.example"), ask);
        assertTrue(refused.contains("alert certificate unknown") && !refused.contains("HTTP/1.1"), refused);
    }

    @Test
    void the_command_line_has_one_too() throws Exception {
        Server server = server();
        machine.with("PERENNIAL_URL", server.url().toString())
                .with("PERENNIAL_CA", authority.certificate().toString());
        assertTrue(machine.run("ls").onlyLine(1).contains("401"));
        String certificate = alice.certificate().toString();
        assertTrue(machine.run("ls", "--certificate", certificate)
                .onlyLine(2)
                .contains("--certificate and --key (PERENNIAL_CERTIFICATE, PERENNIAL_KEY) go together"));
        Perennial append = machine.run(
                "append",
                "jobs/1",
                "1",
                "--certificate",
                certificate,
                "--key",
                alice.key().toString());
        assertEquals(0, append.exitCode(), append.err());
        machine.with("PERENNIAL_CERTIFICATE", certificate)
                .with("PERENNIAL_KEY", alice.key().toString());
        Perennial read = machine.run("read", "jobs/1");
        assertEquals(0, read.exitCode(), read.err());
        assertEquals("1\n", read.out());
        Files.setPosixFilePermissions(alice.key(), PosixFilePermissions.fromString("rw-r--r--"));
        assertTrue(machine.run("ls").onlyLine(2).contains("chmod 600 " + alice.key()));
    }

    @Test
    void a_token_of_a_certificate_is_listed_by_its_name_and_there_is_one_of_it() throws Exception {
        String data = machine.data().toString();
        assertEquals("", machine.token("alice", "--certificate", "email:alice@example", "--allow", "read:**"));
        Perennial list = machine.run("token", "ls", "--data-dir", data);
        assertEquals(0, list.exitCode(), list.err());
        assertTrue(list.out().contains("alice  email:alice@example"), list.out());
        assertTrue(machine.run(
                        "token",
                        "create",
                        "--name",
                        "other",
                        "--certificate",
                        "email:alice@example",
                        "--allow",
                        "read:**",
                        "--data-dir",
                        data)
                .onlyLine(1)
                .contains("email:alice@example has a token already, which is called alice"));
        assertTrue(machine.run(
                        "token",
                        "create",
                        "--name",
                        "other",
                        "--certificate",
                        "alice",
                        "--allow",
                        "read:**",
                        "--data-dir",
                        data)
                .onlyLine(2)
                .contains("--certificate is 'alice': a certificate's name is dns, uri, email or cn, a colon"));
    }

    @Test
    void certificates_are_asked_for_where_somebody_has_to_say_who_they_are() throws Exception {
        String line = machine.serve(flags()).onlyLine(2);
        assertTrue(line.startsWith("perennial: tls.client-ca") && line.contains("--require-auth true"), line);
    }
}
