package io.perennial.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/// Certificates as openssl makes them.
final class SelfSigned {
    private SelfSigned() {}

    /// @param subject as openssl takes it, such as `/CN=alice`
    /// @param alternatives the same, such as `DNS:alice.example`
    static X509Certificate certificate(Path directory, String subject, String alternatives) throws Exception {
        Path file = directory.resolve("certificate.pem");
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-nodes",
                        "-days",
                        "2",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-multivalue-rdn",
                        "-subj",
                        subject,
                        "-addext",
                        "subjectAltName=" + alternatives,
                        "-keyout",
                        directory.resolve("key.pem").toString(),
                        "-out",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, openssl.waitFor(), said);
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
