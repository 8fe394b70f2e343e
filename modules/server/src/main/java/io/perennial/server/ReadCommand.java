package io.perennial.server;

import io.perennial.server.Follower.Entry;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `perennial read` and `perennial tail`: the events of a stream, as they are or with what is known of them.
final class ReadCommand {
    private static final String JSON = "--json";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private ReadCommand() {}

    static CommandSpec read(Remote.Options remote) {
        return withOptions(
                remote,
                Command.of("Prints what is in a stream.", options -> run(remote, options, "offset=-1", false)),
                "-1");
    }

    static CommandSpec tail(Remote.Options remote) {
        return withOptions(
                remote,
                Command.of(
                        "Prints what comes into a stream, until it is closed: across restarts of the server, each event once.",
                        options -> run(remote, options, "offset=now", true)),
                "now");
    }

    private static CommandSpec withOptions(Remote.Options remote, CommandSpec spec, String usual) {
        Position.addTo(spec, usual);
        remote.addTo(spec);
        return spec.addOption(OptionSpec.builder(JSON)
                        .type(boolean.class)
                        .arity("0")
                        .description(
                                "Each event as a line {\"offset\",\"event\"}, or {\"offset\",\"data\"} in base64 where it"
                                        + " isn't JSON. Without: as it is, and on a terminal with its time")
                        .build())
                .addPositional(path());
    }

    /// The one stream that a command is about.
    static PositionalParamSpec path() {
        return PositionalParamSpec.builder()
                .paramLabel("PATH")
                .type(String.class)
                .arity("1")
                .index("0")
                .required(true)
                .description("The stream, such as jobs/1; session S is sessions/S")
                .build();
    }

    private static int run(Remote.Options remote, ParseResult options, String usual, boolean follows)
            throws InterruptedException {
        String path = options.matchedPositionalValue(0, "");
        Follower follower =
                new Follower(remote.of(options), path, Position.of(options).orElse(usual));
        try {
            Follower.Sink sink = new Printer(form(options));
            if (follows) {
                follower.followTo(sink);
            } else {
                follower.readTo(sink);
            }
        } catch (IOException e) {
            // Whoever reads it may want no more, such as head.
            if (!String.valueOf(e.getMessage()).contains("Broken pipe")) {
                throw new StartException("what was read can't be written: " + e.getMessage());
            }
        }
        return 0;
    }

    private enum Form {
        AS_IT_IS,
        WITH_TIME,
        JSON
    }

    private static Form form(ParseResult options) {
        if (options.hasMatchedOption(JSON)) {
            return Form.JSON;
        }
        return Progress.isTerminal() ? Form.WITH_TIME : Form.AS_IT_IS;
    }

    private static final class Printer implements Follower.Sink {
        private final OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
        private final Form form;

        Printer(Form form) {
            this.form = form;
        }

        @Override
        public void take(Entry entry) throws IOException {
            switch (form) {
                case JSON -> line(entry.line());
                case WITH_TIME ->
                    line(TIME.format(entry.offset().time()) + "  "
                            + (entry.isJson()
                                    ? entry.text()
                                    : new String(Base64.getDecoder().decode(entry.text()), StandardCharsets.UTF_8)));
                case AS_IT_IS -> {
                    if (entry.isJson()) {
                        line(entry.text());
                    } else {
                        out.write(Base64.getDecoder().decode(entry.text()));
                    }
                }
            }
        }

        private void line(String line) throws IOException {
            out.write(line.getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        }

        @Override
        public void rest() throws IOException {
            out.flush();
        }
    }
}
