package io.perennial.http;

import static io.perennial.http.ControlClient.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the body of a PUT of a subscription may be, before anybody looks at its fields.
@Timeout(60)
class SubscriptionBodiesTest {
    @TempDir
    Path directory;

    private TestServer server;
    private ControlClient client;

    @BeforeEach
    void start() {
        server = TestServer.on(directory);
        client = new ControlClient(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void refused(String code, String message, String body) throws Exception {
        assertProblem(400, code, message, client.put("s", body));
        assertEquals(404, client.get("s").status(), "nothing was created");
    }

    /// A body with another field, or another value of one: the last field of what is fine otherwise.
    private static String pullWakeWith(String field) {
        return "{\"type\":\"pull-wake\",\"wake_stream\":\"wakes\"," + field + "}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"webhook\",\"type\":\"pull-wake\",\"pattern\":\"a\",\"wake_stream\":\"w\"}",
                "{\"type\":\"webhook\",\"pattern\":\"a\",\"webhook\":{\"url\":\"http://127.0.0.1:9/\",\"url\":\"x\"}}",
                "{\"type\":\"pull-wake\",\"pattern\":\"a\",\"wake_stream\":\"w\",\"x\":[{\"a\":1,\"\\u0061\":1}]}"
            })
    void a_key_that_is_there_twice_is_refused_rather_than_chosen(String body) throws Exception {
        Answer answer = client.put("s", body);

        assertEquals(400, answer.status(), answer.body());
        assertTrue(answer.body().contains("the body isn't one JSON value: "), answer.body());
        assertTrue(answer.body().matches(".*'(type|url|a)'.*"), answer.body());
        assertEquals(404, client.get("s").status(), "nothing was created");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{}]", "\"type\"", "1", "true", "null"})
    void a_body_that_is_no_object_is_refused(String body) throws Exception {
        refused("INVALID_REQUEST", "the body isn't a JSON object", body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n"})
    void an_empty_body_is_refused(String body) throws Exception {
        refused("INVALID_REQUEST", "the body is empty: it has to hold one JSON value", body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{}{}", "{} x", "{'type':1}", "{\"type\":}", "{\"type\":\"webhook\",}", "\u0000", "x"})
    void what_is_not_json_is_refused(String body) throws Exception {
        Answer answer = client.put("s", body);

        assertEquals(400, answer.status());
        assertTrue(
                answer.body()
                        .startsWith("{\"error\":{\"code\":\"INVALID_REQUEST\",\"message\":\"the body isn't one JSON"),
                answer.body());
        assertEquals(404, client.get("s").status(), "nothing was created");
    }

    @Test
    void a_body_that_is_not_utf_8_is_refused() throws Exception {
        byte[] body =
                pullWakeWith("\"pattern\":\"a\",\"description\":\"\u00e9\"").getBytes(StandardCharsets.ISO_8859_1);

        assertProblem(
                400,
                "INVALID_REQUEST",
                "the body isn't UTF-8, which JSON has to be",
                client.send("PUT", ControlClient.SUBSCRIPTIONS + "s", body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void a_body_that_is_nested_too_deep_is_refused(String open) throws Exception {
        Answer answer = client.put("s", "{\"x\":" + open.repeat(100_000));

        assertEquals(400, answer.status());
        assertTrue(answer.body().contains("INVALID_REQUEST"), answer.body());
    }

    @Test
    void a_number_of_a_million_digits_is_refused_without_a_thought() throws Exception {
        Answer answer = client.put("s", pullWakeWith("\"pattern\":\"a\",\"lease_ttl_ms\":" + "9".repeat(1_000_000)));

        assertEquals(400, answer.status());
        assertTrue(answer.body().length() < 1_000, "nor is it repeated");
    }

    @Test
    void a_body_beyond_the_limit_is_413() throws Exception {
        String body = pullWakeWith("\"pattern\":\"a\",\"x\":\"" + "x".repeat(TestServer.LIMIT_BYTES) + "\"");

        Answer answer = client.put("s", body);

        assertProblem(
                413,
                "PAYLOAD_TOO_LARGE",
                "the body is larger than " + TestServer.LIMIT_BYTES + " bytes, the limit of this server",
                answer);
        assertEquals(404, client.get("s").status(), "nothing was created");
    }

    @Test
    void a_body_that_ends_before_its_length_is_refused_over_http2_as_well() throws Exception {
        try (FramedWire wire = FramedWire.to(server.port())) {
            int stream = wire.begin("PUT", ControlClient.SUBSCRIPTIONS + "s", "content-length: 5");
            wire.end(stream, "{");
            FramedWire.Reply reply = wire.reply(stream);

            assertEquals(400, reply.status());
            assertEquals(
                    "{\"error\":{\"code\":\"INVALID_REQUEST\",\"message\":"
                            + "\"the body ended before its length, or isn't well-formed chunks\"}}",
                    reply.body());
        }
    }

    @Test
    void a_body_of_malformed_chunks_ends_the_connection() throws Exception {
        try (Wire wire = server.wire()) {
            wire.send(Wire.head("PUT", ControlClient.SUBSCRIPTIONS + "s", "Transfer-Encoding: chunked") + "\r\nzz\r\n");

            Answer answer = wire.answer();
            assertProblem(
                    400, "INVALID_REQUEST", "the body ended before its length, or isn't well-formed chunks", answer);
            assertEquals("close", answer.header("Connection"));
            assertEquals("", wire.rest());
        }
    }

    @Test
    void a_request_that_is_refused_unread_is_no_beginning_of_the_next() throws Exception {
        try (Wire wire = server.wire()) {
            byte[] body = "GET /servers HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            wire.request("POST", ControlClient.SUBSCRIPTIONS + "s/ack", body);
            wire.request("GET", ControlClient.SUBSCRIPTIONS + "s");

            assertEquals(401, wire.answer().status());
            assertEquals(404, wire.answer().status());
        }
    }

    @Test
    void more_than_10000_streams_are_refused() throws Exception {
        StringBuilder streams = new StringBuilder("\"0\"");
        for (int i = 1; i <= 10_000; i++) {
            streams.append(",\"").append(i).append('"');
        }

        assertProblem(
                409,
                "LIMIT_REACHED",
                "a subscription is linked to 10000 streams at most",
                client.put("s", pullWakeWith("\"streams\":[" + streams + "]")));
        assertEquals(404, client.get("s").status(), "nothing was created");
        String same = String.join(",", Collections.nCopies(10_001, "\"a\""));
        assertEquals(
                201, client.put("s", pullWakeWith("\"streams\":[" + same + "]")).status(), "one, at last");
    }
}
