package io.perennial.server;

import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.pki.PemReader;
import io.helidon.common.pki.PkiException;
import io.perennial.access.PrivateFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// A file in PEM. What is wrong with it is one sentence for a person, and never has a word of what is in it.
///
/// @param name what the command line or the configuration calls it
record Pem(String name, Path file) {
    private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----";
    private static final String PKCS8 = "-----BEGIN PRIVATE KEY-----";
    private static final String ENCRYPTED = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
    private static final String ANY_KEY = "PRIVATE KEY-----";

    /// At least one, in their order.
    ///
    /// @throws SettingException where the file has none, or one that is broken
    List<X509Certificate> certificates() {
        byte[] bytes = bytes();
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int begun = text.split(CERTIFICATE, -1).length - 1;
        if (begun == 0) {
            throw wrong("holds no certificate in PEM");
        }
        try {
            List<X509Certificate> certificates = PemReader.readCertificates(new ByteArrayInputStream(bytes));
            // Helidon leaves out what has no end.
            if (certificates.size() == begun) {
                return certificates;
            }
        } catch (PkiException _) {
            // Answered below like any other.
        }
        throw wrong("holds a certificate that is broken");
    }

    /// @throws SettingException where others than its owner can read it, or it has none in PKCS#8, for RSA or elliptic
    ///     curves
    PrivateKey key() {
        requirePrivate();
        String text = new String(bytes(), StandardCharsets.ISO_8859_1);
        int begin = text.indexOf(PKCS8);
        if (begin < 0) {
            throw wrong(refusal(text));
        }
        try {
            PrivateKey key = Keys.builder()
                    .pem(pem -> pem.key(Resource.create(name, text.substring(begin))))
                    .build()
                    .privateKey()
                    .orElseThrow();
            if (key.getAlgorithm().equals("RSA") || key.getAlgorithm().equals("EC")) {
                return key;
            }
        } catch (PkiException | IllegalArgumentException _) {
            // Answered below like any other.
        }
        throw wrong("holds a key that is broken, or neither for RSA nor for elliptic curves (EC)");
    }

    private void requirePrivate() {
        try {
            if (PrivateFile.isShared(file)) {
                throw wrong("may be read or written by others than its owner: chmod 600 " + file);
            }
        } catch (NoSuchFileException _) {
            throw wrong("isn't there");
        } catch (IOException e) {
            throw wrong("can't be read: " + e.getMessage());
        }
    }

    private static String refusal(String text) {
        if (text.contains(ENCRYPTED)) {
            return "holds a key with a password, and nobody is asked for one: 'openssl pkcs8 -topk8 -nocrypt' takes it off";
        }
        return text.contains(ANY_KEY)
                ? "holds a key that isn't PKCS#8: 'openssl pkcs8 -topk8 -nocrypt' makes it so"
                : "holds no private key in PEM";
    }

    private byte[] bytes() {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException _) {
            throw wrong("isn't there");
        } catch (AccessDeniedException _) {
            throw wrong("can't be read: permission denied");
        } catch (IOException e) {
            throw wrong("can't be read: " + e.getMessage());
        }
    }

    SettingException wrong(String what) {
        return new SettingException(name + " (" + file + ") " + what);
    }
}
