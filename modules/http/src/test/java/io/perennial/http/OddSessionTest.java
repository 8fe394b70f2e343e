package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Append;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamKey;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sessions whose streams the other face closed, deleted, or made of something else than JSON.
@Timeout(60)
class OddSessionTest {
    private static final String EVENTS = "/stream/events?sessionId=s";
    private static final String LIVE = EVENTS + "&live=true";

    private static final int SOON_MILLIS = 3_000;

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.on(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_closed_session_takes_no_event() throws Exception {
        Offset last = server.posted("s", "1");
        server.close("sessions/s");
        Answer answer = server.post(EVENTS, "2");

        assertEquals(409, answer.status());
        assertEquals("true", answer.header("Stream-Closed"));
        assertEquals(last.next().toString(), answer.header("Stream-Next-Offset"));
        assertEquals(
                "{\"error\":\"SessionClosed\",\"message\":\"the session s is closed and takes no more events\"}",
                answer.body());
    }

    @Test
    void a_catch_up_tells_that_nothing_will_follow_once_it_reaches_the_tail() throws Exception {
        Offset last = server.posted("s", "1");
        assertFalse(server.get(EVENTS).has("Stream-Closed"));

        server.close("sessions/s");
        Answer answer = server.get(EVENTS);
        assertEquals("[{\"offset\":\"" + last + "\",\"event\":1}]", answer.body());
        assertEquals("true", answer.header("Stream-Closed"));
        assertEquals("true", answer.header("Stream-Up-To-Date"));
    }

    @Test
    void a_follower_of_a_closed_session_gets_all_of_it_and_the_end() throws Exception {
        Offset first = server.posted("s", "1");
        Offset second = server.posted("s", "2");
        server.close("sessions/s");
        try (Followed followed = server.follow(LIVE)) {
            assertEquals(
                    Frames.event(first, "1")
                            + Frames.event(second, "2")
                            + Frames.caughtUp(second.next())
                            + Frames.closed(second.next()),
                    followed.rest());
        }
        try (Followed followed = server.follow(LIVE + "&offset=now")) {
            assertEquals(Frames.caughtUp(second.next()) + Frames.closed(second.next()), followed.rest());
        }
    }

    @Test
    void a_follower_hears_of_the_close() throws Exception {
        Offset first = server.posted("s", "1");
        try (Followed followed = server.follow(LIVE)) {
            followed.frames(2);
            server.close("sessions/s");

            assertEquals(Frames.closed(first.next()), followed.rest());
        }
    }

    @Test
    void a_close_that_carries_events_is_told_after_them() throws Exception {
        try (Followed followed = server.follow(LIVE)) {
            followed.frame();
            Offset last = server.append("sessions/s", "application/json", Append.Closing.CLOSE, "1")
                    .first();

            assertEquals(Frames.event(last, "1") + Frames.closed(last.next()), followed.rest());
        }
    }

    @Test
    void a_session_that_is_born_closed_is_followed_to_its_end() throws Exception {
        try (Followed followed = server.follow(LIVE)) {
            assertEquals(Frames.caughtUp("-1"), followed.frame());
            Offset tail = server.close("sessions/s").next();

            assertEquals(Frames.closed(tail), followed.rest());
        }
    }

    @Test
    void an_event_source_that_comes_back_to_a_closed_tail_is_stopped() throws Exception {
        Offset last = server.posted("s", "1");
        server.close("sessions/s");
        Answer answer = server.get(LIVE, "Last-Event-ID: " + last.next());

        assertEquals(204, answer.status());
        assertEquals("true", answer.header("Stream-Closed"));

        try (Followed followed = server.follow(LIVE, "Last-Event-ID: " + last)) {
            assertEquals(
                    Frames.event(last, "1") + Frames.caughtUp(last.next()) + Frames.closed(last.next()),
                    followed.rest(),
                    "it had not seen the last event");
        }
    }

    @Test
    void an_end_leaves_the_connection_for_the_next_request() throws Exception {
        server.posted("s", "1");
        server.close("sessions/s");
        try (Followed followed = server.follow(LIVE)) {
            followed.rest();
            assertEquals(200, followed.wire().request("GET", EVENTS).answer().status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/octet-stream", "application/jsonl", "application/problem+json"})
    void a_stream_of_something_else_is_409(String contentType) throws Exception {
        server.append("sessions/s", contentType, Append.Closing.STAY_OPEN, "not {json");
        String expected = "{\"error\":\"SessionNotJson\",\"message\":\"the stream of session s holds " + contentType
                + ", and a session holds JSON\"}";

        for (Answer answer : List.of(
                server.post(EVENTS, "1"),
                server.get(EVENTS),
                server.get(EVENTS + "&offset=now"),
                server.get(LIVE),
                server.get(LIVE + "&offset=now"))) {
            assertEquals(409, answer.status());
            assertEquals(expected, answer.body());
            assertFalse(answer.has("Stream-Next-Offset"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/json; charset=utf-8", "Application/JSON"})
    void json_by_any_spelling_is_a_session(String contentType) throws Exception {
        server.append("sessions/s", contentType, Append.Closing.STAY_OPEN, "1");

        Offset second = server.posted("s", "2");
        assertTrue(server.get(EVENTS).body().endsWith("{\"offset\":\"" + second + "\",\"event\":2}]"));
    }

    @Test
    void a_stream_of_something_else_that_is_born_under_a_follower_ends_it() throws Exception {
        try (Followed followed = server.follow(LIVE)) {
            assertEquals(Frames.caughtUp("-1"), followed.frame());
            server.append("sessions/s", "text/plain", Append.Closing.STAY_OPEN, "not {json");

            followed.wire().patience(SOON_MILLIS);
            assertEquals("", followed.rest(), "the client comes back, and gets the 409");
        }
    }

    @Test
    void a_stream_of_something_else_in_the_place_of_a_session_ends_its_followers() throws Exception {
        server.posted("s", "1");
        try (Followed followed = server.follow(LIVE)) {
            followed.frames(2);
            server.store().delete(new StreamKey("sessions/s"));
            server.append("sessions/s", "text/plain", Append.Closing.STAY_OPEN, "not {json");

            followed.wire().patience(SOON_MILLIS);
            assertEquals("", followed.rest(), "the client comes back, and gets the 409");
        }
    }

    @Test
    void a_deleted_session_is_unknown() throws Exception {
        server.posted("s", "1");
        server.store().delete(new StreamKey("sessions/s"));

        Answer answer = server.get(EVENTS);
        assertEquals("[]", answer.body());
        assertEquals("-1", answer.header("Stream-Next-Offset"));
        try (Followed followed = server.follow(LIVE)) {
            assertEquals(Frames.caughtUp("-1"), followed.frame());
        }
    }
}
