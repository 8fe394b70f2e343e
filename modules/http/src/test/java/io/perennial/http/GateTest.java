package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.helidon.webserver.WebServer;
import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Append;
import io.perennial.eventstore.AppendOutcome;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Producer;
import io.perennial.eventstore.StoreConfig;
import io.perennial.eventstore.StreamKey;
import io.perennial.eventstore.WriterSeq;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class GateTest {
    private static final String DISABLED = "{\"error\":\"DurableStreamsDisabled\",\"message\":"
            + "\"Enable experimental.durableStreams in config to use this endpoint\"}";

    @TempDir
    Path directory;

    private Bus<Commit> bus;
    private WebServer web;

    @BeforeEach
    void start() {
        bus = new Bus<>(BusLimits.defaults(), Commit::bytes);
        web = TestServer.listen(PerennialRouting.off(TestServer.CALM, bus, new SteppingClock(TestServer.BEGINNING)));
    }

    @AfterEach
    void stop() {
        bus.close();
        web.stop();
    }

    static Stream<Arguments> whatIsGated() {
        List<String> targets = List.of(
                "/stream/events",
                "/stream/events?sessionId=s",
                "/stream/events?sessionId=s&live=true",
                "/servers",
                "/servers/a",
                "/servers/a%3Ab%20c",
                "/v1/stream/a",
                "/v1/stream/sessions/a%2Fb",
                "/v1/stream/a/b/c?live=sse",
                "/v1/stream/__ds/subscriptions/s/ack");
        List<String> methods = List.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");
        return targets.stream().flatMap(target -> methods.stream().map(method -> Arguments.of(method, target)));
    }

    @ParameterizedTest
    @MethodSource("whatIsGated")
    void everything_durable_says_how_it_is_enabled(String method, String target) throws Exception {
        try (Wire wire = Wire.to(web.port())) {
            Answer answer = wire.request(method, target).answer();

            assertEquals(400, answer.status());
            assertEquals(DISABLED, answer.body());
            assertEquals("application/json", answer.header("Content-Type"));
        }
    }

    @Test
    void an_escaped_slash_in_a_server_id_is_gated_too() throws Exception {
        try (Wire wire = Wire.to(web.port())) {
            assertEquals(
                    DISABLED, wire.request("DELETE", "/servers/a%2Fb").answer().body());
        }
    }

    @Test
    void a_head_gets_the_status_and_no_body() throws Exception {
        try (Wire wire = Wire.to(web.port())) {
            wire.request("HEAD", "/stream/events?sessionId=s");

            assertEquals(400, wire.head().status());
            assertEquals(
                    DISABLED, wire.request("GET", "/servers").answer().body(), "the next answer on the connection");
        }
    }

    @Test
    void the_body_of_a_gated_request_is_left_behind() throws Exception {
        try (Wire wire = Wire.to(web.port())) {
            wire.request("POST", "/stream/events?sessionId=s", new byte[300_000]);
            assertEquals(DISABLED, wire.answer().body());

            wire.request("POST", "/servers", "{}".getBytes(StandardCharsets.UTF_8));
            assertEquals(DISABLED, wire.answer().body());
        }
    }

    @Test
    void the_bus_is_open_all_the_same(@TempDir Path elsewhere) throws Exception {
        try (EventStore store =
                        EventStore.open(StoreConfig.of(elsewhere), new SteppingClock(TestServer.BEGINNING), bus);
                Followed followed = Followed.of(web.port(), "/event")) {
            assertEquals(200, followed.head().status());
            assertEquals(Frames.CONNECTED, followed.frame());

            var appended = (AppendOutcome.Appended) store.append(new Append(
                    new StreamKey("sessions/s"),
                    ContentType.JSON,
                    List.of("1".getBytes(StandardCharsets.UTF_8)),
                    Producer.ANONYMOUS,
                    WriterSeq.NONE,
                    Append.Closing.STAY_OPEN,
                    Append.IfAbsent.CREATE));

            assertEquals(Frames.onTheBus("s", appended.first(), "1"), followed.frame());
        }
    }

    @Test
    void what_is_nowhere_is_not_found_rather_than_disabled() throws Exception {
        try (Wire wire = Wire.to(web.port())) {
            Answer answer = wire.request("GET", "/v2/stream/a").answer();

            assertEquals(404, answer.status());
            assertEquals("{\"error\":\"NotFound\",\"message\":\"there is nothing at /v2/stream/a\"}", answer.body());
        }
    }

    @Test
    void no_file_is_written() throws IOException {
        try (Wire wire = Wire.to(web.port())) {
            wire.request("POST", "/stream/events?sessionId=s", "1".getBytes(StandardCharsets.UTF_8));
            assertFalse(wire.answer().has("Stream-Next-Offset"));
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(), files.toList());
        }
    }
}
