package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How a live answer of the protocol's face begins, goes on and ends; [StreamFramesTest] has its bytes.
@Timeout(60)
class FollowStreamTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final String LIVE = "s?offset=-1&live=sse";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "text/plain,false",
        "TEXT/html;charset=utf-8,false",
        "application/json,false",
        "application/octet-stream,true",
        "application/x-ndjson,true",
        "texture/x,true"
    })
    void the_headers_come_at_once(String type, boolean isBinary) throws Exception {
        try (TestServer server = server(1024, NEVER, NEVER)) {
            Streams streams = new Streams(server);
            String tail = streams.created("s", "Content-Type: " + type);
            try (Followed followed = streams.follow(LIVE)) {
                Set<String> expected = new HashSet<>(Set.of(
                        "HTTP/1.1 200 OK",
                        "Cache-Control: no-cache",
                        "Connection: keep-alive",
                        "Content-Type: text/event-stream",
                        "Cross-Origin-Resource-Policy: cross-origin",
                        "Transfer-Encoding: chunked",
                        "Vary: Origin",
                        "X-Accel-Buffering: no",
                        "X-Content-Type-Options: nosniff"));
                if (isBinary) {
                    expected.add("Stream-SSE-Data-Encoding: base64");
                }
                assertEquals(expected, Streams.lines(followed.head()));
                assertEquals(upToDate(server, tail), followed.frame());
            }
        }
    }

    @Test
    void what_was_comes_page_by_page_and_what_happens_as_it_happens() throws Exception {
        try (TestServer server = server(2, NEVER, NEVER)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            String first = streams.appended("s", "aa", Streams.TEXT);
            String second = streams.appended("s", "bb", Streams.TEXT);
            try (Followed followed = streams.follow(LIVE)) {
                assertEquals(data(first, "aa"), followed.frame());
                assertEquals(more(server, first), followed.frame());
                assertEquals(data(second, "bb"), followed.frame());
                assertEquals(upToDate(server, second), followed.frame());

                String third = streams.appended("s", "cc", Streams.TEXT);
                assertEquals(data(third, "cc"), followed.frame());
                assertEquals(upToDate(server, third), followed.frame());

                server.bus().close();
                assertEquals("", followed.rest());
            }
        }
    }

    @Test
    void a_close_is_told_and_ends_the_answer() throws Exception {
        try (TestServer server = server(1024, NEVER, NEVER)) {
            Streams streams = new Streams(server);
            String tail = streams.created("s", Streams.TEXT);
            streams.created("t", Streams.TEXT);
            try (Followed one = streams.follow(LIVE);
                    Followed other = streams.follow("t?offset=now&live=sse")) {
                assertEquals(upToDate(server, tail), one.frame());
                streams.close("s");
                assertEquals(closed(tail), one.rest());

                other.frame();
                String end =
                        streams.post("t", "end", Streams.TEXT, Streams.CLOSED).header("Stream-Next-Offset");
                assertEquals(data(end, "end") + closed(end), other.rest());
                assertEquals(
                        200, other.wire().request("GET", "/servers").answer().status(), "the connection is free");
            }
        }
    }

    @Test
    void a_closed_stream_is_told_whole_and_a_closed_tail_at_once() throws Exception {
        try (TestServer server = server(1024, NEVER, NEVER)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            String tail = streams.appended("s", "x", Streams.TEXT, Streams.CLOSED);
            assertEquals(data(tail, "x") + closed(tail), told(streams, LIVE));
            for (String from : List.of("now", tail, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")) {
                assertEquals(closed(tail), told(streams, "s?offset=" + from + "&live=sse"));
            }
        }
    }

    @Test
    void an_event_source_that_comes_back_to_a_closed_tail_is_stopped() throws Exception {
        try (TestServer server = server(1024, NEVER, NEVER)) {
            Streams streams = new Streams(server);
            String begin = streams.created("s", Streams.TEXT);
            String tail = streams.appended("s", "x", Streams.TEXT, Streams.CLOSED);
            Answer answer = streams.get(LIVE, "Last-Event-ID: " + tail);
            assertEquals(204, answer.status());
            assertEquals("true", answer.header("Stream-Closed"));
            assertEquals("no-store", answer.header("Cache-Control"));
            assertEquals(data(tail, "x") + closed(tail), told(streams, LIVE, "Last-Event-ID: " + begin));
        }
    }

    @Test
    void what_the_client_has_seen_goes_before_where_it_began() throws Exception {
        try (TestServer server = server(1024, NEVER, NEVER)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            String first = streams.appended("s", "a", Streams.TEXT);
            String tail = streams.appended("s", "b", Streams.TEXT);
            streams.close("s");
            assertEquals(data(tail, "b") + closed(tail), told(streams, LIVE, "Last-Event-ID: " + first));
            assertEquals(data(tail, "ab") + closed(tail), told(streams, LIVE, "Last-Event-ID:"));
            assertEquals(400, streams.get(LIVE, "Last-Event-ID: x").status());
            assertEquals(
                    400,
                    streams.get(LIVE, "Last-Event-ID: " + first, "Last-Event-ID: " + first)
                            .status());
            assertEquals("ab", streams.get("s", "Last-Event-ID: " + first).body(), "of no concern to a catch-up");
        }
    }

    @Test
    void a_deletion_ends_the_answer_and_the_client_is_told_when_it_comes_back() throws Exception {
        try (TestServer server = server(1024, NEVER, NEVER)) {
            Streams streams = new Streams(server);
            String tail = streams.created("s", Streams.TEXT);
            try (Followed followed = streams.follow(LIVE)) {
                followed.frame();
                streams.delete("s");
                assertEquals("", followed.rest());
            }
            assertEquals(404, streams.get(LIVE, "Last-Event-ID: " + tail).status());
        }
    }

    @Test
    void an_old_answer_ends_though_there_is_always_more_to_say() throws Exception {
        try (TestServer server = server(1, NEVER, Duration.ofMillis(100))) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            AtomicBoolean enough = new AtomicBoolean();
            Future<Integer> writer = Eventually.start(() -> {
                int written = 0;
                while (!enough.get()) {
                    streams.appended("s", "x", Streams.TEXT);
                    written++;
                }
                return written;
            });
            StringBuilder read = new StringBuilder();
            String from = "-1";
            for (int i = 0; i < 3; i++) {
                List<SseEvent> events = SseEvent.parse(told(streams, "s?offset=" + from + "&live=sse"));
                assertEquals("control", events.getLast().type(), "at a clean point");
                from = events.getLast().lastEventId();
                events.stream()
                        .filter(event -> event.type().equals("data"))
                        .forEach(event -> read.append(event.data()));
            }
            enough.set(true);
            int written = Eventually.result(writer);
            streams.close("s");
            SseEvent.parse(toldToItsEnd(streams, from)).stream()
                    .filter(event -> event.type().equals("data"))
                    .forEach(event -> read.append(event.data()));
            assertEquals("x".repeat(written), read.toString(), "each once");
        }
    }

    @Test
    void silence_is_filled_with_what_no_client_sees() throws Exception {
        try (TestServer server = server(1024, Duration.ofMillis(20), NEVER)) {
            Streams streams = new Streams(server);
            String tail = streams.created("s", Streams.TEXT);
            try (Followed followed = streams.follow(LIVE)) {
                assertEquals(upToDate(server, tail), followed.frame());
                assertEquals(List.of(": keep-alive\n\n", ": keep-alive\n\n"), followed.frames(2));
                String next = streams.appended("s", "x", Streams.TEXT);
                String frame = followed.frame();
                while (frame.equals(": keep-alive\n\n")) {
                    frame = followed.frame();
                }
                assertEquals(data(next, "x"), frame);
            }
        }
    }

    @Test
    void one_follower_too_many_is_told_to_come_back() throws Exception {
        try (TestServer server = TestServer.on(directory, TestServer.config(1024, NEVER, 1))) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.BYTES);
            try (Followed followed = streams.follow(LIVE)) {
                followed.frame();
                Answer answer = streams.get(LIVE);
                assertEquals(503, answer.status());
                assertEquals("1", answer.header("Retry-After"));
                assertEquals("application/json", answer.header("Content-Type"));
                assertFalse(answer.has("X-Accel-Buffering"));
            }
        }
    }

    @Test
    void an_answer_that_fails_in_the_middle_is_cut_off_and_not_ended() throws Exception {
        try (TestServer server = server(100_000, NEVER, NEVER)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            for (int i = 0; i < 30; i++) {
                streams.appended("s", "x".repeat(1_000_000), Streams.TEXT);
            }
            try (Followed followed = Followed.of(Wire.narrow(server.port()), Streams.at(LIVE))) {
                followed.frame();
                server.store().close();
                List<Exception> ends = new ArrayList<>();
                try {
                    followed.rest();
                } catch (IOException cut) {
                    ends.add(cut);
                }
                assertEquals(1, ends.size(), "or the client would take a piece for the whole");
            }
            assertEquals(500, streams.get("s").status());
        }
    }

    private static String told(Streams streams, String target, String... headers) throws Exception {
        try (Followed followed = streams.follow(target, headers)) {
            assertEquals(200, followed.head().status());
            return followed.rest();
        }
    }

    // Coming back as often as it takes.
    private static String toldToItsEnd(Streams streams, String from) throws Exception {
        StringBuilder told = new StringBuilder(told(streams, "s?offset=" + from + "&live=sse"));
        while (!told.toString().endsWith("\"streamClosed\":true}\n\n")) {
            String next = SseEvent.parse(told.toString()).getLast().lastEventId();
            told.append(told(streams, "s?offset=" + next + "&live=sse"));
        }
        return told.toString();
    }

    private static String data(String next, String text) {
        return "id: " + next + "\nevent: data\ndata:" + text + "\n\n";
    }

    private static String more(TestServer server, String next) {
        return control(next, ",\"streamCursor\":\"" + cursor(server) + "\"");
    }

    private static String upToDate(TestServer server, String next) {
        return upToDate(next, cursor(server));
    }

    private static String upToDate(String next, long cursor) {
        return control(next, ",\"streamCursor\":\"" + cursor + "\",\"upToDate\":true");
    }

    private static String closed(String next) {
        return control(next, ",\"upToDate\":true,\"streamClosed\":true");
    }

    private static String control(String next, String rest) {
        return "id: " + next + "\nevent: control\ndata:{\"streamNextOffset\":\"" + next + "\"" + rest + "}\n\n";
    }

    private static long cursor(TestServer server) {
        return Duration.between(
                                Instant.parse("2024-10-09T00:00:00Z"),
                                server.clock().instant())
                        .toSeconds()
                / 20;
    }

    private TestServer server(int pageBytes, Duration heartbeat, Duration lifetime) {
        return TestServer.on(
                directory,
                new HttpConfig(pageBytes, TestServer.LIMIT_BYTES, heartbeat, 10, NEVER, lifetime, List.of("*")));
    }
}
