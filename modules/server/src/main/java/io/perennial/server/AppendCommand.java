package io.perennial.server;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `perennial append`: events from the command line, a file or the standard input.
final class AppendCommand {
    private static final String FILE = "--file";
    private static final String TYPE = "--type";
    private static final String CLOSE = "--close";
    private static final int PIECE_BYTES = 1 << 20;

    private AppendCommand() {}

    static CommandSpec spec(Remote.Options remote) {
        return remote.addTo(Command.of(
                        "Appends events to a stream, which is made where there is none, and prints where the next will be.",
                        options -> run(remote, options)))
                .addOption(OptionSpec.builder("-f", FILE)
                        .type(Path.class)
                        .paramLabel("FILE")
                        .description("Where they are: a line of JSON each, or of another type all of it in pieces of 1"
                                + " MiB. Default: the standard input")
                        .build())
                .addOption(OptionSpec.builder("-t", TYPE)
                        .type(String.class)
                        .paramLabel("TYPE")
                        .description("What they are, such as text/plain. Default: what the stream holds; of a new one "
                                + Appender.JSON)
                        .build())
                .addOption(OptionSpec.builder(CLOSE)
                        .type(boolean.class)
                        .arity("0")
                        .description("Then close the stream")
                        .build())
                .addPositional(ReadCommand.path())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("EVENT")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .arity("0..*")
                        .index("1..*")
                        .description("The events themselves: each a JSON value, or of another type as it is")
                        .build());
    }

    private static int run(Remote.Options remote, ParseResult options) throws InterruptedException {
        List<String> events = options.matchedPositionalValue(1, List.of());
        Path file = options.matchedOptionValue(FILE, null);
        if (file != null && !events.isEmpty()) {
            throw new SettingException("events are given and " + FILE + ", too: give one of them");
        }
        Appender appender = Appender.to(
                remote.of(options),
                options.matchedPositionalValue(0, ""),
                Optional.ofNullable(options.matchedOptionValue(TYPE, null)),
                // The store keeps what it knows of a producer: not for each call of a script.
                events.isEmpty() ? Optional.of("append-" + UUID.randomUUID()) : Optional.empty());
        if (events.isEmpty()) {
            try (InputStream in = file == null ? System.in : Files.newInputStream(file)) {
                append(appender, in);
            } catch (IOException e) {
                throw new StartException((file == null ? "the standard input" : file) + " can't be read: " + e);
            }
        } else {
            append(appender, events);
        }
        if (options.hasMatchedOption(CLOSE)) {
            appender.close();
        }
        System.out.println(appender.next());
        return 0;
    }

    private static void append(Appender appender, List<String> events) throws InterruptedException {
        if (appender.isJson()) {
            events.forEach(event -> requireJson(event, "an event"));
            appender.appendAll(events);
        } else {
            for (String event : events) {
                appender.append(event.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void append(Appender appender, InputStream in) throws IOException, InterruptedException {
        if (appender.isJson()) {
            lines(appender, new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
            return;
        }
        byte[] piece = new byte[PIECE_BYTES];
        int count = in.read(piece);
        while (count >= 0) {
            if (count > 0) {
                appender.append(Arrays.copyOf(piece, count));
            }
            count = in.read(piece);
        }
    }

    private static void lines(Appender appender, BufferedReader in) throws IOException, InterruptedException {
        Appender.Batch batch = new Appender.Batch();
        int number = 0;
        String line = in.readLine();
        while (line != null) {
            number++;
            if (!line.isBlank()) {
                try {
                    requireJson(line, "line " + number);
                } catch (StartException e) {
                    batch.sendTo(appender);
                    throw e;
                }
                batch.add(line);
            }
            // What has come goes on, where nothing follows at once.
            if (batch.isFull() || !in.ready()) {
                batch.sendTo(appender);
            }
            line = in.readLine();
        }
        batch.sendTo(appender);
    }

    private static void requireJson(String text, String where) {
        try (JsonParser parser = Json.createParser(new StringReader(text))) {
            while (parser.hasNext()) {
                parser.next();
            }
        } catch (JsonException e) {
            throw new StartException(where + " isn't JSON, in which a text has quotes: " + text);
        }
    }
}
