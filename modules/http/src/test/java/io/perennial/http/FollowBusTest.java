package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Append;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FollowBusTest {
    @TempDir
    Path directory;

    @Test
    void it_begins_with_a_greeting_at_once() throws Exception {
        try (TestServer server = TestServer.on(directory);
                Followed followed = server.follow("/event")) {
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
            assertEquals("data: {\"type\":\"server.connected\",\"properties\":{}}\n\n", followed.frame());
        }
    }

    @Test
    void it_carries_every_session_and_replays_nothing() throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            server.posted("a", "0");
            try (Followed followed = server.follow("/event")) {
                assertEquals(Frames.CONNECTED, followed.frame());

                Offset first = server.posted("a", "{\"x\":[1]}");
                Offset second = server.posted("b", "2");
                Offset third = server.posted("a", "null");
                assertEquals(Frames.onTheBus("a", first, "{\"x\":[1]}"), followed.frame());
                assertEquals(Frames.onTheBus("b", second, "2"), followed.frame());
                assertEquals(Frames.onTheBus("a", third, "null"), followed.frame());
            }
        }
    }

    @Test
    void session_ids_come_decoded() throws Exception {
        try (TestServer server = TestServer.on(directory);
                Followed followed = server.follow("/event")) {
            followed.frame();

            Offset slash = server.posted("a%2Fb+c%2Bd", "1");
            assertEquals(Frames.onTheBus("a/b c+d", slash, "1"), followed.frame());
            Offset odd = server.posted("%22%5C%00%0A%E6%97%A5%F0%9F%8C%B1", "1");
            assertEquals(Frames.onTheBus("\\\"\\\\\\u0000\\n日🌱", odd, "1"), followed.frame());
        }
    }

    @Test
    void one_session_alone_can_be_heard() throws Exception {
        try (TestServer server = TestServer.on(directory);
                Followed followed = server.follow("/event?sessionId=a%2Fb")) {
            assertEquals(Frames.CONNECTED, followed.frame());
            server.posted("a", "1");
            server.posted("a%252Fb", "2");
            registered(server, "r");
            server.append("sessions/a/b", List.of("3"));
            Offset own = server.posted("a%2Fb", "4");

            assertEquals(Frames.onTheBus("a/b", own, "4"), followed.frame());
        }
    }

    @Test
    void the_registrys_events_come_as_they_are() throws Exception {
        try (TestServer server = TestServer.on(directory);
                Followed followed = server.follow("/event")) {
            followed.frame();
            String properties = "{\"id\":\"r\",\"url\":\"http://localhost:1\",\"port\":1,\"pid\":2,\"lastHeartbeat\":"
                    + TestServer.BEGINNING.toEpochMilli() + "}";
            registered(server, "r");
            assertEquals("data: {\"type\":\"server.joined\",\"properties\":" + properties + "}\n\n", followed.frame());

            server.request("DELETE", "/servers/r");
            assertEquals("data: {\"type\":\"server.left\",\"properties\":" + properties + "}\n\n", followed.frame());

            registered(server, "r");
            followed.frame();
            server.clock().step(Duration.ofSeconds(31));
            server.get("/servers");
            assertEquals("data: {\"type\":\"server.expired\",\"properties\":" + properties + "}\n\n", followed.frame());
        }
    }

    @Test
    void other_streams_are_not_shown() throws Exception {
        try (TestServer server = TestServer.on(directory);
                Followed followed = server.follow("/event")) {
            followed.frame();
            server.append("orders/1", List.of("1"));
            server.append("sessions", List.of("2"));
            server.append("__registry__2", List.of("3"));
            server.append("sessions/t", "text/plain", Append.Closing.STAY_OPEN, "not {json");
            server.append("sessions/b", "application/octet-stream", Append.Closing.STAY_OPEN, "x\n\ndata: y");
            server.close("sessions/c");
            server.store().delete(new StreamKey("sessions/b"));
            Offset shown = server.posted("s", "4");

            assertEquals(Frames.onTheBus("s", shown, "4"), followed.frame());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sessions/a/b", "sessions/a+b", "sessions/", "sessions/..", "sessions/%FF"})
    void a_stream_that_no_session_id_leads_to_is_not_shown_as_a_session(String path) throws Exception {
        try (TestServer server = TestServer.on(directory);
                Followed followed = server.follow("/event")) {
            followed.frame();
            server.append(path, List.of("1"));
            Offset shown = server.posted("s", "2");

            assertEquals(Frames.onTheBus("s", shown, "2"), followed.frame());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sessions/100%", "sessions/%zz", "sessions/%4"})
    void an_odd_stream_ends_no_answer(String path) throws Exception {
        try (TestServer server = TestServer.on(directory);
                Followed followed = server.follow("/event")) {
            followed.frame();
            server.append(path, List.of("1"));
            Offset shown = server.posted("s", "2");

            assertEquals(Frames.onTheBus("s", shown, "2"), followed.frame());
        }
    }

    @Test
    void a_batch_and_a_closing_event_come_as_single_events() throws Exception {
        try (TestServer server = TestServer.on(directory);
                Followed followed = server.follow("/event")) {
            followed.frame();
            Offset first = server.append("sessions/s", List.of("1", "2")).first();
            Offset last = server.append("sessions/s", "application/json", Append.Closing.CLOSE, "3")
                    .first();

            assertEquals(Frames.onTheBus("s", first, "1"), followed.frame());
            assertEquals(Frames.onTheBus("s", first.next(), "2"), followed.frame());
            assertEquals(Frames.onTheBus("s", last, "3"), followed.frame());
        }
    }

    @Test
    void an_event_of_several_lines_is_one_frame() throws Exception {
        try (TestServer server = TestServer.on(directory);
                Followed followed = server.follow("/event")) {
            followed.frame();
            Offset offset = server.posted("s", "[1,\r\n2,\r3\n]");

            assertEquals(
                    "data: {\"sessionId\":\"s\",\"offset\":\"" + offset
                            + "\",\"event\":[1,\ndata: 2,\ndata: 3\ndata: ]}\n\n",
                    followed.frame());
        }
    }

    @Test
    void who_missed_something_is_told_and_goes_on() throws Exception {
        try (TestServer server = TestServer.on(directory, TestServer.CALM, new BusLimits(4, 1_024));
                Followed followed = server.follow("/event")) {
            followed.frame();
            server.posted("s", "\"" + "x".repeat(2_000) + "\"");
            assertEquals(Frames.LAGGED, followed.frame());

            Offset next = server.posted("s", "1");
            assertEquals(Frames.onTheBus("s", next, "1"), followed.frame());
        }
    }

    @Test
    void a_reader_that_stops_is_told_what_it_cost_it_and_holds_up_nobody() throws Exception {
        try (TestServer server = TestServer.on(directory, TestServer.CALM, new BusLimits(64, 8L * 1024 * 1024));
                Followed stalled = Followed.of(Wire.narrow(server.port()), "/event");
                Followed session = server.follow("/stream/events?sessionId=s&live=true&offset=now")) {
            assertEquals(Frames.CONNECTED, stalled.frame());
            session.frame();
            String large = "\"" + "x".repeat(60_000) + "\"";
            for (int i = 0; i < 500; i++) {
                Offset offset = server.append("sessions/s", List.of(large)).first();
                assertTrue(session.frame().equals(Frames.event(offset, large)));
            }
            int shown = 0;
            String frame = stalled.frame();
            while (!frame.equals(Frames.LAGGED)) {
                shown++;
                frame = stalled.frame();
            }
            assertTrue(shown < 500, "it missed something: it was shown " + shown);
        }
    }

    @Test
    void a_silent_bus_is_kept_alive() throws Exception {
        try (TestServer server = TestServer.on(directory, TestServer.config(1_000, Duration.ofMillis(100), 10))) {
            long begin = System.nanoTime();
            try (Followed followed = server.follow("/event")) {
                assertEquals(Frames.CONNECTED, followed.frame());
                assertEquals(Frames.heartbeat(TestServer.BEGINNING), followed.frame());
                assertTrue(System.nanoTime() - begin >= 100_000_000, "not before the time");
                assertEquals(Frames.heartbeat(TestServer.BEGINNING), followed.frame());
            }
        }
    }

    @Test
    void what_is_not_shown_is_no_sign_of_life() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (TestServer server = TestServer.on(directory, TestServer.config(1_000, Duration.ofMillis(400), 10));
                Followed followed = server.follow("/event")) {
            assertEquals(Frames.CONNECTED, followed.frame());
            Future<Void> writer = Eventually.start(() -> {
                while (!done.get()) {
                    server.append("orders/1", List.of("1"));
                    LockSupport.parkNanos(20_000_000);
                }
                return null;
            });
            followed.wire().patience(4_000);
            try {
                assertEquals(Frames.heartbeat(TestServer.BEGINNING), followed.frame());
            } finally {
                done.set(true);
                Eventually.result(writer);
            }
        }
    }

    @Test
    void the_end_of_the_bus_is_the_proper_end_of_the_answer() throws Exception {
        try (TestServer server = TestServer.on(directory);
                Wire wire = server.wire()) {
            wire.request("GET", "/event").head();
            String greeting = Integer.toHexString(Frames.CONNECTED.length()) + "\r\n" + Frames.CONNECTED + "\r\n";
            assertEquals(greeting, wire.text(greeting.length()));

            server.bus().close();
            assertEquals("0\r\n\r\n", wire.text(5));
            assertEquals(200, wire.request("GET", "/servers").answer().status(), "the connection goes on");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sessionId=", "sessionId=.", "sessionId=..", "sessionId=%FF", "sessionId=a&sessionId=b"})
    void a_session_that_cannot_be_named_is_400(String query) throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            assertEquals(400, server.get("/event?" + query).status());
        }
    }

    private static void registered(TestServer server, String id) throws Exception {
        Answer answer =
                server.post("/servers", "{\"id\":\"" + id + "\",\"url\":\"http://localhost:1\",\"port\":1,\"pid\":2}");
        assertEquals("true", answer.body());
    }
}
