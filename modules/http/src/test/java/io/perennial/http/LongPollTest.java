package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LongPollTest {
    // Longer than any test: whoever waits for it has missed what it should have heard.
    private static final Duration NEVER = Duration.ofHours(1);
    private static final int PAGE_BYTES = 20;

    @TempDir
    Path directory;

    @Test
    void what_is_there_is_answered_at_once() throws Exception {
        try (TestServer server = server(NEVER, 10)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            String tail = streams.appended("s", "hello", Streams.TEXT);
            Answer answer = streams.get("s?offset=-1&live=long-poll");

            assertEquals("hello", answer.body());
            assertEquals(
                    Set.of(
                            "HTTP/1.1 200 OK",
                            "Cache-Control: public, max-age=60, stale-while-revalidate=300",
                            "Connection: keep-alive",
                            "Content-Length: 5",
                            "Content-Type: text/plain",
                            "Cross-Origin-Resource-Policy: cross-origin",
                            "Stream-Cursor: " + answer.header("Stream-Cursor"),
                            "Stream-Next-Offset: " + tail,
                            "Stream-Up-To-Date: true",
                            "Vary: Origin",
                            "X-Content-Type-Options: nosniff",
                            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox"),
                    Streams.lines(answer));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"now", "tail", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"})
    void a_wait_for_nothing_ends_in_time(String from) throws Exception {
        Duration wait = Duration.ofMillis(150);
        try (TestServer server = server(wait, 10)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            String tail = streams.appended("s", "hello", Streams.TEXT);
            long begin = System.nanoTime();
            Answer answer = streams.get("s?offset=" + from.replace("tail", tail) + "&live=long-poll");

            assertTrue(System.nanoTime() - begin >= wait.toNanos(), "not before the time");
            assertEquals(
                    Set.of(
                            "HTTP/1.1 204 No Content",
                            "Cache-Control: no-store",
                            "Connection: keep-alive",
                            "Cross-Origin-Resource-Policy: cross-origin",
                            "Stream-Cursor: " + answer.header("Stream-Cursor"),
                            "Stream-Next-Offset: " + tail,
                            "Stream-Up-To-Date: true",
                            "Vary: Origin",
                            "X-Content-Type-Options: nosniff"),
                    Streams.lines(answer));
        }
    }

    @Test
    void an_append_ends_the_wait() throws Exception {
        try (TestServer server = server(NEVER, 10)) {
            Streams streams = new Streams(server);
            String tail = streams.created("s", Streams.JSON);
            for (int i = 0; i < 5; i++) {
                Future<Answer> waiting = waiting(server, "s?offset=" + tail + "&live=long-poll");
                tail = streams.appended("s", "[" + i + ",[" + i + "]]", Streams.JSON);
                Answer answer = Eventually.result(waiting);
                assertEquals("[" + i + ",[" + i + "]]", answer.body());
                assertEquals("application/json", answer.header("Content-Type"));
                assertEquals(tail, answer.header("Stream-Next-Offset"));
                assertEquals("true", answer.header("Stream-Up-To-Date"));
            }
        }
    }

    @Test
    void what_comes_after_now_is_kept_by_no_cache() throws Exception {
        try (TestServer server = server(NEVER, 10)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            Future<Answer> waiting = waiting(server, "s?offset=now&live=long-poll");
            Eventually.holds("one comes after its now", () -> {
                streams.appended("s", "x", Streams.TEXT);
                return waiting.isDone();
            });
            Answer answer = Eventually.result(waiting);
            assertEquals("x", answer.body());
            assertEquals("no-store", answer.header("Cache-Control"));
        }
    }

    @Test
    void a_close_ends_the_wait() throws Exception {
        try (TestServer server = server(NEVER, 10)) {
            Streams streams = new Streams(server);
            String tail = streams.created("s", Streams.TEXT);
            streams.created("t", Streams.TEXT);
            Future<Answer> plain = waiting(server, "s?offset=" + tail + "&live=long-poll");
            streams.close("s");
            assertClosedAt(tail, Eventually.result(plain));

            Future<Answer> last = waiting(server, "t?offset=-1&live=long-poll");
            streams.post("t", "end", Streams.TEXT, Streams.CLOSED);
            Answer answer = Eventually.result(last);
            assertEquals("end", answer.body());
            assertEquals("true", answer.header("Stream-Closed"));
        }
    }

    @Test
    void a_deletion_ends_the_wait() throws Exception {
        try (TestServer server = server(NEVER, 10)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            Future<Answer> waiting = waiting(server, "s?offset=now&live=long-poll");
            streams.delete("s");
            assertEquals(404, Eventually.result(waiting).status());
        }
    }

    @Test
    void the_end_of_the_server_ends_the_wait() throws Exception {
        try (TestServer server = server(NEVER, 10)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            Future<Answer> waiting = waiting(server, "s?offset=now&live=long-poll");
            server.bus().close();
            assertEquals(204, Eventually.result(waiting).status());
        }
    }

    @Test
    void the_tail_of_a_closed_stream_is_not_waited_at() throws Exception {
        try (TestServer server = server(NEVER, 10)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            String tail = streams.appended("s", "x", Streams.TEXT);
            streams.close("s");
            for (String from : List.of("now", tail, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")) {
                assertClosedAt(tail, streams.get("s?offset=" + from + "&live=long-poll"));
            }
            Answer answer = streams.get("s?offset=-1&live=long-poll");
            assertEquals("x", answer.body());
            assertEquals("true", answer.header("Stream-Closed"));
        }
    }

    @Test
    void an_answer_is_a_page_wherever_it_comes_from() throws Exception {
        try (TestServer server = server(NEVER, 10)) {
            Streams streams = new Streams(server);
            String tail = streams.created("s", Streams.JSON);
            Future<Answer> waiting = waiting(server, "s?offset=" + tail + "&live=long-poll");
            List<String> messages = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                messages.add("{\"n\":" + i + "}");
            }
            streams.appended("s", "[" + String.join(",", messages) + "]", Streams.JSON);

            List<String> read = new ArrayList<>();
            Answer answer = Eventually.result(waiting);
            while (!answer.has("Stream-Up-To-Date")) {
                read.add(page(answer));
                answer = streams.get("s?offset=" + answer.header("Stream-Next-Offset") + "&live=long-poll");
            }
            read.add(page(answer));
            assertEquals(String.join(",", messages), String.join(",", read));
            assertTrue(read.size() >= 10, read.size() + " pages");
        }
    }

    // Each message is shorter than what a page may be longer by, for the sake of the last one in it.
    private static String page(Answer answer) {
        String messages = answer.body().substring(1, answer.body().length() - 1);
        assertTrue(messages.replace("},{", "}{").length() < PAGE_BYTES + "{\"n\":10}".length(), messages);
        return messages;
    }

    @Test
    void one_who_waits_too_many_is_told_to_come_back() throws Exception {
        try (TestServer server = server(NEVER, 1)) {
            Streams streams = new Streams(server);
            String tail = streams.created("s", Streams.TEXT);
            Future<Answer> waiting = waiting(server, "s?offset=" + tail + "&live=long-poll");
            Answer answer = streams.get("s?offset=now&live=long-poll");
            assertEquals(503, answer.status());
            assertEquals("1", answer.header("Retry-After"));
            assertEquals("no-store", answer.header("Cache-Control"));
            assertEquals(200, streams.get("s").status(), "a catch-up is no follower");

            streams.appended("s", "x", Streams.TEXT);
            assertEquals(200, Eventually.result(waiting).status());
            Eventually.holds(
                    "its place is free",
                    () -> streams.get("s?offset=-1&live=long-poll").status() == 200);
        }
    }

    @Test
    void a_client_that_has_gone_makes_room_when_its_time_is_over() throws Exception {
        try (TestServer server = server(Duration.ofMillis(100), 1)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            for (int i = 0; i < 3; i++) {
                Wire gone = server.wire().request("GET", Streams.at("s?offset=now&live=long-poll"));
                Eventually.holds("it waits", () -> server.bus().subscriptions() == 1);
                gone.reset();
                Eventually.holds("it is gone", () -> server.bus().subscriptions() == 0);
            }
            Eventually.holds(
                    "its place is free",
                    () -> streams.get("s?offset=now&live=long-poll").status() == 204);
        }
    }

    @Test
    void a_client_of_http_2_that_has_gone_makes_room_at_once() throws Exception {
        try (TestServer server = server(NEVER, 1);
                FramedWire wire = FramedWire.to(server.port())) {
            new Streams(server).created("s", Streams.TEXT);
            for (int i = 0; i < 3; i++) {
                int waiting = wire.request("GET", Streams.at("s?offset=now&live=long-poll"));
                Eventually.holds("it waits", () -> server.bus().subscriptions() == 1);
                wire.reset(waiting);
                Eventually.holds("it is gone", () -> server.bus().subscriptions() == 0);
            }
        }
    }

    @Test
    void the_appends_of_others_wake_nobody() throws Exception {
        try (TestServer server = server(NEVER, 10)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            streams.created("s/t", Streams.TEXT);
            String tail = streams.created("fork", "Stream-Forked-From: /v1/stream/s");
            Future<Answer> waiting = waiting(server, "fork?offset=" + tail + "&live=long-poll");
            streams.appended("s", "source", Streams.TEXT);
            streams.appended("s/t", "other", Streams.TEXT);
            assertFalse(waiting.isDone());
            streams.appended("fork", "own", Streams.TEXT);
            assertEquals("own", Eventually.result(waiting).body());
        }
    }

    private static void assertClosedAt(String tail, Answer answer) {
        assertEquals(204, answer.status());
        assertEquals("true", answer.header("Stream-Closed"));
        assertEquals("true", answer.header("Stream-Up-To-Date"));
        assertEquals(tail, answer.header("Stream-Next-Offset"));
        assertEquals("no-store", answer.header("Cache-Control"));
    }

    /// Returns once the server waits for it.
    private static Future<Answer> waiting(TestServer server, String target) throws Exception {
        Eventually.holds("nobody else waits", () -> server.bus().subscriptions() == 0);
        Future<Answer> waiting = Eventually.start(() -> server.get(Streams.at(target)));
        Eventually.holds("it is heard", () -> server.bus().subscriptions() == 1);
        return waiting;
    }

    private TestServer server(Duration wait, int followers) {
        return TestServer.on(
                directory,
                new HttpConfig(
                        PAGE_BYTES,
                        TestServer.LIMIT_BYTES,
                        Duration.ofHours(1),
                        followers,
                        wait,
                        Duration.ofMinutes(1),
                        List.of("*")));
    }
}
