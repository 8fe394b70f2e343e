package io.perennial.server;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `perennial link`: has a server sign a link by which some streams can be read for a while.
final class LinkCommand {
    private static final String EXPIRES = "--expires";
    private static final String ORIGIN = "--origin";

    private LinkCommand() {}

    static CommandSpec spec(Remote.Options remote) {
        return remote.addTo(Command.of(
                        "Makes a link by which streams can be read, and prints what goes into the parameter access.",
                        options -> make(remote.of(options), options)))
                .addOption(OptionSpec.builder(EXPIRES)
                        .type(String.class)
                        .paramLabel("DURATION")
                        .description("For how long, at most P7D. Default: PT1H.")
                        .build())
                .addOption(OptionSpec.builder(ORIGIN)
                        .type(String.class)
                        .paramLabel("ORIGIN")
                        .description("Whose pages alone may use it, as browsers send it, such as https://app.example.")
                        .build())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("PATHS")
                        .type(String.class)
                        .arity("1")
                        .required(true)
                        .description("The streams, such as sessions/s; * is one segment, ** any number")
                        .build());
    }

    private static int make(Remote server, ParseResult options) {
        JsonObjectBuilder asked = Json.createObjectBuilder().add("paths", options.matchedPositionalValue(0, ""));
        Optional.ofNullable(options.<String>matchedOptionValue(EXPIRES, null))
                .ifPresent(expires -> asked.add("expires", expires));
        Optional.ofNullable(options.<String>matchedOptionValue(ORIGIN, null))
                .ifPresent(origin -> asked.add("origin", origin));
        Remote.Answer answer = server.require(
                Method.POST,
                "/access-links",
                Map.of(HeaderNames.CONTENT_TYPE, "application/json"),
                asked.build().toString().getBytes(StandardCharsets.UTF_8));
        System.out.println(answer.json().asJsonObject().getString("access"));
        return 0;
    }
}
