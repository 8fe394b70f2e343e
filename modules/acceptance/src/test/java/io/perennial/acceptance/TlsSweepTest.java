package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Authority.Identity;
import io.perennial.acceptance.Authority.Output;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every protocol and every cipher suite that openssl has, asked for one by one.
@Timeout(180)
class TlsSweepTest {
    private static final String EVERYTHING = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";
    private static final String ANY_STRENGTH = ":@SECLEVEL=0";
    private static final Set<String> TLS_1_3 =
            Set.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");
    private static final int AT_ONCE = 4;
    private static final int ALERT = 0x15;

    @AutoClose
    private final Machine machine = new Machine();

    @AutoClose
    private final ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);

    private Authority authority;

    @BeforeEach
    void make() {
        authority = Authority.in(machine.folder().resolve("tls"));
    }

    private Server server(Identity identity) throws Exception {
        return machine.server(
                "--tls-certificate",
                identity.certificate().toString(),
                "--tls-key",
                identity.key().toString());
    }

    private Output asked(Server server, String... how) {
        List<String> arguments = new ArrayList<>(
                List.of("s_client", "-connect", "127.0.0.1:" + server.url().getPort(), "-CAfile"));
        arguments.add(authority.certificate().toString());
        arguments.addAll(List.of(how));
        return Authority.openssl("", arguments.toArray(String[]::new));
    }

    private static boolean isTaken(Output output) {
        return output.exitCode() == 0 && output.text().contains("Verify return code: 0 (ok)");
    }

    // Whether openssl could ask for it at all: some suites want keys that were agreed on before.
    private static boolean wasAsked(Output output) {
        return isTaken(output) || output.text().contains("SSL alert number");
    }

    private static List<String> suites(String protocol) {
        Output list = Authority.openssl("", "ciphers", "-s", protocol, EVERYTHING);
        assertEquals(0, list.exitCode(), list.text());
        return Arrays.stream(list.text().strip().split(":", -1))
                .filter(suite -> !suite.startsWith("TLS_"))
                .toList();
    }

    private record Sweep(Set<String> asked, Set<String> taken) {}

    private Sweep sweep(Server server, List<String> suites, String... protocol) throws Exception {
        List<Future<Output>> answers = new ArrayList<>();
        for (String suite : suites) {
            List<String> how = new ArrayList<>(List.of(protocol));
            how.add(suite.startsWith("TLS_") ? suite : suite + ANY_STRENGTH);
            answers.add(clients.submit(() -> asked(server, how.toArray(String[]::new))));
        }
        Sweep sweep = new Sweep(new TreeSet<>(), new TreeSet<>());
        for (int i = 0; i < suites.size(); i++) {
            Output answer = answers.get(i).get();
            if (wasAsked(answer)) {
                sweep.asked.add(suites.get(i));
            }
            if (isTaken(answer)) {
                sweep.taken.add(suites.get(i));
            }
        }
        return sweep;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ECDSA", "RSA"})
    void of_all_suites_those_with_forward_secrecy_and_authenticated_encryption_are_taken(String kind) throws Exception {
        Server server = server(kind.equals("RSA") ? authority.rsaServer("server") : authority.server("server"));
        Sweep older = sweep(server, suites("-tls1_2"), "-tls1_2", "-cipher");
        assertEquals(
                new TreeSet<>(Set.of(
                        "ECDHE-" + kind + "-AES256-GCM-SHA384",
                        "ECDHE-" + kind + "-AES128-GCM-SHA256",
                        "ECDHE-" + kind + "-CHACHA20-POLY1305")),
                older.taken());
        for (String weak : List.of(
                "AES128-SHA",
                "ECDHE-" + kind + "-AES128-SHA256",
                "DHE-RSA-AES128-GCM-SHA256",
                "NULL-SHA256",
                "ADH-AES128-SHA")) {
            assertTrue(older.asked().contains(weak), weak + " wasn't asked for, only " + older.asked());
        }
        Sweep newer = sweep(server, List.copyOf(TLS_1_3), "-tls1_3", "-ciphersuites");
        assertEquals(new TreeSet<>(TLS_1_3), newer.taken());
        Output short8 = asked(server, "-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_8_SHA256:TLS_AES_128_CCM_SHA256");
        assertTrue(wasAsked(short8) && !isTaken(short8), short8.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1", "-tls1_1"})
    void an_older_protocol_is_refused(String protocol) throws Exception {
        Output refused = asked(server(authority.rsaServer("server")), protocol, "-cipher", EVERYTHING);
        assertTrue(refused.text().contains("alert protocol version"), refused.text());
        assertNotEquals(0, refused.exitCode());
    }

    // openssl itself has forgotten how to.
    @Test
    void ssl_3_is_refused() throws Exception {
        Server server = server(authority.rsaServer("server"));
        // A ClientHello of version 3.0 with TLS_RSA_WITH_AES_128_CBC_SHA.
        byte[] hello = HexFormat.of()
                .parseHex("160300002d" + "01000029" + "0300" + "2a".repeat(32) + "00" + "0002002f" + "0100");
        try (Socket socket = new Socket(server.url().getHost(), server.url().getPort())) {
            socket.setSoTimeout((int) Eventually.LONG.toMillis());
            socket.getOutputStream().write(hello);
            int first = socket.getInputStream().read();
            assertTrue(first == ALERT || first < 0, "it answers with " + first);
        }
    }
}
