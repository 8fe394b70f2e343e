package io.perennial.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Assertions;

/// An authority of a test's own, and what it signs, in the files that an operator has.
final class Authority {
    static final String EC = "ec:P-256";
    private static final String RSA = "rsa:2048";

    private final Path folder;
    private final Identity own;

    /// A certificate and its key, which nobody else may read.
    record Identity(Path certificate, Path key) {}

    private Authority(Path folder) {
        this.folder = folder;
        this.own = make("ca", EC, "basicConstraints=critical,CA:TRUE", List.of());
    }

    /// @param folder for its files, which isn't there yet
    static Authority in(Path folder) {
        try {
            return new Authority(Files.createDirectories(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path certificate() {
        return own.certificate();
    }

    /// Of a server at 127.0.0.1.
    Identity server(String file) {
        return signed(file, EC);
    }

    Identity rsaServer(String file) {
        return signed(file, RSA);
    }

    /// @param names as openssl takes them, such as `DNS:alice.example`
    Identity client(String file, String names) {
        return signed(file, EC, names);
    }

    private Identity signed(String file, String kind) {
        return signed(file, kind, "IP:127.0.0.1");
    }

    private Identity signed(String file, String kind, String names) {
        return make(
                file,
                kind,
                "subjectAltName=" + names,
                List.of("-CA", own.certificate().toString(), "-CAkey", own.key().toString()));
    }

    private Identity make(String file, String kind, String extension, List<String> signer) {
        Path certificate = folder.resolve(file + ".pem");
        Path key = folder.resolve(file + ".key");
        List<String> arguments =
                new ArrayList<>(List.of("req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=" + file));
        arguments.addAll(
                kind.equals(EC)
                        ? List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
                        : List.of("-newkey", kind));
        arguments.addAll(signer);
        try {
            Path settings = folder.resolve(file + ".conf");
            Files.writeString(
                    settings,
                    "[req]\ndistinguished_name=name\nx509_extensions=extensions\n[name]\n[extensions]\n" + extension
                            + "\n");
            arguments.addAll(List.of("-config", settings.toString(), "-keyout", key.toString()));
            arguments.addAll(List.of("-out", certificate.toString()));
            Output output = openssl("", arguments.toArray(String[]::new));
            Assertions.assertEquals(0, output.exitCode(), output.text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Identity(certificate, key);
    }

    /// For a client that knows this authority and no other.
    SSLContext trusted() throws Exception {
        return trusted(new KeyManager[0]);
    }

    /// The same, for one that has a certificate.
    SSLContext trusted(Identity client) throws Exception {
        String pem = Files.readString(client.key()).replaceAll("-----[A-Z ]+-----", "");
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
        KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
        own.load(null, null);
        own.setKeyEntry("own", key, new char[0], new Certificate[] {read(client.certificate())});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        return trusted(keys.getKeyManagers());
    }

    private SSLContext trusted(KeyManager[] own) throws Exception {
        KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
        known.load(null, null);
        known.setCertificateEntry("authority", read(certificate()));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(known);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own, trust.getTrustManagers(), null);
        return context;
    }

    private static Certificate read(Path file) throws Exception {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    record Output(int exitCode, String text) {}

    /// Runs openssl, which says everything in one text.
    static Output openssl(String in, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Tool.openssl().toString()));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var to = process.getOutputStream()) {
                to.write(in.getBytes(StandardCharsets.UTF_8));
            }
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Output(process.waitFor(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
