package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads that begin at a moment, or with the last events, on both faces.
class SeekTest {
    @TempDir
    Path directory;

    private TestServer server;
    private Streams streams;

    @BeforeEach
    void open() {
        server = TestServer.on(directory);
        streams = new Streams(server);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void since_a_moment_is_everything_from_that_moment_on() throws Exception {
        streams.created("sessions/s", Streams.JSON);
        streams.appended("sessions/s", "1", Streams.JSON);
        server.clock().step(Duration.ofHours(1));
        Instant moment = server.clock().instant();
        streams.appended("sessions/s", "2", Streams.JSON);
        assertEquals("[2]", streams.get("sessions/s?since=" + moment).body());
        assertEquals(
                "[1,2]",
                streams.get("sessions/s?since=2001-02-03T04:05:06%2B07:00").body());
        assertEquals(
                "[]", streams.get("sessions/s?since=" + moment.plusSeconds(1)).body());
        String session =
                server.get("/stream/events?sessionId=s&since=" + moment).body();
        assertTrue(session.contains("\"event\":2") && !session.contains("\"event\":1"), session);
        try (Followed followed = streams.follow("sessions/s?live=sse&since=" + moment)) {
            String frame = followed.frame();
            assertTrue(frame.contains("data:[2]"), frame);
        }
    }

    @Test
    void the_last_are_so_many_or_all_and_no_cache_keeps_them() throws Exception {
        streams.created("sessions/s", Streams.JSON);
        assertEquals("[]", streams.get("sessions/s?last=2").body());
        streams.appended("sessions/s", "[1,2,3]", Streams.JSON);
        Answer last = streams.get("sessions/s?last=2");
        assertEquals("[2,3]", last.body());
        assertEquals("no-store", last.header("Cache-Control"));
        assertFalse(last.has("ETag"));
        streams.appended("sessions/s", "4", Streams.JSON);
        assertEquals("[3,4]", streams.get("sessions/s?last=2").body());
        assertEquals("[1,2,3,4]", streams.get("sessions/s?last=10000").body());
        String session = server.get("/stream/events?sessionId=s&last=1").body();
        assertTrue(session.contains("\"event\":4") && !session.contains("\"event\":3"), session);
        assertEquals("[4]", streams.get("sessions/s?last=1&live=long-poll").body());
        try (Followed followed = streams.follow("sessions/s?live=sse&last=1")) {
            String frame = followed.frame();
            assertTrue(frame.contains("data:[4]"), frame);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "last=0",
                "last=-1",
                "last=10001",
                "last=",
                "last=x",
                "since=",
                "since=yesterday",
                "since=2026-11-26",
                "since=1969-12-31T23:59:59Z",
                "since=2026-11-26T12:00:00+01:00",
                "offset=-1&last=1",
                "since=2026-11-26T12:00:00Z&last=1"
            })
    void what_is_none_of_these_is_refused_by_name(String query) throws Exception {
        streams.created("sessions/s", Streams.JSON);
        for (Answer answer : List.of(
                streams.get("sessions/s?" + query),
                streams.get("sessions/s?live=sse&" + query),
                server.get("/stream/events?sessionId=s&" + query))) {
            assertEquals(400, answer.status(), answer.body());
            assertTrue(answer.body().contains(query.startsWith("since") ? "since" : "last"), answer.body());
        }
    }
}
