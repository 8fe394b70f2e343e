package io.perennial.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsConfig;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.perennial.http.ConnectionLimits;
import io.perennial.http.PerennialRouting;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a handler is told of the client's certificate, through our own choice of protocols.
@Timeout(30)
class ClientCertificateTest {
    private static final String NOBODY = "nobody";
    private static final String ALICE = "CN=alice\\, or CN\\=bob [alice.example]";
    private static final int FRAME_HEAD = 9;
    private static final int DATA = 0;
    private static final int PATIENCE_MILLIS = 10_000;

    @TempDir
    private Path directory;

    private WebServer server;

    @BeforeEach
    void start() throws Exception {
        sign("ca", "/CN=ca", "basicConstraints=critical,CA:TRUE");
        sign("server", "/CN=server", "subjectAltName=IP:127.0.0.1", "-CA", file("ca.pem"), "-CAkey", file("ca.key"));
        String names = "subjectAltName=DNS:alice.example";
        sign("alice", "/CN=alice, or CN=bob", names, "-CA", file("ca.pem"), "-CAkey", file("ca.key"));
        Map<Setting, String> flags = Map.of(
                Setting.TLS_CERTIFICATE, file("server.pem"),
                Setting.TLS_KEY, file("server.key"),
                Setting.TLS_CLIENT_CA, file("ca.pem"));
        WebServerConfig.Builder listener = WebServer.builder()
                .host("127.0.0.1")
                .protocolsDiscoverServices(false)
                .routing((HttpRouting.Builder tree) ->
                        tree.get("/", (request, response) -> response.send(who(request))));
        ListenerTls.of(Settings.of(flags, Map.of(), Optional.empty()), 10, Duration.ofMinutes(1))
                .orElseThrow()
                .secure(listener, SocketOptions.create(), PerennialRouting.protocols(ConnectionLimits.DEFAULTS));
        server = listener.build().start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private void sign(String name, String subject, String extension, String... signer) throws Exception {
        Path settings = Files.writeString(
                directory.resolve(name + ".conf"),
                "[req]\ndistinguished_name=name\nx509_extensions=more\n[name]\n[more]\n" + extension + "\n");
        List<String> command = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-days", "2"));
        command.addAll(List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-subj", subject));
        command.addAll(List.of("-config", settings.toString()));
        command.addAll(List.of("-keyout", file(name + ".key"), "-out", file(name + ".pem")));
        command.addAll(List.of(signer));
        Process openssl = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, openssl.waitFor(), said);
    }

    // A name to show, and one to go by: whatever stands in it is escaped.
    private static String who(ServerRequest request) {
        return request.remotePeer()
                .tlsPrincipal()
                .map(principal -> principal.getName() + " ["
                        + dnsName(request.remotePeer().tlsCertificates().orElseThrow()[0]) + "]")
                .orElse(NOBODY);
    }

    private static String dnsName(Certificate certificate) {
        try {
            return ((X509Certificate) certificate)
                    .getSubjectAlternativeNames().stream()
                            .map(name -> name.getLast().toString())
                            .findFirst()
                            .orElseThrow();
        } catch (CertificateParsingException e) {
            throw new AssertionError(e);
        }
    }

    private Tls client(boolean isAlice) {
        TlsConfig.Builder client = Tls.builder().trust(new Pem("ca", Path.of(file("ca.pem"))).certificates());
        if (isAlice) {
            client.privateKey(new Pem("alice", Path.of(file("alice.key"))).key())
                    .privateKeyCertChain(new Pem("alice", Path.of(file("alice.pem"))).certificates());
        }
        return client.build();
    }

    @Test
    void over_http1_a_handler_knows_the_name_of_a_verified_certificate() throws Exception {
        assertEquals(ALICE, askedOverHttp1(client(true)));
        assertEquals(NOBODY, askedOverHttp1(client(false)));
    }

    private String askedOverHttp1(Tls client) {
        return Http1Client.builder()
                .tls(client)
                .keepAlive(false)
                .dnsResolver(new Remote.Spelt())
                .build()
                .get("https://127.0.0.1:" + server.port())
                .requestEntity(String.class);
    }

    @Test
    void over_http2_it_knows_the_same() throws Exception {
        assertEquals(ALICE, askedOverHttp2(client(true)));
        assertEquals(NOBODY, askedOverHttp2(client(false)));
    }

    private String askedOverHttp2(Tls client) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) client.sslContext().getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            // No settings; then GET, https, /, and the authority a, which is the end of stream 1.
            request.writeBytes(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
            request.writeBytes(new byte[] {0, 0, 6, 1, 5, 0, 0, 0, 1});
            request.writeBytes(new byte[] {(byte) 0x82, (byte) 0x87, (byte) 0x84, 0x41, 1, 'a'});
            socket.getOutputStream().write(request.toByteArray());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                byte[] head = in.readNBytes(FRAME_HEAD);
                byte[] payload = in.readNBytes(((head[1] & 0xff) << 8) | (head[2] & 0xff));
                if (head[3] == DATA) {
                    return new String(payload, StandardCharsets.UTF_8);
                }
            }
        }
    }
}
