package io.perennial.http;

import static io.perennial.http.ControlClient.assertProblem;
import static io.perennial.http.ControlClient.field;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the body of a worker's request may be: each error names the field and the rule.
@Timeout(60)
class SubscriptionReportsTest {
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

    /// Of a new subscription with the one event `1` pending.
    private Answer claimed(String id) throws Exception {
        client.pullWake(id);
        client.event("chats/1", "1");
        Answer claim = client.post(id + "/claim", "{\"worker\":\"me\"}");
        assertEquals(200, claim.status(), claim.body());
        return claim;
    }

    private static String wake(Answer claim, String more) {
        return "{\"wake_id\":\"" + field(claim, "wake_id") + "\",\"generation\":" + field(claim, "generation") + more
                + "}";
    }

    private static String acks(String stream, String offset) {
        return ",\"acks\":[{\"stream\":\"" + stream + "\",\"offset\":\"" + offset + "\"}]";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | wake_id is missing",
                "{\"wake_id\":null} | wake_id is missing",
                "{\"wake_id\":1} | wake_id is a string of Unicode characters",
                "{\"wake_id\":\"w\"} | generation is missing",
                "{\"wake_id\":\"w\",\"generation\":\"1\"} | generation is a whole number",
                "{\"wake_id\":\"w\",\"generation\":1.5} | generation is a whole number"
            })
    void a_report_names_its_wake(String body, String message) throws Exception {
        Answer claim = claimed("s");

        for (String what : List.of("s/ack", "s/release", "s/callback")) {
            assertProblem(400, "INVALID_REQUEST", message, client.report(what, field(claim, "token"), body));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"done\":1 | done is true or false",
                "\"done\":\"true\" | done is true or false",
                "\"acks\":{} | acks is an array",
                "\"acks\":[null] | acks has objects with a stream and an offset",
                "\"acks\":[{\"offset\":\"-1\"}] | acks: an ack has no stream",
                "\"acks\":[{\"stream\":1}] | acks: stream is a string of Unicode characters",
                "\"acks\":[{\"stream\":\"/a\"}] | acks: the path begins with an empty segment",
                "\"acks\":[{\"stream\":\"a\"}] | acks: an ack has no offset",
                "\"acks\":[{\"stream\":\"a\",\"offset\":1}] | acks: offset is a string of Unicode characters"
            })
    void a_report_is_of_the_right_form(String field, String message) throws Exception {
        Answer claim = claimed("s");

        for (String what : List.of("s/ack", "s/callback")) {
            Answer answer = client.report(what, field(claim, "token"), wake(claim, "," + field));
            assertProblem(400, "INVALID_REQUEST", message, answer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "now", "0000000000000000_0000000000000000"})
    void an_ack_has_an_offset_or_the_start(String offset) throws Exception {
        Answer claim = claimed("s");

        Answer answer = client.report("s/ack", field(claim, "token"), wake(claim, acks("chats/1", offset)));

        assertEquals(400, answer.status());
        assertTrue(answer.body().contains("\"message\":\"acks: "), answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"worker\":null}", "{\"worker\":\"\"}"})
    void a_worker_has_a_name(String body) throws Exception {
        String message = "worker is a name of 1 to 256 characters";
        client.pullWake("s");
        client.event("chats/1", "1");

        assertProblem(400, "INVALID_REQUEST", message, client.post("s/claim", body));
        String name = "x".repeat(256);
        assertProblem(400, "INVALID_REQUEST", message, client.post("s/claim", "{\"worker\":\"" + name + "x\"}"));
        assertEquals(
                200, client.post("s/claim", "{\"worker\":\"" + name + "\"}").status());
    }

    @Test
    void each_type_has_paths_of_its_own() throws Exception {
        String message = "claim, ack and release are for pull-wake subscriptions, and callback for webhooks";
        String wake = "{\"wake_id\":\"w\",\"generation\":1}";
        client.pullWake("p");
        client.put("h", "{\"type\":\"webhook\",\"pattern\":\"a\",\"webhook\":{\"url\":\"http://127.0.0.1:9/\"}}");

        assertProblem(400, "INVALID_REQUEST", message, client.report("p/callback", "x", wake));
        assertProblem(400, "INVALID_REQUEST", message, client.report("h/ack", "x", wake));
        assertProblem(400, "INVALID_REQUEST", message, client.report("h/release", "x", wake));
        assertProblem(400, "INVALID_REQUEST", message, client.post("h/claim", "{\"worker\":\"w\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | streams is an array of paths",
                "{\"streams\":null} | streams is an array of paths",
                "{\"streams\":[\"a\",\"\"]} | streams: a stream's path isn't empty",
                "{\"streams\":[\"a\",\"wakes\"]}"
                        + " | wakes is the subscription's own wake stream, which would wake itself"
            })
    void streams_that_cannot_be_linked_are_refused_all_together(String body, String message) throws Exception {
        client.pullWake("s");

        assertProblem(400, "INVALID_REQUEST", message, client.post("s/streams", body));
        assertTrue(
                client.get("s").body().contains("\"streams\":[]"),
                client.get("s").body());
    }
}
