package io.perennial.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `perennial close`, `perennial rm` and `perennial fork`: one request each.
final class ChangeCommand {
    static final HeaderName CLOSED = HeaderNames.create("Stream-Closed");
    static final HeaderName NEXT = HeaderNames.create("Stream-Next-Offset");

    private static final HeaderName FORKED_FROM = HeaderNames.create("Stream-Forked-From");
    private static final HeaderName FORK_OFFSET = HeaderNames.create("Stream-Fork-Offset");
    private static final String STREAMS = "/v1/stream/";
    private static final String AT = "--at";
    private static final byte[] NOTHING = {};

    private ChangeCommand() {}

    /// Where a stream is on its server.
    static String target(String path) {
        return STREAMS + path;
    }

    static CommandSpec close(Remote.Options remote) {
        return remote.addTo(Command.of("Closes streams: nothing can be appended any more.", options -> {
                    Remote server = remote.of(options);
                    paths(options)
                            .forEach(
                                    path -> server.require(Method.POST, target(path), Map.of(CLOSED, "true"), NOTHING));
                    return 0;
                }))
                .addPositional(somePaths());
    }

    static CommandSpec remove(Remote.Options remote) {
        return remote.addTo(Command.of("Deletes streams, with all that is in them.", options -> {
                    Remote server = remote.of(options);
                    paths(options).forEach(path -> server.require(Method.DELETE, target(path), Map.of(), NOTHING));
                    return 0;
                }))
                .addPositional(somePaths());
    }

    static CommandSpec fork(Remote.Options remote) {
        return remote.addTo(Command.of(
                        "Makes a stream that begins with the events of another, and copies nothing.",
                        options -> fork(remote, options)))
                .addOption(OptionSpec.builder(AT)
                        .type(String.class)
                        .paramLabel("-1|OFFSET")
                        .description("The first event that it doesn't begin with. Default: the end")
                        .build())
                .addPositional(positional("SOURCE", "0", "The stream that is there"))
                .addPositional(positional("PATH", "1", "The new one"));
    }

    private static int fork(Remote.Options remote, ParseResult options) {
        Map<HeaderName, String> headers = new HashMap<>();
        headers.put(FORKED_FROM, target(options.matchedPositionalValue(0, "")));
        Optional.ofNullable(options.<String>matchedOptionValue(AT, null)).ifPresent(at -> headers.put(FORK_OFFSET, at));
        Remote.Answer answer =
                remote.of(options).require(Method.PUT, target(options.matchedPositionalValue(1, "")), headers, NOTHING);
        System.out.println(answer.header(NEXT));
        return 0;
    }

    private static PositionalParamSpec positional(String label, String index, String description) {
        return PositionalParamSpec.builder()
                .paramLabel(label)
                .type(String.class)
                .arity("1")
                .index(index)
                .required(true)
                .description(description)
                .build();
    }

    private static PositionalParamSpec somePaths() {
        return PositionalParamSpec.builder()
                .paramLabel("PATH")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1..*")
                .required(true)
                .description("The streams, such as jobs/1; session S is sessions/S")
                .build();
    }

    private static List<String> paths(ParseResult options) {
        return options.matchedPositionalValue(0, List.of());
    }
}
