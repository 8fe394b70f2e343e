package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.helidon.http.HeaderNames;
import io.perennial.eventstore.Offset;
import io.perennial.http.FramedWire.Reply;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests over HTTP/2: each answered as over HTTP/1.1, and none at another's cost.
@Timeout(60)
class Http2Test {
    private static final String EVENTS = "/stream/events?sessionId=s";

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

    @ParameterizedTest
    @CsvSource({
        "GET,/servers,200",
        "GET,/stream/events,400",
        "GET,/nope,404",
        "PUT,/servers,405",
        "OPTIONS,/servers,204",
        "GET,/stream/events?sessionId=%zz,400",
        "GET,/stream/events?sessionId=a^{b},200",
        "GET,/%zz,400",
        "GET,/a b,400",
        "DELETE,/servers/%zz,400",
    })
    void a_request_is_answered_as_over_http1(String method, String target, int status) throws Exception {
        try (FramedWire wire = FramedWire.to(server.port())) {
            for (int i = 0; i < 3; i++) {
                Reply reply = wire.reply(wire.request(method, target));
                assertEquals(status, reply.status(), reply.body());
                assertFalse(reply.head().httpHeaders().contains(HeaderNames.CONNECTION));
            }
        }
    }

    @Test
    void a_head_tells_the_length_and_sends_nothing() throws Exception {
        try (FramedWire wire = FramedWire.to(server.port())) {
            String length = Integer.toString(wire.get("/servers").body().length());
            Reply head = wire.reply(wire.request("HEAD", "/servers"));

            assertEquals(200, head.status());
            assertEquals(length, head.header("content-length"));
            assertEquals("", head.body());
        }
    }

    @Test
    void an_event_is_stored_whatever_frames_it_comes_in() throws Exception {
        try (FramedWire wire = FramedWire.to(server.port())) {
            assertEquals(201, wire.post(EVENTS, "1").status());
            int pieces = wire.begin("POST", EVENTS);
            wire.data(pieces, "2")
                    .data(pieces, "")
                    .data(pieces, "3")
                    .data(pieces, "")
                    .end(pieces, "");
            assertEquals(201, wire.reply(pieces).status());
            int announced = wire.begin("POST", EVENTS, "content-length: 2");
            wire.data(announced, "4").end(announced, "5");
            assertEquals(201, wire.reply(announced).status());

            String events = wire.get(EVENTS).body();
            assertEquals(
                    List.of("1", "23", "45"),
                    events.lines()
                            .flatMap(line -> Arrays.stream(line.split("\"event\":", -1)))
                            .skip(1)
                            .map(rest -> rest.substring(0, rest.indexOf('}')))
                            .toList());
        }
    }

    @Test
    void a_padded_event_is_stored_without_its_padding() throws Exception {
        try (FramedWire wire = FramedWire.to(server.port())) {
            int padded = wire.begin("POST", EVENTS);
            wire.frame(FramedWire.DATA, 0x8, padded, new byte[] {3, '1', '2', 0, 0, 0});
            wire.end(padded, "");
            assertEquals(201, wire.reply(padded).status());
            assertTrue(
                    server.get(EVENTS).body().contains("\"event\":12}"),
                    server.get(EVENTS).body());
        }
    }

    @Test
    void a_body_over_the_limit_is_refused_and_the_connection_goes_on() throws Exception {
        try (FramedWire wire = FramedWire.to(server.port())) {
            int announced = wire.begin("POST", EVENTS, "content-length: " + (TestServer.LIMIT_BYTES + 1));
            assertEquals(413, wire.reply(announced).status());
            wire.data(announced, "1".repeat(10_000));
            assertEquals(201, wire.post(EVENTS, "1").status());

            int unannounced = wire.begin("POST", EVENTS);
            String piece = "1".repeat(16_000);
            for (int sent = 0; sent <= TestServer.LIMIT_BYTES; sent += piece.length()) {
                wire.data(unannounced, piece);
            }
            assertEquals(413, wire.reply(unannounced).status());
            for (int i = 0; i < 100; i++) {
                wire.data(unannounced, piece);
            }
            assertEquals(201, wire.post(EVENTS, "2").status());
            wire.reset(announced).end(unannounced, "");
            assertEquals(201, wire.post(EVENTS, "3").status());
        }
    }

    @Test
    void a_body_that_ends_before_its_length_is_refused() throws Exception {
        try (FramedWire wire = FramedWire.to(server.port())) {
            int stream = wire.begin("POST", EVENTS, "content-length: 5");
            wire.end(stream, "1");
            Reply reply = wire.reply(stream);
            assertEquals(400, reply.status());
            assertTrue(reply.body().contains("MalformedBody"), reply.body());
            assertEquals(201, wire.post(EVENTS, "1").status());
        }
    }

