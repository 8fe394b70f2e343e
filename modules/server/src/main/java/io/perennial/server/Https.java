package io.perennial.server;

import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// What a command talks https with: who vouches for the server, those in a file or else those that the JDK knows; and
/// a certificate of its own, where it has one.
final class Https {
    static final String CA = "--ca";
    private static final String CERTIFICATE = "--certificate";
    private static final String KEY = "--key";
    private static final Tls NONE = Tls.builder().enabled(false).build();

    private Https() {}

    static CommandSpec addTo(CommandSpec spec) {
        return spec.addOption(option(
                        CA,
                        "Who vouches for a server with https, in PEM. [%s; default the authorities that Java knows]"))
                .addOption(option(CERTIFICATE, "A certificate by which such a server knows who asks, in PEM. [%s]"))
                .addOption(option(KEY, "Its key in PEM: PKCS#8, RSA or EC, for its owner's eyes alone. [%s]"));
    }

    private static OptionSpec option(String flag, String description) {
        return OptionSpec.builder(flag)
                .type(Path.class)
                .paramLabel("FILE")
                .description(description.formatted(variable(flag)))
                .build();
    }

    private static String variable(String flag) {
        return "PERENNIAL_" + flag.substring(2).toUpperCase(Locale.ROOT);
    }

    /// How such a server is made sure of, its name included.
    ///
    /// @throws SettingException where a file doesn't hold what it should
    static Tls tls(URI url, ParseResult options, Map<String, String> environment) {
        if (!"https".equalsIgnoreCase(url.getScheme())) {
            return NONE;
        }
        TlsConfig.Builder tls = Tls.builder();
        file(CA, options, environment).ifPresent(file -> tls.trust(file.certificates()));
        Optional<Pem> certificate = file(CERTIFICATE, options, environment);
        Optional<Pem> key = file(KEY, options, environment);
        if (certificate.isPresent() != key.isPresent()) {
            throw new SettingException(CERTIFICATE + " and " + KEY + " (" + variable(CERTIFICATE) + ", " + variable(KEY)
                    + ") go together, and one of them is missing");
        }
        certificate.ifPresent(file -> tls.privateKeyCertChain(file.certificates()));
        key.ifPresent(file -> tls.privateKey(file.key()));
        return tls.build();
    }

    private static Optional<Pem> file(String flag, ParseResult options, Map<String, String> environment) {
        Optional<Path> named = Optional.ofNullable(options.matchedOptionValue(flag, null));
        return named.map(file -> new Pem(flag, file))
                .or(() -> Optional.ofNullable(environment.get(variable(flag)))
                        .map(file -> new Pem(variable(flag), Path.of(file))));
    }
}
