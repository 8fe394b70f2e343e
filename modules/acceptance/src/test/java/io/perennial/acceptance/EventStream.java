package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Client.Stored;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A reader of `text/event-stream` over a socket of its own.
final class EventStream implements AutoCloseable {
    private final Wire wire;
    private final InputStream body;

    /// One event; an empty string where a field wasn't sent.
    record Frame(String id, String type, String data) {
        Stored stored() {
            return Stored.of(Client.json(data));
        }

        boolean isMessage() {
            return type.isEmpty();
        }
    }

    private EventStream(Wire wire, InputStream body) {
        this.wire = wire;
        this.body = body;
    }

    /// Opens the stream, which has to be one.
    static EventStream open(URI url, String path, String... headers) throws IOException {
        return open(url, path, false, headers).orElseThrow();
    }

    /// The same; nothing where the server is just stopping.
    static Optional<EventStream> openUnlessStopping(URI url, String path, String... headers) throws IOException {
        return open(url, path, true, headers);
    }

    private static Optional<EventStream> open(URI url, String path, boolean mayBeStopping, String... headers)
            throws IOException {
        Wire wire = Wire.connect(url);
        String[] all = Stream.concat(Stream.of("Accept", "text/event-stream"), Stream.of(headers))
                .toArray(String[]::new);
        try {
            wire.send(Wire.request("GET", path, all));
            Wire.Head head = wire.head();
            if (mayBeStopping && head.status() >= 500) {
                wire.close();
                return Optional.empty();
            }
            assertEquals(200, head.status(), path);
            assertEquals("text/event-stream", head.header("Content-Type"));
            return Optional.of(new EventStream(wire, wire.body(head)));
        } catch (IOException | RuntimeException | AssertionError e) {
            wire.close();
            throw e;
        }
    }

    /// The next event; where there is none, the stream was to go on and didn't.
    Frame next() throws IOException {
        return nextOrEnd().orElseThrow(() -> new EOFException("the stream ended"));
    }

    /// The next event, or nothing at the proper end of the stream.
    ///
    /// @throws IOException where the stream breaks off
    Optional<Frame> nextOrEnd() throws IOException {
        String id = "";
        String type = "";
        List<String> data = new ArrayList<>();
        while (true) {
            Optional<String> line = line();
            if (line.isEmpty()) {
                return Optional.empty();
            }
            String text = line.get();
            if (text.isEmpty() && !data.isEmpty()) {
                return Optional.of(new Frame(id, type, String.join("\n", data)));
            } else if (text.startsWith("id: ")) {
                id = text.substring(4);
            } else if (text.startsWith("event: ")) {
                type = text.substring(7);
            } else if (text.startsWith("data:")) {
                data.add(text.substring(text.startsWith("data: ") ? 6 : 5));
            } else if (!isComment(text)) {
                throw new IOException("no line of an event: '" + text + "'");
            }
        }
    }

    // With the empty line behind it.
    private static boolean isComment(String line) {
        return line.startsWith(":") || line.isEmpty();
    }

    private Optional<String> line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = body.read(); b != '\n'; b = body.read()) {
            if (b < 0) {
                if (line.size() > 0) {
                    throw new EOFException("the stream ended in the middle of a line");
                }
                return Optional.empty();
            }
            line.write(b);
        }
        return Optional.of(line.toString(StandardCharsets.UTF_8));
    }

    /// As many events of the session as that, in the order in which they came, and nothing else in between.
    List<Stored> take(int count) throws IOException {
        List<Stored> events = new ArrayList<>();
        while (events.size() < count) {
            Frame frame = next();
            assertEquals("", frame.type(), frame::data);
            Stored stored = frame.stored();
            assertEquals(Ulid.after(stored.offset()), frame.id());
            events.add(stored);
        }
        return events;
    }

    /// Takes the mark that says that the past is over.
    void takeCaughtUp(String offset) throws IOException {
        Frame mark = next();
        assertEquals("catch-up-complete", mark.type(), mark::data);
        assertEquals("{\"offset\":\"" + offset + "\",\"upToDate\":true}", mark.data());
        assertTrue(mark.id().isEmpty() || mark.id().equals(offset), mark.id());
    }

    /// Reads on to the proper end of the stream.
    void takeEnd() throws IOException {
        for (Optional<Frame> frame = nextOrEnd(); frame.isPresent(); frame = nextOrEnd()) {
            // Whatever was under way.
        }
    }

    void patience(Duration duration) throws IOException {
        wire.patience(duration);
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
