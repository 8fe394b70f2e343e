package io.perennial.server;

import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsClientAuth;
import io.helidon.common.tls.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The files that the listener's TLS comes from.
///
/// @param clientCa who vouches for clients, where they are asked who they are
record TlsFiles(Pem certificate, Pem key, Optional<Pem> clientCa) {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
    // Without CBC, and with a key for each connection that nobody has later.
    private static final List<String> SUITES = List.of(
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /// What was in them at one time.
    ///
    /// @param leaf the server's own certificate
    /// @param clientAuthorities who vouches for clients; empty where they aren't asked
    record Loaded(Tls tls, X509Certificate leaf, List<X509Certificate> clientAuthorities) {}

    /// Nothing where there is to be no TLS.
    ///
    /// @throws SettingException where only a part of it is said
    static Optional<TlsFiles> of(Settings settings) {
        Optional<Pem> certificate = pem(settings, Setting.TLS_CERTIFICATE);
        Optional<Pem> key = pem(settings, Setting.TLS_KEY);
        Optional<Pem> clientCa = pem(settings, Setting.TLS_CLIENT_CA);
        if (certificate.isPresent() && key.isPresent()) {
            return Optional.of(new TlsFiles(certificate.get(), key.get(), clientCa));
        }
        if (certificate.isPresent()) {
            throw lonely(Setting.TLS_CERTIFICATE, Setting.TLS_KEY);
        }
        if (key.isPresent()) {
            throw lonely(Setting.TLS_KEY, Setting.TLS_CERTIFICATE);
        }
        if (clientCa.isPresent()) {
            throw lonely(Setting.TLS_CLIENT_CA, Setting.TLS_CERTIFICATE);
        }
        return Optional.empty();
    }

    private static Optional<Pem> pem(Settings settings, Setting setting) {
        return settings.text(setting).isEmpty()
                ? Optional.empty()
                : Optional.of(new Pem(setting.key(), settings.path(setting)));
    }

    private static SettingException lonely(Setting said, Setting missing) {
        return new SettingException(said.key() + " is set without " + missing.key() + " (" + missing.flag() + ", "
                + missing.variable() + "): TLS needs both");
    }

    /// @throws SettingException where they aren't as they have to be
    Loaded load() {
        List<X509Certificate> chain = certificate.certificates();
        PrivateKey mine = key.key();
        requirePair(mine, chain.getFirst());
        TlsConfig.Builder tls = Tls.builder()
                .privateKey(mine)
                .privateKeyCertChain(chain)
                .enabledProtocols(PROTOCOLS)
                .enabledCipherSuites(SUITES)
                // A client's certificate has a name of its own, and not that of the address that it comes from.
                .endpointIdentificationAlgorithm(Tls.ENDPOINT_IDENTIFICATION_NONE);
        List<X509Certificate> authorities = clientCa.map(Pem::certificates).orElse(List.of());
        if (authorities.isEmpty()) {
            // Without anybody to trust, Helidon 4.1.7 fails half-way when it reloads. Who isn't asked isn't trusted.
            tls.trust(chain);
        } else {
            tls.trust(authorities).clientAuth(TlsClientAuth.OPTIONAL);
        }
        return new Loaded(tls.build(), chain.getFirst(), authorities);
    }

    private void requirePair(PrivateKey mine, X509Certificate leaf) {
        try {
            Signature signature =
                    Signature.getInstance(mine.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(mine);
            byte[] signed = signature.sign();
            signature.initVerify(leaf.getPublicKey());
            if (signature.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException _) {
            // Answered below like any other, such as a key of another kind.
        }
        throw key.wrong(
                "isn't the key of the first certificate in " + certificate.name() + " (" + certificate.file() + ")");
    }

    /// Another one after every change: the system notes the time of each itself, also where a file takes another's
    /// place with its times.
    List<Object> stamp() {
        return Stream.concat(Stream.of(certificate, key), clientCa.stream())
                .map(pem -> stamp(pem.file()))
                .toList();
    }

    private static Object stamp(Path file) {
        try {
            return Files.readAttributes(file, "unix:ctime,ino,size");
        } catch (IOException _) {
            return Map.of();
        }
    }
}
