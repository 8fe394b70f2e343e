package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.perennial.acceptance.Authority.Identity;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.Iterator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A certificate that is renewed while the server runs.
@Timeout(60)
class TlsReloadTest {
    private static final String ASK = Wire.request("GET", "/servers", "Connection", "close");

    @AutoClose
    private final Machine machine = new Machine();

    private Authority authority;
    private Identity files;
    private Server server;

    /// How files are put in the place of others.
    enum Way {
        BY_RENAME {
            @Override
            void put(Path from, Path to) throws IOException {
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            }
        },
        IN_PLACE {
            @Override
            void put(Path from, Path to) throws IOException {
                Files.write(to, Files.readAllBytes(from));
            }
        };

        abstract void put(Path from, Path to) throws IOException;

        void put(Identity from, Identity to) throws IOException {
            put(from.certificate(), to.certificate());
            put(from.key(), to.key());
        }
    }

    @BeforeEach
    void start() throws Exception {
        authority = Authority.in(machine.folder().resolve("tls"));
        files = authority.server("server");
        server = machine.server(
                "--tls-certificate",
                files.certificate().toString(),
                "--tls-key",
                files.key().toString());
    }

    @ParameterizedTest
    @EnumSource
    void new_connections_get_the_new_certificate_and_followers_go_on(Way way) throws Exception {
        SSLContext trusted = authority.trusted();
        try (SecureClient http1 = SecureClient.of(server, trusted, HttpClient.Version.HTTP_1_1);
                SecureClient http2 = SecureClient.of(server, trusted, HttpClient.Version.HTTP_2)) {
            Iterator<String> first = http1.follow("s");
            Iterator<String> second = http2.follow("s");
            BigInteger before = serial(trusted);
            way.put(authority.server("renewed"), files);
            server.process().awaitEvents("tls.reloaded", 1);
            assertNotEquals(before, serial(trusted));
            String offset = http2.append("s", "1");
            SecureClient.awaitLine(first, SecureClient.data(offset, "1"));
            SecureClient.awaitLine(second, SecureClient.data(offset, "1"));
            server.stop();
            first.forEachRemaining(line -> assertEquals("", line));
            second.forEachRemaining(line -> assertEquals("", line));
        }
        assertEquals("", server.process().complaints());
    }

    @Test
    void a_session_is_resumed_but_not_across_a_new_certificate() throws Exception {
        SSLContext trusted = authority.trusted();
        SSLSession first = asked(trusted, "TLSv1.2");
        assertArrayEquals(first.getId(), asked(trusted, "TLSv1.2").getId());
        Way.BY_RENAME.put(authority.server("renewed"), files);
        server.process().awaitEvents("tls.reloaded", 1);
        assertNotEquals(serial(first), serial(asked(trusted, "TLSv1.2")));
    }

    @Test
    void what_cant_be_used_is_said_once_and_the_old_certificate_stays() throws Exception {
        SSLContext trusted = authority.trusted();
        BigInteger before = serial(trusted);
        byte[] certificate = Files.readAllBytes(files.certificate());
        Files.writeString(files.certificate(), "nonsense");
        server.process().awaitEvents("tls.reload-failed reason=tls.certificate", 1);
        Way.IN_PLACE.put(authority.server("other").certificate(), files.certificate());
        server.process().awaitEvents("tls.reload-failed reason=tls.key", 1);
        Files.delete(files.certificate());
        server.process().awaitEvents("tls.reload-failed reason=tls.certificate", 2);
        assertEquals(before, serial(trusted));
        Files.write(files.certificate(), certificate);
        server.process().awaitEvents("tls.reloaded", 1);
        assertEquals(before, serial(trusted));
        // In the time of two looks, each was said once.
        assertEquals(3, server.process().events("tls.reload-failed"));
    }

    private BigInteger serial(SSLContext trusted) throws Exception {
        return serial(asked(trusted, "TLSv1.3"));
    }

    private static BigInteger serial(SSLSession session) throws Exception {
        return ((X509Certificate) session.getPeerCertificates()[0]).getSerialNumber();
    }

    // On a connection of its own, which resumes a session where it may.
    private SSLSession asked(SSLContext trusted, String protocol) throws Exception {
        try (SSLSocket socket = (SSLSocket) trusted.getSocketFactory()
                .createSocket(server.url().getHost(), server.url().getPort())) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.getOutputStream().write(ASK.getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
            return socket.getSession();
        }
    }
}
