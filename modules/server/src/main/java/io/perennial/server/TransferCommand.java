package io.perennial.server;

import io.perennial.server.Follower.Entry;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `perennial export` and `perennial import`: a stream as a file, and back.
///
/// The file has a line of JSON for each event, `{"offset","event"}`, or `{"offset","data"}` with base64 where the
/// stream isn't JSON, behind a first one that says what the stream was: `{"stream","contentType"}`. Both go on where
/// they were broken off: an export behind the last whole line of its file, an import behind what its stream has
/// ([Import]).
final class TransferCommand {
    private static final String START = "offset=-1";
    private static final int TAIL_BYTES = 8 << 20;

    private TransferCommand() {}

    static CommandSpec exporting(Remote.Options remote) {
        return remote.addTo(Command.of(
                        "Writes what is in a stream to a file, a line of JSON for each event; goes on where the file ends.",
                        options -> export(remote, options)))
                .addPositional(ReadCommand.path())
                .addPositional(file("Where to"));
    }

    static CommandSpec importing(Remote.Options remote) {
        return remote.addTo(Command.of(
                        "Appends what export has written, each event once, however often it is asked to.",
                        options -> importFile(remote, options)))
                .addPositional(ReadCommand.path())
                .addPositional(file("Where from"));
    }

    private static PositionalParamSpec file(String description) {
        return PositionalParamSpec.builder()
                .paramLabel("FILE")
                .type(Path.class)
                .arity("1")
                .index("1")
                .required(true)
                .description(description)
                .build();
    }

    private static int export(Remote.Options options, ParseResult parsed) throws InterruptedException {
        Remote remote = options.of(parsed);
        String path = parsed.matchedPositionalValue(0, "");
        Path file = parsed.matchedPositionalValue(1, Path.of(""));
        JsonObject stream = remote.get("/streams/" + path).json().asJsonObject();
        byte[] head = head(stream);
        try {
            String position = resume(file, head);
            Progress progress =
                    new Progress("exported", stream.getJsonNumber("events").longValue());
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                OutputStream buffered = new BufferedOutputStream(out, 1 << 16);
                if (Files.size(file) == 0) {
                    buffered.write(head);
                }
                new Follower(remote, path, position).readTo(new Follower.Sink() {
                    @Override
                    public void take(Entry entry) throws IOException {
                        buffered.write((entry.line() + "\n").getBytes(StandardCharsets.UTF_8));
                        progress.add(1);
                    }

                    @Override
                    public void rest() throws IOException {
                        buffered.flush();
                    }
                });
            }
            progress.end();
            return 0;
        } catch (IOException e) {
            throw new StartException(file + " can't be written: " + e);
        }
    }

    private static byte[] head(JsonObject stream) {
        JsonObject head = Json.createObjectBuilder()
                .add("stream", stream.getString("path"))
                .add("contentType", stream.getString("contentType"))
                .build();
        return (head + "\n").getBytes(StandardCharsets.UTF_8);
    }

    // Where to go on, behind the last whole line; what follows it is cut off, once it is known to be of this stream.
    private static String resume(Path file, byte[] head) throws IOException {
        if (!Files.exists(file)) {
            return START;
        }
        try (RandomAccessFile written = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] beginning = new byte[(int) Math.min(head.length, written.length())];
            written.readFully(beginning);
            if (!Arrays.equals(beginning, Arrays.copyOf(head, beginning.length))) {
                throw notOurs(file);
            }
            if (written.length() <= head.length) {
                written.setLength(beginning.length < head.length ? 0 : head.length);
                return START;
            }
            byte[] tail = new byte[(int) Math.min(TAIL_BYTES, written.length())];
            written.seek(written.length() - tail.length);
            written.readFully(tail);
            String text = new String(tail, StandardCharsets.ISO_8859_1);
            int end = text.lastIndexOf('\n') + 1;
            String line = text.substring(text.lastIndexOf('\n', end - 2) + 1, Math.max(0, end - 1));
            String position = line.startsWith("{\"stream\"")
                    ? START
                    : Remote.query("offset", Entry.of(line).offset().next().toString());
            written.setLength(written.length() - (tail.length - end));
            return position;
        } catch (IllegalArgumentException e) {
            throw notOurs(file);
        }
    }

    private static StartException notOurs(Path file) {
        return new StartException(file + " is there, and isn't an export of this stream: choose another name");
    }

    private static int importFile(Remote.Options options, ParseResult parsed) throws InterruptedException {
        String path = parsed.matchedPositionalValue(0, "");
        Path file = parsed.matchedPositionalValue(1, Path.of(""));
        try (BufferedReader in = Files.newBufferedReader(file)) {
            JsonObject stream = head(file, Optional.ofNullable(in.readLine()).orElse(""));
            Appender appender = Appender.to(
                    options.of(parsed), path, Optional.of(stream.getString("contentType")), Optional.empty());
            Import into = new Import(path, appender);
            Progress progress = new Progress("imported", 0);
            int number = 2;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                into.add(entry(line, file, number));
                number++;
                progress.add(1);
            }
            into.end();
            progress.end();
            System.out.println(appender.next());
            return 0;
        } catch (IOException e) {
            throw new StartException(file + " can't be read: " + e);
        }
    }

    private static Entry entry(String line, Path file, int number) {
        try {
            return Entry.of(line);
        } catch (IllegalArgumentException e) {
            throw new StartException(file + ", line " + number + ": " + e.getMessage());
        }
    }

    private static JsonObject head(Path file, String line) {
        try (JsonReader reader = Json.createReader(new StringReader(line))) {
            JsonObject stream = reader.readObject();
            if (stream.containsKey("contentType")) {
                return stream;
            }
        } catch (JsonException e) {
            // Said below.
        }
        throw new StartException(file + " isn't what export writes: it begins with {\"stream\",\"contentType\"}");
    }
}
