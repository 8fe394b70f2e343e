package io.perennial.server;

import io.perennial.access.CertificateName;
import io.perennial.access.Grant;
import io.perennial.access.HashedSecret;
import io.perennial.access.Token;
import io.perennial.access.TokenFile;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `perennial token`: who is let in. It changes the file of tokens, of which a server that runs takes notice by itself.
final class TokenCommand {
    private static final String NAME = "--name";
    private static final String ALLOW = "--allow";
    private static final String EXPIRES = "--expires";
    private static final String CERTIFICATE = "--certificate";
    private static final List<Setting> WHERE = List.of(Setting.TOKENS, Setting.DATA_DIR);

    private TokenCommand() {}

    static CommandSpec spec(Map<String, String> environment) {
        CommandSpec spec = Command.of("Makes, lists and ends the tokens by which a server knows who asks.", _ -> {
            throw new SettingException("say what is to be done: token create, token ls or token revoke");
        });
        spec.addSubcommand("create", create(environment));
        spec.addSubcommand("ls", list(environment));
        spec.addSubcommand("revoke", revoke(environment));
        return spec;
    }

    private static CommandSpec create(Map<String, String> environment) {
        return Command.configured(
                        environment,
                        WHERE,
                        "Makes a token, and prints its secret, which is kept nowhere; with --certificate it has none.",
                        TokenCommand::create)
                .addOption(OptionSpec.builder(NAME)
                        .type(String.class)
                        .required(true)
                        .paramLabel("NAME")
                        .description("What it is called.")
                        .build())
                .addOption(OptionSpec.builder(ALLOW)
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .arity("1")
                        .required(true)
                        .paramLabel("PERMISSION:PATHS")
                        .description(
                                "What it allows, such as 'read:sessions/**'; as often as needed: read, append, create,"
                                        + " delete, subscribe, registry, admin. * is one segment of a path, ** any number.")
                        .build())
                .addOption(OptionSpec.builder(EXPIRES)
                        .type(String.class)
                        .paramLabel("DURATION")
                        .description("For how long, such as P30D. Default: until it is revoked.")
                        .build())
                .addOption(OptionSpec.builder(CERTIFICATE)
                        .type(String.class)
                        .paramLabel("KIND:NAME")
                        .description("Whose client certificate it is for, such as dns:billing.example: one of its"
                                + " alternative names (dns, uri, email), or its common name (cn).")
                        .build());
    }

    private static int create(Settings settings, ParseResult options) {
        List<Grant> grants = options.matchedOptionValue(ALLOW, List.<String>of()).stream()
                .map(TokenCommand::grant)
                .toList();
        Optional<Duration> lifetime = Optional.ofNullable(options.<String>matchedOptionValue(EXPIRES, null))
                .map(TokenCommand::lifetime);
        String name = options.matchedOptionValue(NAME, "");
        Optional<CertificateName> certificate = Optional.ofNullable(
                        options.<String>matchedOptionValue(CERTIFICATE, null))
                .map(TokenCommand::certificate);
        TokenFile file = file(settings);
        try {
            if (certificate.isPresent()) {
                file.create(name, certificate.get(), grants, lifetime, Instant.now());
            } else {
                System.out.println(file.create(name, grants, lifetime, Instant.now()));
            }
        } catch (IllegalArgumentException e) {
            throw new SettingException(NAME + " is '" + name + "': " + e.getMessage());
        }
        return 0;
    }

    private static Grant grant(String text) {
        try {
            return Grant.parse(text);
        } catch (IllegalArgumentException e) {
            throw new SettingException(ALLOW + " is " + e.getMessage());
        }
    }

    private static CertificateName certificate(String text) {
        try {
            return CertificateName.parse(text);
        } catch (IllegalArgumentException e) {
            throw new SettingException(CERTIFICATE + " is '" + text + "': " + e.getMessage());
        }
    }

    private static Duration lifetime(String text) {
        try {
            Duration lifetime = Duration.parse(text);
            if (lifetime.isPositive()) {
                return lifetime;
            }
        } catch (DateTimeParseException _) {
            // Answered below like any other.
        }
        throw new SettingException(EXPIRES + " is '" + text + "': it has to be an ISO 8601 duration, such as P30D");
    }

    private static CommandSpec list(Map<String, String> environment) {
        return Command.configured(environment, WHERE, "Lists the tokens.", (settings, _) -> {
            Instant now = Instant.now();
            Table.print(
                    List.of("NAME", "KNOWN BY", "CREATED", "EXPIRES", "ALLOWS"),
                    file(settings).list().stream().map(token -> row(token, now)).toList());
            return 0;
        });
    }

    private static List<String> row(Token token, Instant now) {
        return List.of(
                token.name(),
                switch (token.proof()) {
                    case HashedSecret _ -> "secret";
                    case CertificateName certificate -> certificate.text();
                },
                token.created().toString(),
                token.expires()
                        .map(end -> end.isAfter(now) ? end.toString() : "expired")
                        .orElse("never"),
                token.grants().stream().map(Grant::text).collect(Collectors.joining(" ")));
    }

    private static CommandSpec revoke(Map<String, String> environment) {
        return Command.configured(
                        environment,
                        WHERE,
                        "Ends a token: its open streams end within a second.",
                        (settings, options) -> {
                            file(settings).revoke(options.matchedPositionalValue(0, ""));
                            return 0;
                        })
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("NAME")
                        .type(String.class)
                        .arity("1")
                        .required(true)
                        .description("What it is called")
                        .build());
    }

    private static TokenFile file(Settings settings) {
        return new TokenFile(Entrance.tokenFile(settings));
    }
}
