package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `experimental.durableStreams` is off.
class DisabledTest {
    private static final String GATE = "{\"error\":\"DurableStreamsDisabled\","
            + "\"message\":\"Enable experimental.durableStreams in config to use this endpoint\"}";

    @AutoClose
    private final Machine machine = new Machine().without("HOME");

    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = machine.server("--durable-streams", "false", "--heartbeat", "PT0.2S");
    }

    @Test
    void everything_durable_answers_how_it_is_enabled() throws Exception {
        assertGate("GET", "/stream/events?sessionId=s", "");
        assertGate("GET", "/stream/events?sessionId=s&live=true", "");
        assertGate("GET", "/stream/events", "");
        assertGate("POST", "/stream/events?sessionId=s", "{}");
        assertGate("POST", "/stream/events?sessionId=s", "no json");
        assertGate("GET", "/servers", "");
        assertGate("POST", "/servers", "{}");
        assertGate("DELETE", "/servers/a", "");
        assertGate("PUT", "/v1/stream/a", "{}");
        assertGate("GET", "/v1/stream/a/b/c", "");
        assertGate("GET", "/v1/stream/a%2Fb", "");
        assertGate("PUT", "/v1/stream/__ds/subscriptions/x", "{}");
    }

    private void assertGate(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = server.client().send(method, path, body);
        assertEquals(400, answer.statusCode(), method + " " + path);
        assertEquals(GATE, answer.body(), method + " " + path);
        assertEquals(
                "application/json", answer.headers().firstValue("Content-Type").orElseThrow());
    }

    @Test
    void the_bus_answers() throws Exception {
        try (EventStream bus = server.bus()) {
            bus.patience(Duration.ofSeconds(5));
            assertEquals("heartbeat", bus.next().type());
        }
    }

    @Test
    void nothing_is_written() throws Exception {
        server.client().post("s", "{}");
        server.client().get("/servers");
        server.stop();
        assertFalse(Files.exists(machine.data()));
        assertFalse(Files.exists(machine.registry().getParent()));
        try (Stream<?> files = Files.list(machine.home())) {
            assertEquals(List.of(), files.toList());
        }
    }
}
