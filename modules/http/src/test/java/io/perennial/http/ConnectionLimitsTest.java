package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that take for ever to arrive, and connections without number.
@Timeout(60)
class ConnectionLimitsTest {
    private static final int CONNECTIONS = 3;
    private static final Duration REQUEST_TIMEOUT = Duration.ofMillis(400);
    private static final String EVENTS = "/stream/events?sessionId=s";

    private TestServer server;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = TestServer.on(directory, new ConnectionLimits(CONNECTIONS, REQUEST_TIMEOUT, 1 << 20));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "G",
                "GET /servers HTTP/1.1\r\nHost: loc",
                "POST /v1/stream/s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12",
                "POST /v1/stream/s HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12",
            })
    void a_request_that_does_not_arrive_ends_its_connection(String beginning) throws Exception {
        try (Wire wire = server.wire()) {
            wire.send(beginning);
            assertTrue(wire.isClosed(), beginning);
        }
        assertEquals(200, server.get("/servers").status());
    }

    @Test
    void a_request_that_comes_byte_by_byte_ends_its_connection_too() throws Exception {
        try (Wire wire = server.wire()) {
            wire.send("GET /servers HTTP/1.1\r\nHost: ");
            int bytes = 0;
            while (wire.isSilentFor(Duration.ofMillis(20))) {
                wire.send("x");
                bytes++;
            }
            assertTrue(bytes > 5, "it was given no time");
            assertTrue(wire.isClosed());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n", "Content-Length: 10\r\n\r\n12"})
    void a_refused_request_whose_body_never_ends_ends_its_connection(String rest) throws Exception {
        try (Wire wire = server.wire()) {
            wire.send("POST /nowhere HTTP/1.1\r\nHost: localhost\r\n" + rest);
            assertEquals(404, wire.answer().status());
            assertTrue(wire.isClosed());
        }
    }

    @Test
    void a_connection_may_pause_between_its_requests_and_an_answer_may_take_its_time() throws Exception {
        try (Wire wire = server.wire()) {
            String tail = new Streams(server).created("s", Streams.TEXT);
            assertEquals(200, wire.request("GET", "/servers").answer().status());
            assertTrue(wire.isSilentFor(REQUEST_TIMEOUT.multipliedBy(3)));
            assertEquals(200, wire.request("GET", "/servers").answer().status());
            try (Followed followed = server.follow(EVENTS + "&live=true")) {
                followed.frame();
                assertTrue(wire.isSilentFor(REQUEST_TIMEOUT.multipliedBy(3)));
                server.posted("s", "1");
                followed.frame();
            }
            wire.request("GET", "/v1/stream/s?live=long-poll&offset=" + tail);
            assertEquals(204, wire.answer().status());
        }
    }

    @Test
    void over_http2_the_other_streams_of_the_connection_go_on() throws Exception {
        try (FramedWire wire = FramedWire.to(server.port())) {
            int stalled = wire.begin("POST", EVENTS, "content-length: 10");
            wire.data(stalled, "12");
            FramedWire.Reply late = wire.reply(stalled);
            assertEquals(408, late.status());
            assertTrue(late.body().contains("\"RequestTimeout\""), late.body());
            int next = wire.request("GET", "/servers");
            assertEquals(200, wire.reply(next).status());
        }
        assertEquals("[]", server.get(EVENTS).body());
    }

    @Test
    void one_connection_too_many_is_told_so_at_once_and_there_is_room_again() throws Exception {
        try (Wire first = server.wire();
                Wire second = server.wire();
                Wire third = server.wire()) {
            for (Wire wire : new Wire[] {first, second, third}) {
                assertEquals(200, wire.request("GET", "/servers").answer().status());
            }
            for (int i = 0; i < 5; i++) {
                try (Wire fourth = server.wire()) {
                    Answer answer = fourth.request("GET", "/servers").answer();
                    assertEquals(503, answer.status());
                    assertEquals("1", answer.header("Retry-After"));
                    assertTrue(answer.body().contains("\"TooManyConnections\""), answer.body());
                    assertTrue(fourth.isClosed());
                }
            }
            try (Wire silent = server.wire()) {
                assertEquals(503, silent.answer().status());
                assertTrue(silent.isClosed(), "who says nothing isn't waited for");
            }
            assertEquals(200, first.request("GET", "/servers").answer().status());
        }
        Eventually.holds("there is room again", () -> server.get("/servers").status() == 200);
    }
}
