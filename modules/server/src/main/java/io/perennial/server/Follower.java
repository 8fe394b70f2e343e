package io.perennial.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webclient.http1.Http1ClientResponse;
import io.perennial.eventstore.Offset;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// Reads a stream event by event, across broken connections and restarts of its server: each once, in order.
final class Follower {
    private static final HeaderName UP_TO_DATE = HeaderNames.create("Stream-Up-To-Date");
    private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int DONE = 204;
    private static final int BUSY = 503;
    private static final int REFUSED = 400;

    private final Remote remote;
    private final String events;
    private final String position;
    private String seen = "";
    private boolean hasBegun;

    /// Takes what comes.
    interface Sink {
        void take(Entry entry) throws IOException;

        /// Everything that is there was taken; more may come.
        void rest() throws IOException;
    }

    /// One event.
    ///
    /// @param line as the server tells it, in one line: `{"offset","event"}`, or `{"offset","data"}` with base64
    /// @param isJson whether it is the former
    /// @param text the event's JSON, or the base64
    record Entry(String line, Offset offset, boolean isJson, String text) {
        private static final String BEGIN = "{\"offset\":\"";
        private static final int OFFSET_CHARACTERS = 26;
        private static final String EVENT = "\",\"event\":";
        private static final String DATA = "\",\"data\":\"";

        /// @throws IllegalArgumentException where it is something else
        static Entry of(String line) {
            int end = BEGIN.length() + OFFSET_CHARACTERS;
            if (line.startsWith(BEGIN) && line.startsWith(EVENT, end) && line.endsWith("}")) {
                return new Entry(
                        line, offset(line, end), true, line.substring(end + EVENT.length(), line.length() - 1));
            }
            if (line.startsWith(BEGIN) && line.startsWith(DATA, end) && line.endsWith("\"}")) {
                return new Entry(
                        line, offset(line, end), false, line.substring(end + DATA.length(), line.length() - 2));
            }
            throw new IllegalArgumentException("no event with its offset: " + line);
        }

        private static Offset offset(String line, int end) {
            return Offset.parse(line.substring(BEGIN.length(), end));
        }
    }

    /// @param position where it begins, as a parameter: `offset=-1`
    Follower(Remote remote, String path, String position) {
        this.remote = remote;
        this.events = "/stream/events?" + Remote.query("stream", path) + "&";
        this.position = position;
    }

    /// Until all that is there was taken, page by page.
    void readTo(Sink sink) throws InterruptedException, IOException {
        String at = position;
        while (true) {
            Remote.Answer page = page(at);
            for (String line : Lines.of(page.body())) {
                sink.take(Entry.of(line));
            }
            sink.rest();
            if (page.header(UP_TO_DATE).equals("true")) {
                return;
            }
            at = Remote.query("offset", page.header(ChangeCommand.NEXT));
        }
    }

    private Remote.Answer page(String at) throws InterruptedException {
        while (true) {
            try {
                Remote.Answer page = remote.send(Method.GET, events + at, Map.of(), new byte[0]);
                if (page.status() < REFUSED) {
                    hasBegun = true;
                    return page;
                }
                if (page.status() != BUSY) {
                    throw page.refusal();
                }
            } catch (IOException e) {
                if (!hasBegun) {
                    throw remote.unreachable(e);
                }
            }
            Thread.sleep(PAUSE);
        }
    }

    /// Until the stream is closed.
    void followTo(Sink sink) throws InterruptedException, IOException {
        while (true) {
            try (Http1ClientResponse answer = open()) {
                int status = answer.status().code();
                if (status == DONE) {
                    return;
                }
                if (status >= REFUSED && status != BUSY) {
                    throw new Remote.Answer(status, Map.of(), Remote.text(answer)).refusal();
                }
                if (status < REFUSED && isFollowed(answer, sink)) {
                    return;
                }
            } catch (Broken e) {
                if (!hasBegun) {
                    throw remote.unreachable(e.reason);
                }
            }
            Thread.sleep(PAUSE);
        }
    }

    private Http1ClientResponse open() throws Broken {
        return connected(() ->
                remote.open(events + "live=true&" + position, seen.isEmpty() ? Map.of() : Map.of(LAST_EVENT_ID, seen)));
    }

    // Returns whether there is nothing more to come.
    private boolean isFollowed(Http1ClientResponse answer, Sink sink) throws Broken, IOException {
        BufferedReader in = reader(answer);
        hasBegun = true;
        Frame frame = next(in);
        while (frame.isWhole()) {
            if (frame.event.isEmpty()) {
                sink.take(Entry.of(frame.data.toString()));
            }
            if (!frame.id.isEmpty()) {
                seen = frame.id;
            }
            boolean isLast = frame.event.equals("closed");
            if (isLast || !isReady(in)) {
                sink.rest();
            }
            if (isLast) {
                return true;
            }
            frame = next(in);
        }
        return false;
    }

    private static BufferedReader reader(Http1ClientResponse answer) {
        return new BufferedReader(new InputStreamReader(answer.inputStream(), StandardCharsets.UTF_8));
    }

    private static boolean isReady(BufferedReader in) throws Broken {
        return connected(in::ready);
    }

    private static Frame next(BufferedReader in) throws Broken {
        return connected(() -> {
            Frame frame = new Frame();
            String line = in.readLine();
            while (line != null && !frame.take(line)) {
                line = in.readLine();
            }
            return frame;
        });
    }

    private static <T> T connected(Remote.Exchange<T> exchange) throws Broken {
        try {
            return Remote.connected(exchange);
        } catch (IOException e) {
            throw new Broken(e);
        }
    }

    /// A server-sent event.
    private static final class Frame {
        private String id = "";
        private String event = "";
        private final StringBuilder data = new StringBuilder();
        private boolean isWhole;

        boolean isWhole() {
            return isWhole;
        }

        // Returns whether that was its end.
        boolean take(String line) {
            if (line.isEmpty()) {
                isWhole = true;
            } else if (line.startsWith("id: ")) {
                id = line.substring("id: ".length());
            } else if (line.startsWith("event: ")) {
                event = line.substring("event: ".length());
            } else if (line.startsWith("data: ")) {
                // A line break in an event's JSON is between its parts.
                data.append(data.isEmpty() ? "" : " ").append(line, "data: ".length(), line.length());
            }
            return isWhole;
        }
    }

    /// The connection broke, or there was none.
    private static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;

        private final IOException reason;

        Broken(IOException reason) {
            super(reason);
            this.reason = reason;
        }
    }
}
