package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Offset;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One store, two faces: session S is the stream `sessions/<S>`.
@Timeout(60)
class TwoFacesTest {
    private static final String EVENTS = "/stream/events?sessionId=s";
    private static final String STREAM = "sessions/s";

    @TempDir
    Path directory;

    private TestServer server;
    private Streams streams;

    @BeforeEach
    void start() {
        server = TestServer.on(
                directory,
                new HttpConfig(
                        1024,
                        TestServer.LIMIT_BYTES,
                        Duration.ofHours(1),
                        10,
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        List.of("*")));
        streams = new Streams(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void what_one_face_writes_the_other_reads_under_the_same_offsets() throws Exception {
        Offset first = server.posted("s", "{\"a\" : 1}");
        String tail = streams.appended(STREAM, "[2,[3]]", Streams.JSON);
        Offset last = server.posted("s", "[4]");

        assertEquals("[{\"a\" : 1},2,[3],[4]]", streams.get(STREAM).body(), "an array of a session is one event");
        assertEquals(
                "[2,[3],[4]]", streams.get(STREAM + "?offset=" + first.next()).body());
        assertEquals("[[4]]", streams.get(STREAM + "?offset=" + tail).body());
        assertEquals(
                "[{\"offset\":\"" + last + "\",\"event\":[4]}]",
                server.get(EVENTS + "&offset=" + tail).body());
        assertEquals(
                streams.get(STREAM).header("Stream-Next-Offset"),
                server.get(EVENTS).header("Stream-Next-Offset"));
        assertEquals("application/json", streams.head(STREAM).header("Content-Type"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "a b|a%20b",
                "a/b|a%2Fb",
                "a%2Fb|a%252Fb",
                "/|%2F",
                "../x|..%2Fx",
                "...|...",
                "caf\u00e9|caf%C3%A9",
                "\u4e2d\u6587|%E4%B8%AD%E6%96%87",
                "\ud83d\ude00|%F0%9F%98%80",
                "100%|100%25",
                "a+b&c=d?e|a%2Bb%26c%3Dd%3Fe",
                "a:b;c,d@e!|a%3Ab%3Bc%2Cd%40e%21",
                "~._-|~._-",
                "\"'\\|%22%27%5C",
                "__ds|__ds",
                "__registry__|__registry__"
            })
    void an_odd_session_is_the_stream_of_its_escaped_name(String session, String path) throws Exception {
        String query = "/stream/events?sessionId=" + URLEncoder.encode(session, StandardCharsets.UTF_8);
        assertEquals(201, server.post(query, "1").status());
        streams.appended("sessions/" + path, "2", Streams.JSON);
        assertEquals("[1,2]", streams.get("sessions/" + path).body());
        assertTrue(server.get(query).body().endsWith("\"event\":2}]"));
    }

    @Test
    void a_session_wakes_who_waits_for_the_stream() throws Exception {
        Offset first = server.posted("s", "1");
        Future<Answer> waiting =
                Eventually.start(() -> streams.get(STREAM + "?offset=" + first.next() + "&live=long-poll"));
        Eventually.holds("it is heard", () -> server.bus().subscriptions() == 1);
        Offset second = server.posted("s", "[2]");
        assertEquals("[[2]]", Eventually.result(waiting).body());

        try (Followed followed = streams.follow(STREAM + "?offset=" + second + "&live=sse")) {
            followed.frames(2);
            Offset third = server.posted("s", "{\n}");
            assertEquals("id: " + third.next() + "\nevent: data\ndata:[{\ndata:}]\n\n", followed.frame());
        }
    }

    @Test
    void the_stream_wakes_who_follows_the_session() throws Exception {
        try (Followed followed = server.follow(EVENTS + "&live=true");
                Followed all = server.follow("/event")) {
            assertEquals(Frames.caughtUp("-1"), followed.frame());
            assertEquals(Frames.CONNECTED, all.frame());
            Offset first = Offset.parse(streams.created(STREAM, Streams.JSON));
            String tail = streams.appended(STREAM, "[1,[2]]", Streams.JSON);

            SseEvent one = SseEvent.parse(followed.frame()).getFirst();
            SseEvent two = SseEvent.parse(followed.frame()).getFirst();
            assertTrue(one.data().endsWith("\"event\":1}"), one.data());
            assertTrue(two.data().endsWith("\"event\":[2]}"), two.data());
            assertEquals(tail, two.lastEventId());
            assertTrue(first.isBefore(Offset.parse(tail)));
            assertTrue(all.frame().contains("\"sessionId\":\"s\""));
        }
    }

    @Test
    void a_session_of_a_closed_stream_is_over() throws Exception {
        Offset first = server.posted("s", "1");
        try (Followed followed = server.follow(EVENTS + "&live=true")) {
            followed.frames(2);
            streams.close(STREAM);
            assertEquals(Frames.closed(first.next()), followed.rest());
        }
        Answer answer = server.post(EVENTS, "2");
        assertEquals(409, answer.status());
        assertEquals("true", answer.header("Stream-Closed"));
        assertEquals("true", server.get(EVENTS).header("Stream-Closed"));
        assertEquals(
                204,
                server.get(EVENTS + "&live=true", "Last-Event-ID: " + first.next())
                        .status());
    }

    @Test
    void a_session_of_a_deleted_stream_is_unknown_and_may_be_born_again() throws Exception {
        Offset first = server.posted("s", "1");
        try (Followed followed = server.follow(EVENTS + "&live=true")) {
            followed.frames(2);
            assertEquals(204, streams.delete(STREAM).status());
            assertEquals("-1", server.get(EVENTS).header("Stream-Next-Offset"));

            Offset second = server.posted("s", "2");
            assertEquals(Frames.event(second, "2"), followed.frame());
            assertTrue(first.isBefore(second), "an offset never comes again");
        }
        assertEquals("[2]", streams.get(STREAM).body());
    }

    @Test
    void a_session_that_is_kept_for_its_forks_is_gone() throws Exception {
        server.posted("s", "1");
        streams.created("sessions/t", "Stream-Forked-From: /v1/stream/sessions/s");
        streams.delete(STREAM);
        assertEquals(410, server.get(EVENTS).status());
        assertEquals(410, server.post(EVENTS, "2").status());
        assertEquals(410, server.get(EVENTS + "&live=true").status());

        server.posted("t", "2");
        assertEquals("[1,2]", streams.get("sessions/t").body(), "a session may be a fork");
    }

    @Test
    void a_producer_is_the_same_on_both() throws Exception {
        String[] first = {Streams.JSON, "Producer-Id: p", "Producer-Epoch: 0", "Producer-Seq: 0"};
        String[] second = {Streams.JSON, "Producer-Id: p", "Producer-Epoch: 0", "Producer-Seq: 1"};
        assertEquals(201, server.post(EVENTS, "1", first).status());
        assertEquals(204, streams.post(STREAM, "1", first).status());
        assertEquals(200, streams.post(STREAM, "2", second).status());
        assertEquals(204, server.post(EVENTS, "2", second).status());
        assertEquals("[1,2]", streams.get(STREAM).body());
    }

    @Test
    void a_session_lives_as_long_as_its_stream() throws Exception {
        streams.created(STREAM, Streams.JSON, "Stream-TTL: 10");
        for (int i = 0; i < 3; i++) {
            server.clock().step(Duration.ofSeconds(9));
            server.get(EVENTS);
            server.clock().step(Duration.ofSeconds(9));
            server.posted("s", "1");
        }
        assertEquals("[1,1,1]", streams.get(STREAM).body());
        server.clock().step(Duration.ofSeconds(10));
        assertEquals("-1", server.get(EVENTS).header("Stream-Next-Offset"));
        assertFalse(server.get(EVENTS).has("Stream-Closed"));
    }
}
