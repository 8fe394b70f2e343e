package io.perennial.server;

import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Who vouches for the server that a command talks to over https: those in a file, or else those that the JDK knows.
final class Authority {
    static final String FLAG = "--ca";
    private static final String VARIABLE = "PERENNIAL_CA";
    private static final Tls NONE = Tls.builder().enabled(false).build();

    private Authority() {}

    static CommandSpec addTo(CommandSpec spec) {
        return spec.addOption(OptionSpec.builder(FLAG)
                .type(Path.class)
                .paramLabel("FILE")
                .description("Who vouches for a server with https, in PEM. [" + VARIABLE
                        + "; default the authorities that Java knows]")
                .build());
    }

    /// How such a server is made sure of, its name included.
    ///
    /// @throws SettingException where the file holds no authority
    static Tls tls(URI url, ParseResult options, Map<String, String> environment) {
        if (!"https".equalsIgnoreCase(url.getScheme())) {
            return NONE;
        }
        TlsConfig.Builder tls = Tls.builder();
        file(options, environment).ifPresent(file -> tls.trust(file.certificates()));
        return tls.build();
    }

    private static Optional<Pem> file(ParseResult options, Map<String, String> environment) {
        Optional<Path> named = Optional.ofNullable(options.matchedOptionValue(FLAG, null));
        return named.map(file -> new Pem(FLAG, file))
                .or(() -> Optional.ofNullable(environment.get(VARIABLE)).map(file -> new Pem(VARIABLE, Path.of(file))));
    }
}
