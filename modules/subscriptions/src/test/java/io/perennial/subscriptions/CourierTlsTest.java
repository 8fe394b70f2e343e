package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.helidon.common.tls.Tls;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.Future;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A name that is resolved by us is still the name that a certificate has to be for.
@Timeout(60)
class CourierTlsTest {
    private static final String PASSWORD = "password";

    @TempDir
    Path directory;

    private KeyStore keys(String name) throws Exception {
        Path file = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:" + name,
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        assertEquals(0, keytool.waitFor(), () -> "keytool: see " + directory);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static SSLContext context(KeyStore own, KeyStore trusted) throws Exception {
        KeyManagerFactory key = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        key.init(own, PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(key.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static Receiver receiver(SSLContext context) throws Exception {
        ServerSocket listener =
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        return new Receiver(listener);
    }

    private static Future<Exchange> sent(SSLContext context, String host, int port) {
        Courier courier = new Courier(
                1,
                _ -> InetAddress.getLoopbackAddress(),
                Tls.builder().sslContext(context).build());
        URI url = URI.create("https://" + host + ":" + port + "/hook");
        return Eventually.start(() -> courier.send(url, new byte[] {'{', '}'}, "s", Eventually.LONG));
    }

    @Test
    void a_certificate_for_the_name_is_good_whatever_the_address() throws Exception {
        KeyStore keys = keys("hooks.example");
        SSLContext context = context(keys, keys);
        try (Receiver receiver = receiver(context)) {
            Future<Exchange> sent = sent(context, "hooks.example", receiver.port());
            Receiver.Call call = receiver.take();
            assertEquals("hooks.example:" + receiver.port(), call.header("Host"));
            call.answer(200, "{\"done\":true}");
            assertEquals(new Exchange.Done(), Eventually.result(sent));
        }
    }

    @Test
    void a_certificate_for_another_name_is_not() throws Exception {
        KeyStore keys = keys("other.example");
        SSLContext context = context(keys, keys);
        try (Receiver receiver = receiver(context)) {
            Future<Exchange> sent = sent(context, "hooks.example", receiver.port());
            assertInstanceOf(Exchange.Refused.class, Eventually.result(sent));
        }
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_not() throws Exception {
        KeyStore keys = keys("hooks.example");
        SSLContext served = context(keys, keys);
        KeyStore others = keys("others.example");
        try (Receiver receiver = receiver(served)) {
            Future<Exchange> sent = sent(context(others, others), "hooks.example", receiver.port());
            assertInstanceOf(Exchange.Refused.class, Eventually.result(sent));
        }
    }
}
