package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.subscriptions.SubscriptionsConfig.LocalWebhooks;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CourierTlsTest {
    private static final Duration LONG = Duration.ofSeconds(15);
    private static final String PASSWORD = "password";
    private static final String DONE = Hook.answer("200 OK", "{\"done\":true}");
    private static final Hook.Answer ANSWER = client -> Hook.write(client, DONE);

    @TempDir
    private Path directory;

    @Test
    void a_server_that_is_who_it_says_is_called() throws Exception {
        SSLContext context = context("localhost");
        try (Hook hook = hook(context)) {
            assertEquals(new Exchange.Done(), send(context.getSocketFactory(), "https", hook));
            assertTrue(hook.request().contains("Host: localhost:" + hook.port()));
            hook.awaitEnd();
        }
    }

    @Test
    void a_scheme_in_capitals_is_as_secure() throws Exception {
        SSLContext context = context("localhost");
        try (Hook hook = hook(context)) {
            assertEquals(new Exchange.Done(), send(context.getSocketFactory(), "HTTPS", hook));
        }
    }

    @Test
    void a_server_that_nobody_vouches_for_is_told_nothing() throws Exception {
        try (Hook hook = hook(context("localhost"))) {
            SSLSocketFactory usual = (SSLSocketFactory) SSLSocketFactory.getDefault();
            assertInstanceOf(Exchange.Refused.class, send(usual, "https", hook));
            hook.awaitEnd();
            assertFalse(hook.hasRequests());
        }
    }

    @Test
    void a_server_of_another_name_is_told_nothing() throws Exception {
        SSLContext context = context("worker.example");
        try (Hook hook = hook(context)) {
            assertInstanceOf(Exchange.Refused.class, send(context.getSocketFactory(), "https", hook));
            hook.awaitEnd();
            assertFalse(hook.hasRequests());
        }
    }

    @Test
    void a_server_without_tls_is_told_nothing() throws Exception {
        ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try (var client = listening.accept()) {
                ANSWER.to(client);
                client.getInputStream().readAllBytes();
            } catch (Exception _) {
                // The client has gone.
            }
        });
        try (listening) {
            URI url = URI.create("https://localhost:" + listening.getLocalPort() + "/");
            assertInstanceOf(Exchange.Refused.class, send((SSLSocketFactory) SSLSocketFactory.getDefault(), url));
        }
    }

    private static Exchange send(SSLSocketFactory tls, String scheme, Hook hook) {
        return send(tls, URI.create(scheme + "://localhost:" + hook.port() + "/"));
    }

    private static Exchange send(SSLSocketFactory tls, URI url) {
        Resolver loopback = _ -> List.of(InetAddress.getLoopbackAddress());
        return new Courier(1, new Destinations(LocalWebhooks.ALLOWED, loopback), tls).send(url, new byte[0], "s", LONG);
    }

    private static Hook hook(SSLContext context) throws Exception {
        return new Hook(
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()), ANSWER);
    }

    /// Of a server with this name, and of a client that trusts it.
    private SSLContext context(String name) throws Exception {
        Path file = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=dns:" + name,
                        "-alias",
                        name,
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        assertEquals(0, keytool.waitFor());
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(name, store.getCertificate(name));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
