package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.AppendOutcome;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamKey;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FollowEventsTest {
    private static final String EVENTS = "/stream/events?sessionId=s";
    private static final String LIVE = EVENTS + "&live=true";

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.on(directory, TestServer.config(10, Duration.ofHours(1), 100));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void what_was_comes_first_then_where_it_ends_then_what_happens() throws Exception {
        Offset first = server.posted("s", "{\"a\":1}");
        Offset second = server.posted("s", "2");
        try (Followed followed = server.follow(LIVE)) {
            assertEquals(Frames.event(first, "{\"a\":1}"), followed.frame());
            assertEquals(Frames.event(second, "2"), followed.frame());
            assertEquals(Frames.caughtUp(second.next()), followed.frame());

            Offset third = server.posted("s", "[3]");
            assertEquals(Frames.event(third, "[3]"), followed.frame());
            Offset fourth = server.posted("s", "null");
            assertEquals(Frames.event(fourth, "null"), followed.frame());

            server.bus().close();
            assertEquals("", followed.rest());
        }
    }

    @Test
    void the_headers_come_at_once_and_keep_proxies_from_holding_anything_back() throws Exception {
        try (Followed followed = server.follow(LIVE)) {
            assertEquals(
                    Set.of(
                            "HTTP/1.1 200 OK",
                            "Content-Type: text/event-stream",
                            "Cache-Control: no-cache",
                            "X-Accel-Buffering: no",
                            "X-Content-Type-Options: nosniff",
                            "Cross-Origin-Resource-Policy: cross-origin",
                            "Vary: Origin",
                            "Transfer-Encoding: chunked",
                            "Connection: keep-alive"),
                    Arrays.stream(followed.head().head().split("\r\n", -1))
                            .filter(line -> !line.startsWith("Date: "))
                            .collect(Collectors.toSet()));
        }
    }

    @Test
    void several_pages_come_before_the_one_notice() throws Exception {
        List<String> expected = new ArrayList<>();
        Offset last = server.posted("t", "0");
        for (int i = 0; i < 30; i++) {
            String event = "\"" + "x".repeat(i % 12) + "\"";
            last = server.posted("s", event);
            expected.add(Frames.event(last, event));
        }
        expected.add(Frames.caughtUp(last.next()));
        try (Followed followed = server.follow(LIVE)) {
            assertEquals(expected, followed.frames(31));

            Offset next = server.posted("s", "1");
            assertEquals(Frames.event(next, "1"), followed.frame());
        }
    }

    @Test
    void an_unknown_session_is_waited_for() throws Exception {
        for (String offset : List.of("", "&offset=-1", "&offset=now", "&offset=7ZZZZZZZZZZZZZZZZZZZZZZZZZ")) {
            String session = "s" + offset.length();
            try (Followed followed = server.follow("/stream/events?sessionId=" + session + "&live=true" + offset)) {
                assertEquals(Frames.caughtUp("-1"), followed.frame());

                Offset first = server.posted(session, "1");
                Offset second = server.posted(session, "2");
                assertEquals(Frames.event(first, "1"), followed.frame());
                assertEquals(Frames.event(second, "2"), followed.frame());
            }
        }
    }

    @Test
    void other_sessions_are_not_heard() throws Exception {
        try (Followed followed = server.follow(LIVE)) {
            assertEquals(Frames.caughtUp("-1"), followed.frame());

            server.posted("t", "1");
            server.posted("S", "2");
            server.posted("s%2Fs", "3");
            Offset own = server.posted("s", "4");
            assertEquals(Frames.event(own, "4"), followed.frame());
        }
    }

    @Test
    void a_follower_begins_where_it_says() throws Exception {
        Offset first = server.posted("s", "1");
        Offset second = server.posted("s", "2");
        String tail = Frames.caughtUp(second.next());

        assertEquals(Frames.event(first, "1"), firstFrame("&offset=" + first));
        assertEquals(Frames.event(second, "2"), firstFrame("&offset=" + first.next()));
        assertEquals(tail, firstFrame("&offset=" + second.next()));
        assertEquals(tail, firstFrame("&offset=now"));
        assertEquals(tail, firstFrame("&offset=7ZZZZZZZZZZZZZZZZZZZZZZZZZ"));
    }

    @Test
    void a_follower_from_beyond_the_tail_gets_the_next_event() throws Exception {
        Offset first = server.posted("s", "1");
        try (Followed followed = server.follow(LIVE + "&offset=7ZZZZZZZZZZZZZZZZZZZZZZZZZ")) {
            assertEquals(Frames.caughtUp(first.next()), followed.frame());

            Offset second = server.posted("s", "2");
            assertEquals(Frames.event(second, "2"), followed.frame());
        }
    }

    @Test
    void who_comes_back_with_the_id_of_the_last_frame_neither_repeats_nor_skips() throws Exception {
        server.posted("s", "1");
        Offset second = server.posted("s", "2");
        Offset third = server.posted("s", "3");
        // An EventSource asks for the same URL again, with the last id as a header.
        try (Followed followed = server.follow(LIVE + "&offset=-1", "Last-Event-ID: " + second.next())) {
            assertEquals(Frames.event(third, "3"), followed.frame());
            assertEquals(Frames.caughtUp(third.next()), followed.frame());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"known", "unknown"})
    void who_began_at_the_tail_and_was_cut_off_before_anything_came_misses_nothing(String session) throws Exception {
        String live = "/stream/events?sessionId=" + session + "&live=true&offset=now";
        if (session.equals("known")) {
            server.posted(session, "1");
        }
        String lastEventId;
        try (Followed followed = server.follow(live)) {
            lastEventId = SseEvent.parse(followed.frame()).getFirst().lastEventId();
        }
        Offset missed = server.posted(session, "2");
        try (Followed followed = server.follow(live, "Last-Event-ID: " + lastEventId)) {
            assertEquals(Frames.event(missed, "2"), followed.frame());
        }
    }

    @Test
    void two_last_event_ids_are_400() throws Exception {
        assertEquals(
                400, server.get(LIVE, "Last-Event-ID: -1", "Last-Event-ID: -1").status());
    }

    @Test
    void an_empty_last_event_id_says_nothing_and_a_malformed_one_is_400() throws Exception {
        Offset first = server.posted("s", "1");
        try (Followed followed = server.follow(LIVE, "Last-Event-ID: ")) {
            assertEquals(Frames.event(first, "1"), followed.frame());
        }
        Answer answer = server.get(LIVE, "Last-Event-ID: 1");
        assertEquals(400, answer.status());
        assertTrue(answer.body().startsWith("{\"error\":\"InvalidOffset\",\"message\":\"Last-Event-ID: '1' is no"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\n  \"a\": [\n    1\n  ]\n}", "{\r\n\"a\"\r\n:\r\n1}", "[\r1,\r2\r]", "[1\n\n,\n\r\n2]"})
    void an_event_of_several_lines_is_put_together_again(String event) throws Exception {
        try (Followed followed = server.follow(LIVE)) {
            followed.frame();
            Offset offset = server.posted("s", event);
            SseEvent dispatched = SseEvent.parse(followed.frame()).getFirst();

            assertEquals("message", dispatched.type());
            assertEquals(offset.next().toString(), dispatched.lastEventId());
            assertEquals(json("{\"offset\":\"" + offset + "\",\"event\":" + event + "}"), json(dispatched.data()));
        }
    }

    @Test
    void a_batch_comes_whole_and_in_order() throws Exception {
        try (Followed followed = server.follow(LIVE)) {
            followed.frame();
            AppendOutcome.Appended appended = server.append("sessions/s", List.of("1", "2", "3"));
            Offset first = appended.first();

            assertEquals(
                    List.of(
                            Frames.event(first, "1"),
                            Frames.event(first.next(), "2"),
                            Frames.event(first.next().next(), "3")),
                    followed.frames(3));
        }
    }

    @Test
    void the_clock_going_back_hides_nothing_from_a_follower() throws Exception {
        Offset first = server.posted("s", "1");
        try (Followed followed = server.follow(LIVE)) {
            followed.frames(2);
            server.clock().step(Duration.ofDays(-400));
            Offset second = server.posted("s", "2");

            assertTrue(first.isBefore(second));
            assertEquals(Frames.event(second, "2"), followed.frame());
        }
    }

    @Test
    void a_session_that_is_deleted_and_born_again_is_followed_on() throws Exception {
        server.posted("s", "1");
        try (Followed followed = server.follow(LIVE)) {
            followed.frames(2);
            server.store().delete(new StreamKey("sessions/s"));
            Offset reborn = server.posted("s", "2");

            assertEquals(Frames.event(reborn, "2"), followed.frame());
        }
    }

    @Test
    void the_end_of_the_bus_is_the_proper_end_of_the_answer() throws Exception {
        try (Wire wire = server.wire()) {
            wire.request("GET", LIVE);
            assertEquals(200, wire.head().status());
            String caughtUp = Frames.caughtUp("-1");
            assertEquals(chunk(caughtUp), wire.text(chunk(caughtUp).length()));

            Offset offset = server.posted("s", "1");
            String event = Frames.event(offset, "1");
            assertEquals(chunk(event), wire.text(chunk(event).length()));

            server.bus().close();
            assertEquals("0\r\n\r\n", wire.text(5));
            assertEquals(200, wire.request("GET", EVENTS).answer().status(), "the connection goes on");
        }
    }

    @Test
    void a_follower_that_comes_after_the_end_of_the_bus_gets_what_there_is_and_the_end() throws Exception {
        Offset offset = server.posted("s", "1");
        server.bus().close();

        assertEquals(
                Frames.event(offset, "1") + Frames.caughtUp(offset.next()),
                server.get(LIVE).body());
    }

    @Test
    void a_live_answer_needs_no_second_look_of_the_client_at_its_length() throws Exception {
        try (Followed followed = server.follow(LIVE)) {
            assertFalse(followed.head().has("Content-Length"));
        }
    }

    private String firstFrame(String offset) throws Exception {
        try (Followed followed = server.follow(LIVE + offset)) {
            return followed.frame();
        }
    }

    private static String chunk(String frame) {
        return Integer.toHexString(frame.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + frame + "\r\n";
    }

    private static JsonValue json(String text) {
        try (JsonReader reader = JsonText.provider().createReader(new StringReader(text))) {
            return reader.readValue();
        }
    }
}
