package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Authority.Identity;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A server that speaks TLS.
@Timeout(60)
class TlsTest {
    private static final String ASK = Wire.request("GET", "/servers", "Connection", "close");
    // A record of 16 KiB, whose bytes have yet to come.
    private static final byte[] BEGINNING = {0x16, 0x03, 0x01, 0x40, 0x00};

    @AutoClose
    private final Machine machine = new Machine();

    private Authority authority;
    private Identity identity;

    @BeforeEach
    void make() {
        authority = Authority.in(machine.folder().resolve("tls"));
        identity = authority.server("server");
    }

    private Server server(String... flags) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "--tls-certificate",
                identity.certificate().toString(),
                "--tls-key",
                identity.key().toString()));
        all.addAll(List.of(flags));
        return machine.server(all.toArray(String[]::new));
    }

    @ParameterizedTest
    @EnumSource
    void events_are_appended_caught_up_and_waited_for(HttpClient.Version version) throws Exception {
        Server server = server();
        try (SecureClient client = SecureClient.of(server, authority.trusted(), version)) {
            String first = client.append("s", "1");
            HttpResponse<String> caughtUp = client.get("/v1/stream/sessions/s?offset=-1");
            assertEquals("[1]", caughtUp.body());
            String next = Client.next(caughtUp);
            Future<HttpResponse<String>> waiting =
                    Eventually.start(() -> client.get("/v1/stream/sessions/s?live=long-poll&offset=" + next));
            String second = client.append("s", "2");
            assertEquals("[2]", Eventually.result(waiting).body());
            assertEquals(
                    "[{\"offset\":\"" + first + "\",\"event\":1},{\"offset\":\"" + second + "\",\"event\":2}]",
                    client.get(Client.path("s")).body());
        }
        server.stop();
        assertEquals("", server.process().complaints());
    }

    @ParameterizedTest
    @EnumSource
    void a_follower_catches_up_goes_on_live_and_sees_the_end(HttpClient.Version version) throws Exception {
        Server server = server();
        try (SecureClient client = SecureClient.of(server, authority.trusted(), version)) {
            String past = client.append("s", "1");
            Iterator<String> lines = client.follow("s");
            SecureClient.awaitLine(lines, SecureClient.data(past, "1"));
            SecureClient.awaitLine(lines, "event: catch-up-complete");
            String live = client.append("s", "2");
            SecureClient.awaitLine(lines, SecureClient.data(live, "2"));
            server.stop();
            // A stream that broke off would throw.
            lines.forEachRemaining(line -> assertEquals("", line));
        }
        assertEquals("", server.process().complaints());
    }

    @Test
    void it_calls_itself_https_everywhere() throws Exception {
        Server server = server();
        assertEquals("https", server.url().getScheme());
        try (SecureClient client = SecureClient.of(server, authority.trusted(), HttpClient.Version.HTTP_1_1)) {
            assertTrue(client.get("/servers").body().contains("\"url\":\"" + server.url() + "\""));
            String location = client.send("PUT", "/v1/stream/a", "")
                    .headers()
                    .firstValue("Location")
                    .orElseThrow();
            assertEquals(server.url() + "/v1/stream/a", location);
        }
    }

    @Test
    void a_request_without_tls_gets_an_end() throws Exception {
        Server server = server();
        URI plain = URI.create("http://127.0.0.1:" + server.url().getPort());
        IOException end = assertThrows(IOException.class, () -> Wire.exchange(plain, ASK));
        assertFalse(end instanceof SocketTimeoutException, end::toString);
    }

    @Test
    void an_upgrade_to_http2_is_for_those_without_tls() throws Exception {
        Server server = server();
        String upgrade = Wire.request(
                "GET",
                "/servers",
                "Connection",
                "close, Upgrade, HTTP2-Settings",
                "Upgrade",
                "h2c",
                "HTTP2-Settings",
                "AAMAAABkAAQAAP__");
        try (SSLSocket socket = connect(server)) {
            socket.getOutputStream().write(upgrade.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        }
    }

    private SSLSocket connect(Server server) throws Exception {
        return (SSLSocket) authority
                .trusted()
                .getSocketFactory()
                .createSocket(server.url().getHost(), server.url().getPort());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void a_handshake_that_goes_no_further_is_ended(int bytes) throws Exception {
        Server server = server("--request-timeout", "PT1S");
        try (Socket silent = new Socket(server.url().getHost(), server.url().getPort())) {
            silent.getOutputStream().write(BEGINNING, 0, bytes);
            silent.setSoTimeout((int) Eventually.LONG.toMillis());
            assertEnds(silent);
        }
    }

    @Test
    void a_handshake_that_trickles_is_ended() throws Exception {
        Server server = server("--request-timeout", "PT1S");
        try (Socket slow = new Socket(server.url().getHost(), server.url().getPort())) {
            slow.getOutputStream().write(BEGINNING);
            Eventually.holds("the end", () -> {
                try {
                    slow.getOutputStream().write(1);
                    return false;
                } catch (SocketException e) {
                    return true;
                }
            });
        }
    }

    private static void assertEnds(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException _) {
            // A reset is an end, too.
        }
    }

    @Test
    void those_who_say_nothing_shut_nobody_out_and_leave_nothing_behind() throws Exception {
        Server server = server("--request-timeout", "PT2S", "--connection-limit", "100");
        Vitals before = Vitals.of(server);
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Socket socket = new Socket(server.url().getHost(), server.url().getPort());
            socket.getOutputStream().write(BEGINNING);
            silent.add(socket);
        }
        assertEnds(silent.getFirst());
        try (SecureClient client = SecureClient.of(server, authority.trusted(), HttpClient.Version.HTTP_2)) {
            client.append("s", "1");
        }
        Vitals.assertBack(server, before);
        for (Socket socket : silent) {
            socket.close();
        }
    }

    @Test
    void it_stops_in_time_in_the_middle_of_handshakes() throws Exception {
        Server server = server();
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Socket socket = new Socket(server.url().getHost(), server.url().getPort());
            socket.getOutputStream().write(BEGINNING, 0, i % (BEGINNING.length + 1));
            silent.add(socket);
        }
        try (SSLSocket idle = connect(server)) {
            idle.startHandshake();
            server.stop();
        }
        assertEquals("", server.process().complaints());
        for (Socket socket : silent) {
            socket.close();
        }
    }

    @Test
    void the_command_line_trusts_whom_it_is_told_to_and_looks_at_the_name() throws Exception {
        Server server = server();
        String url = server.url().toString();
        String ca = authority.certificate().toString();
        machine.with("PERENNIAL_URL", url);
        assertTrue(machine.run("ls").onlyLine(1).contains("isn't trusted"));
        String other = url.replace("127.0.0.1", "localhost");
        assertTrue(machine.run("ls", "--ca", ca, "--url", other).onlyLine(1).contains("localhost"));
        String none = machine.run("ls", "--ca", identity.key().toString()).onlyLine(2);
        assertTrue(none.contains("--ca (" + identity.key() + ") holds no certificate"), none);
        machine.with("PERENNIAL_CA", ca);
        assertDone("append", "jobs", "1");
        assertEquals("1\n", assertDone("read", "jobs"));
        assertTrue(assertDone("verify", "--data-dir", machine.data().toString()).startsWith("Sound: "));
        assertTrue(assertDone("bench", "--quick").contains("events/s"));
    }

    private String assertDone(String... arguments) throws Exception {
        Perennial command = machine.run(arguments);
        assertEquals(0, command.exitCode(), command.err());
        return command.out();
    }
}