    @Test
    void a_long_request_target_is_read_up_to_its_limit() throws Exception {
        try (FramedWire wire = FramedWire.to(server.port())) {
            String path = "/" + "x".repeat(15_000);
            assertEquals(404, wire.get(path).status());
            assertEquals(
                    414,
                    wire.reply(wire.continued("GET", "/" + "x".repeat(17_000))).status());
            assertEquals(200, wire.get("/servers").status());
        }
    }

    @Test
    void headers_over_the_limit_end_the_connection() throws Exception {
        try (FramedWire wire = FramedWire.to(server.port())) {
            wire.frame(FramedWire.HEADERS, FramedWire.END_STREAM, 1, FramedWire.block("GET", "/" + "x".repeat(16_000)));
            // Without an end, and much more than a request may have.
            assertThrows(SocketException.class, () -> {
                for (int i = 0; i < 1_000; i++) {
                    wire.frame(FramedWire.CONTINUATION, 0, 1, new byte[16_000]);
                }
            });
        }
        assertEquals(200, server.get("/servers").status());
    }

    @Test
    void a_hundred_and_more_follow_over_one_connection_and_there_is_room_again_for_ever() throws Exception {
        try (FramedWire wire = FramedWire.to(server.port())) {
            assertEquals(200, wire.get("/servers").status());
            int most = wire.concurrentStreams();
            assertTrue(most >= 100, "clients are told of " + most);
            List<Integer> followers = new ArrayList<>();
            for (int i = 0; i < most - 1; i++) {
                followers.add(wire.request("GET", EVENTS + "&live=true"));
            }
            for (int follower : followers) {
                assertEquals(200, wire.head(follower).status());
                assertEquals(Frames.caughtUp("-1"), wire.text(follower, 1));
            }
            for (int i = 0; i < 3 * most; i++) {
                assertEquals(200, wire.get("/servers").status());
            }
            Offset offset = server.posted("s", "1");
            for (int follower : followers) {
                assertEquals(Frames.event(offset, "1"), wire.text(follower, 1));
            }
        }
        Eventually.holds("nobody follows", () -> server.bus().subscriptions() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade", "upgrade"})
    void a_first_request_is_upgraded_and_answered_over_http2(String option) throws Exception {
        try (Wire plain = server.wire()) {
            plain.request(
                    "GET",
                    EVENTS + "&live=true",
                    "Connection: " + option + ", HTTP2-Settings",
                    "Upgrade: h2c",
                    "HTTP2-Settings: AAMAAABkAAQAAP__");
            assertEquals(101, plain.head().status());
            FramedWire wire = FramedWire.upgraded(plain);

            assertEquals(200, wire.head(1).status());
            assertEquals(Frames.caughtUp("-1"), wire.text(1, 1));
            Offset offset = server.posted("s", "1");
            assertEquals(Frames.event(offset, "1"), wire.text(1, 1));
            assertEquals(200, wire.get("/servers").status());
            wire.reset(1);
            Eventually.holds("nobody follows", () -> server.bus().subscriptions() == 0);
            assertEquals(200, wire.get("/servers").status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP2-Settings: !", "HTTP2-Settings: AAA", "HTTP2-Settings: AAMA"})
    void an_upgrade_without_proper_settings_is_answered_over_http1(String header) throws Exception {
        try (Wire wire = server.wire()) {
            String[] headers = header.isEmpty() ? new String[] {"Upgrade: h2c"} : new String[] {"Upgrade: h2c", header};
            assertEquals(200, wire.request("GET", "/servers", headers).answer().status());
            assertEquals(200, wire.request("GET", "/servers").answer().status());
        }
    }

    @Test
    void an_event_that_asks_for_an_upgrade_is_stored_over_http1() throws Exception {
        Answer answer = server.post(
                EVENTS, "1", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk");
        assertEquals(201, answer.status());
    }

    @Test
    void a_preface_may_come_in_pieces() throws Exception {
        try (Wire plain = server.wire()) {
            for (int i = 0; i < FramedWire.PREFACE.length(); i += 5) {
                plain.send(FramedWire.PREFACE.substring(i, Math.min(i + 5, FramedWire.PREFACE.length())));
            }
            plain.send(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
            // The server's settings come first, and it hasn't given up.
            assertEquals(4, plain.bytes(9)[3]);
        }
    }
}
