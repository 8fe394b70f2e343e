package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
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

/// What is answered to requests about subscriptions that are wrong.
@Timeout(60)
class ControlProblemsTest {
    private static final String SUBS = "/v1/stream/__ds/subscriptions/";
    private static final String SUB = SUBS + "sub-1";
    private static final String HOOK = SUBS + "hook";
    private static final String JSON = "Content-Type: application/json";
    private static final String PULL = "{\"type\":\"pull-wake\",\"streams\":[\"a\"],\"wake_stream\":\"wake\"}";
    private static final String WEBHOOK =
            "{\"type\":\"webhook\",\"streams\":[\"x\"],\"webhook\":{\"url\":\"http://127.0.0.1:9/\"}}";

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.on(directory);
        server.append("a", List.of("0"));
        assertEquals(201, send("PUT", SUB, PULL).status());
        server.append("a", List.of("1"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Answer send(String method, String target, String body, String... headers) throws Exception {
        return send(method, target, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private Answer send(String method, String target, byte[] body, String... headers) throws Exception {
        String[] all = new String[headers.length + 1];
        System.arraycopy(headers, 0, all, 1, headers.length);
        all[0] = JSON;
        try (Wire wire = server.wire()) {
            return wire.request(method, target, body, all).answer();
        }
    }

    private static void assertProblem(int status, String code, Answer answer) {
        assertEquals(status, answer.status(), answer.body());
        assertEquals("application/json", answer.header("Content-Type"));
        JsonObject error = JsonText.object(answer.bytes()).getJsonObject("error");
        assertEquals(code, error.getString("code"), answer.body());
        assertTrue(!error.getString("message").isBlank(), answer.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[]",
                "null",
                "1",
                "{} {}",
                "{\"type\":\"pull-wake\",}",
                "{}",
                "{\"type\":1}",
                "{\"type\":null}",
                "{\"type\":\"WEBHOOK\"}",
                "{\"type\":\"pull-wake\"}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\"}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":[]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":\"a\"}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":[1]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":[null]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":[\"\"]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":[\"/a\"]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":[\"a/../b\"]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":[\"a b\"]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":[\"%zz\"]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":[\"ä\"]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":[\"__ds/x\"]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"streams\":[\"w\"]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"\",\"streams\":[\"a\"]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":1,\"streams\":[\"a\"]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"__registry__\",\"streams\":[\"a\"]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"__ds/w\",\"streams\":[\"a\"]}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"pattern\":\"\"}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"pattern\":1}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"pattern\":\"/x\"}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"pattern\":\"x\",\"lease_ttl_ms\":\"1000\"}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"pattern\":\"x\",\"lease_ttl_ms\":999}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"pattern\":\"x\",\"lease_ttl_ms\":600001}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"pattern\":\"x\",\"lease_ttl_ms\":1500.5}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"pattern\":\"x\",\"lease_ttl_ms\":1e999999999}",
                "{\"type\":\"pull-wake\",\"wake_stream\":\"w\",\"pattern\":\"x\",\"description\":1}",
                "{\"type\":\"webhook\",\"pattern\":\"x\"}",
                "{\"type\":\"webhook\",\"pattern\":\"x\",\"webhook\":\"http://127.0.0.1/\"}",
                "{\"type\":\"webhook\",\"pattern\":\"x\",\"webhook\":{}}",
                "{\"type\":\"webhook\",\"pattern\":\"x\",\"webhook\":{\"url\":1}}",
                "{\"type\":\"webhook\",\"pattern\":\"x\",\"webhook\":{\"url\":\"http://a b/\"}}"
            })
    void a_subscription_that_is_not_well_formed_is_400(String body) throws Exception {
        assertProblem(400, "INVALID_REQUEST", send("PUT", SUBS + "new", body));
        assertEquals(404, server.get(SUBS + "new").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.com/", "https://10.0.0.1/", "https://u:p@127.0.0.1/", "ftp://x/", "x", ""})
    void a_webhook_that_may_not_be_called_is_400(String url) throws Exception {
        String body = "{\"type\":\"webhook\",\"pattern\":\"x\",\"webhook\":{\"url\":\"" + url + "\"}}";
        assertProblem(400, "WEBHOOK_URL_REJECTED", send("PUT", SUBS + "new", body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a%20b", "a%2Fb", "%C3%A9"})
    void an_id_that_is_none_is_400(String id) throws Exception {
        assertProblem(400, "INVALID_REQUEST", send("PUT", SUBS + id, PULL));
        assertProblem(400, "INVALID_REQUEST", send("PUT", SUBS + "a".repeat(129), PULL));
    }

    @Test
    void what_is_asked_of_an_unknown_subscription_is_404() throws Exception {
        String unknown = SUBS + "unknown";
        String wake = "{\"wake_id\":\"w\",\"generation\":1}";
        for (Answer answer : List.of(
                server.get(unknown),
                send("POST", unknown + "/streams", "{\"streams\":[\"a\"]}"),
                server.request("DELETE", unknown + "/streams/a"),
                send("POST", unknown + "/claim", "{\"worker\":\"w\"}"),
                send("POST", unknown + "/callback", wake, "Authorization: Bearer x"),
                send("POST", unknown + "/ack", wake, "Authorization: Bearer x"),
                send("POST", unknown + "/release", wake, "Authorization: Bearer x"))) {
            assertProblem(404, "SUBSCRIPTION_NOT_FOUND", answer);
        }
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "/streams; {}",
                "/streams; {\"streams\":\"a\"}",
                "/streams; {\"streams\":[{}]}",
                "/streams; {\"streams\":[\"wake\"]}",
                "/claim; {}",
                "/claim; {\"worker\":\"\"}",
                "/claim; {\"worker\":1}",
                "/claim; []",
                "/ack; {}",
                "/ack; {\"wake_id\":\"w\"}",
                "/ack; {\"generation\":1}",
                "/ack; {\"wake_id\":1,\"generation\":1}",
                "/ack; {\"wake_id\":\"w\",\"generation\":\"1\"}",
                "/ack; {\"wake_id\":\"w\",\"generation\":1.5}",
                "/ack; {\"wake_id\":\"w\",\"generation\":99999999999999999999}",
                "/ack; {\"wake_id\":\"w\",\"generation\":1,\"done\":\"true\"}",
                "/ack; {\"wake_id\":\"w\",\"generation\":1,\"acks\":{}}",
                "/ack; {\"wake_id\":\"w\",\"generation\":1,\"acks\":[1]}",
                "/ack; {\"wake_id\":\"w\",\"generation\":1,\"acks\":[{}]}",
                "/ack; {\"wake_id\":\"w\",\"generation\":1,\"acks\":[{\"stream\":\"a\"}]}",
                "/ack; {\"wake_id\":\"w\",\"generation\":1,\"acks\":[{\"stream\":\"a\",\"offset\":\"now\"}]}",
                "/ack; {\"wake_id\":\"w\",\"generation\":1,\"acks\":[{\"stream\":\"/\",\"offset\":\"-1\"}]}",
                "/release; {}",
                "/release; nonsense",
                "/callback; {\"wake_id\":\"w\",\"generation\":1}"
            },
            delimiter = ';')
    void a_request_that_is_not_well_formed_is_400(String path, String body) throws Exception {
        assertProblem(400, "INVALID_REQUEST", send("POST", SUB + path, body, "Authorization: Bearer x"));
    }

    @Test
    void a_worker_has_a_longest_name() throws Exception {
        String worker = "{\"worker\":\"" + "é".repeat(256) + "\"}";
        assertEquals(200, send("POST", SUB + "/claim", worker).status());
        assertProblem(400, "INVALID_REQUEST", send("POST", SUB + "/claim", worker.replaceFirst("é", "éé")));
    }

    @Test
    void without_the_right_token_it_is_401() throws Exception {
        String wake = "{\"wake_id\":\"w\",\"generation\":1}";
        String token = JsonText.object(
                        send("POST", SUB + "/claim", "{\"worker\":\"w\"}").bytes())
                .getString("token");
        for (String path : List.of("/ack", "/release")) {
            for (String[] headers : new String[][] {
                {},
                {"Authorization: Bearer"},
                {"Authorization: Bearer "},
                {"Authorization: Bearer nonsense"},
                {"Authorization: Basic " + token},
                {"Authorization: " + token},
                {"Authorization: Bearer " + token + "A"},
                {"Authorization: Bearer " + token, "Authorization: Bearer " + token}
            }) {
                Answer answer = send("POST", SUB + path, wake, headers);
                assertProblem(401, "TOKEN_INVALID", answer);
                assertEquals("Bearer", answer.header("WWW-Authenticate"));
            }
        }
        assertProblem(409, "FENCED", send("POST", SUB + "/ack", wake, "Authorization: bEARER " + token));
    }

    @Test
    void another_type_of_subscription_is_400() throws Exception {
        send("PUT", HOOK, WEBHOOK);
        String wake = "{\"wake_id\":\"w\",\"generation\":1}";
        assertProblem(400, "INVALID_REQUEST", send("POST", HOOK + "/claim", "{\"worker\":\"w\"}"));
        assertProblem(400, "INVALID_REQUEST", send("POST", HOOK + "/ack", wake, "Authorization: Bearer x"));
        assertProblem(401, "TOKEN_INVALID", send("POST", HOOK + "/callback", wake, "Authorization: Bearer x"));
    }

    @Test
    void stale_wakes_and_wrong_offsets_are_409() throws Exception {
        JsonObject claim = JsonText.object(
                send("POST", SUB + "/claim", "{\"worker\":\"w\"}").bytes());
        String bearer = "Authorization: Bearer " + claim.getString("token");
        String wake = "{\"wake_id\":\"" + claim.getString("wake_id") + "\",\"generation\":1";
        for (String ack : List.of(
                "{\"stream\":\"b\",\"offset\":\"-1\"}",
                "{\"stream\":\"a\",\"offset\":\"-1\"}",
                "{\"stream\":\"a\",\"offset\":\"7ZZZZZZZZZZZZZZZZZZZZZZZZZ\"}")) {
            assertProblem(409, "INVALID_OFFSET", send("POST", SUB + "/ack", wake + ",\"acks\":[" + ack + "]}", bearer));
        }
        assertProblem(409, "FENCED", send("POST", SUB + "/ack", wake.replace(":1", ":2") + "}", bearer));
        assertEquals(204, send("POST", SUB + "/release", wake + "}", bearer).status());
        assertProblem(409, "FENCED", send("POST", SUB + "/release", wake + "}", bearer));
        assertProblem(409, "FENCED", send("POST", SUB + "/ack", wake + ",\"done\":true}", bearer));
        assertProblem(409, "SUBSCRIPTION_ALREADY_EXISTS", send("PUT", SUB, WEBHOOK));
    }

    @Test
    void a_body_beyond_the_limit_is_413() throws Exception {
        byte[] body = new byte[TestServer.LIMIT_BYTES + 1];
        assertProblem(413, "PAYLOAD_TOO_LARGE", send("PUT", SUB, body));
        assertProblem(413, "PAYLOAD_TOO_LARGE", send("POST", SUB + "/claim", body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonp", "nonsense", ""})
    void a_body_of_another_type_is_415(String type) throws Exception {
        try (Wire wire = server.wire()) {
            byte[] body = "{\"worker\":\"w\"}".getBytes(StandardCharsets.UTF_8);
            Answer answer = wire.request("POST", SUB + "/claim", body, "Content-Type: " + type)
                    .answer();
            assertProblem(415, "UNSUPPORTED_MEDIA_TYPE", answer);
        }
    }

    @Test
    void a_body_without_a_type_is_415_and_parameters_do_not_matter() throws Exception {
        byte[] body = "{\"worker\":\"w\"}".getBytes(StandardCharsets.UTF_8);
        try (Wire wire = server.wire()) {
            assertProblem(
                    415,
                    "UNSUPPORTED_MEDIA_TYPE",
                    wire.request("POST", SUB + "/claim", body).answer());
            assertEquals(
                    200,
                    wire.request("POST", SUB + "/claim", body, "content-type: Application/JSON; charset=utf-8")
                            .answer()
                            .status());
        }
    }
}
