package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Subscriptions over HTTP, as everything works.
@Timeout(60)
class ControlTest {
    private static final String SUB = "/v1/stream/__ds/subscriptions/sub-1";
    private static final String JSON = "Content-Type: application/json";
    private static final String PULL =
            "{\"type\":\"pull-wake\",\"pattern\":\"events/*\",\"streams\":[\"a\"],\"wake_stream\":\"wake\"}";

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

    private Answer send(String method, String target, String body, String... headers) throws Exception {
        String[] all = new String[headers.length + 1];
        System.arraycopy(headers, 0, all, 1, headers.length);
        all[0] = JSON;
        try (Wire wire = server.wire()) {
            return wire.request(method, target, body.getBytes(StandardCharsets.UTF_8), all)
                    .answer();
        }
    }

    private static JsonObject json(Answer answer) {
        return JsonText.object(answer.bytes());
    }

    private JsonObject claimed() throws Exception {
        Answer claim = send("POST", SUB + "/claim", "{\"worker\":\"w\"}");
        assertEquals(200, claim.status(), claim.body());
        return json(claim);
    }

    private static String wake(JsonObject claim, String more) {
        return "{\"wake_id\":\"" + claim.getString("wake_id") + "\",\"generation\":" + claim.getInt("generation") + more
                + "}";
    }

    private static String bearer(JsonObject claim) {
        return "Authorization: Bearer " + claim.getString("token");
    }

    @Test
    void a_subscription_is_shown_with_every_field() throws Exception {
        server.append("a", List.of("1"));
        Answer created = send("PUT", SUB, PULL);

        assertEquals(201, created.status());
        assertEquals("application/json", created.header("Content-Type"));
        assertEquals("no-store", created.header("Cache-Control"));
        assertEquals("nosniff", created.header("X-Content-Type-Options"));
        JsonObject shown = json(created);
        String acked = shown.getJsonArray("streams").getJsonObject(0).getString("acked_offset");
        assertEquals(
                "{\"id\":\"sub-1\",\"subscription_id\":\"sub-1\",\"type\":\"pull-wake\",\"webhook\":null,"
                        + "\"wake_stream\":\"wake\",\"pattern\":\"events/*\",\"description\":null,\"streams\":"
                        + "[{\"path\":\"a\",\"link_type\":\"explicit\",\"acked_offset\":\"" + acked
                        + "\"}],\"lease_ttl_ms\":30000,\"created_at\":\"" + shown.getString("created_at")
                        + "\",\"status\":\"active\"}",
                created.body());
        assertTrue(shown.getString("created_at").matches("[0-9-]{10}T[0-9:]{8}\\.[0-9]{3}Z"));
        assertEquals(200, send("PUT", SUB, PULL).status());
        assertEquals(created.body(), server.get(SUB).body());
        assertEquals(200, server.head(SUB).status());
        assertEquals(
                409, send("PUT", SUB, PULL.replace("events/*", "events/**")).status());
    }

    @Test
    void a_webhook_is_shown_with_its_key_and_no_secret() throws Exception {
        String url = "http://127.0.0.1:9/hook?a=b%20c";
        Answer created =
                send("PUT", SUB, "{\"type\":\"webhook\",\"pattern\":\"x\",\"webhook\":{\"url\":\"" + url + "\"}}");
        Answer set = server.get("/v1/stream/__ds/jwks.json");
        JsonObject key = json(set).getJsonArray("keys").getJsonObject(0);

        assertEquals(
                "{\"url\":\"" + url + "\",\"signing\":{\"alg\":\"ed25519\",\"kid\":\"" + key.getString("kid")
                        + "\",\"jwks_url\":\"http://127.0.0.1:" + server.port() + "/v1/stream/__ds/jwks.json\"}}",
                json(created).getJsonObject("webhook").toString());
        assertEquals(200, set.status());
        assertEquals("application/jwk-set+json", set.header("Content-Type"));
        assertEquals("public, max-age=300", set.header("Cache-Control"));
        assertEquals(
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" + key.getString("kid")
                        + "\",\"use\":\"sig\",\"alg\":\"EdDSA\",\"x\":\"" + key.getString("x") + "\"}]}",
                set.body());
    }

    @Test
    void a_worker_claims_acks_and_releases() throws Exception {
        send("PUT", SUB, PULL);
        server.append("a", List.of("1", "2"));
        JsonObject claim = claimed();
        JsonObject stream = claim.getJsonArray("streams").getJsonObject(0);
        assertEquals(1, claim.getInt("generation"));
        assertEquals(30_000, claim.getInt("lease_ttl_ms"));
        assertTrue(stream.getBoolean("has_pending"));

        Answer late = send("POST", SUB + "/claim", "{\"worker\":\"late\"}");
        assertEquals(409, late.status());
        assertEquals(
                "{\"error\":{\"current_holder\":\"w\",\"generation\":1,\"code\":\"ALREADY_CLAIMED\","
                        + "\"message\":\"another worker holds the lease\"}}",
                late.body());
        assertEquals(
                "{\"ok\":true,\"next_wake\":false}",
                send("POST", SUB + "/ack", wake(claim, ""), bearer(claim)).body());
        Answer release = send("POST", SUB + "/release", wake(claim, ""), bearer(claim));
        assertEquals(204, release.status());
        JsonObject next = claimed();
        String acks =
                ",\"done\":true,\"acks\":[{\"stream\":\"a\",\"offset\":\"" + stream.getString("tail_offset") + "\"}]";
        assertEquals(
                "{\"ok\":true,\"next_wake\":false}",
                send("POST", SUB + "/ack", wake(next, acks), bearer(next)).body());
        Answer nothing = send("POST", SUB + "/claim", "{\"worker\":\"w\"}");
        assertEquals(409, nothing.status());
        assertEquals("NO_PENDING_WORK", json(nothing).getJsonObject("error").getString("code"));
    }

    @Test
    void streams_are_linked_and_taken_off_by_their_escaped_paths() throws Exception {
        send("PUT", SUB, PULL);
        assertEquals(
                204,
                send("POST", SUB + "/streams", "{\"streams\":[\"x/y\",\"a%2Fb\",\"%7Etilde\"]}")
                        .status());
        assertEquals("[\"a\",\"a%2Fb\",\"x/y\",\"~tilde\"]", paths());

        assertEquals(204, server.request("DELETE", SUB + "/streams/x/y").status());
        assertEquals(204, server.request("DELETE", SUB + "/streams/a%252Fb").status());
        assertEquals(204, server.request("DELETE", SUB + "/streams/%257Etilde").status());
        assertEquals(204, server.request("DELETE", SUB + "/streams/not-there").status());
        assertEquals("[\"a\"]", paths());
        send("POST", SUB + "/streams", "{\"streams\":[\"x/y\"]}");
        assertEquals(204, server.request("DELETE", SUB + "/streams/x%2Fy").status());
        assertEquals("[\"a\"]", paths());
    }

    private String paths() throws Exception {
        return json(server.get(SUB)).getJsonArray("streams").stream()
                .map(stream -> "\"" + stream.asJsonObject().getString("path") + "\"")
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Test
    void a_deleted_subscription_is_gone() throws Exception {
        send("PUT", SUB, PULL);
        Answer deleted = server.request("DELETE", SUB);
        assertEquals(204, deleted.status());
        assertFalse(deleted.has("Content-Type"));
        assertEquals(404, server.get(SUB).status());
        assertEquals(204, server.request("DELETE", SUB).status());
    }

    @ParameterizedTest
    @CsvSource({
        "/jwks.json,'GET, HEAD, OPTIONS'",
        "/subscriptions/s,'GET, HEAD, PUT, DELETE, OPTIONS'",
        "/subscriptions/s/streams,'POST, OPTIONS'",
        "/subscriptions/s/streams/a/b,'DELETE, OPTIONS'",
        "/subscriptions/s/claim,'POST, OPTIONS'",
        "/subscriptions/s/callback,'POST, OPTIONS'",
        "/subscriptions/s/ack,'POST, OPTIONS'",
        "/subscriptions/s/release,'POST, OPTIONS'"
    })
    void other_methods_are_told_which_there_are(String path, String allow) throws Exception {
        for (String method : new String[] {"PATCH", allow.contains("POST") ? "GET" : "POST"}) {
            Answer answer = send(method, "/v1/stream/__ds" + path, "{}");
            assertEquals(405, answer.status(), method);
            assertEquals(allow, answer.header("Allow"));
            assertEquals(
                    "{\"error\":{\"code\":\"METHOD_NOT_ALLOWED\",\"message\":\"this takes only " + allow + "\"}}",
                    answer.body());
        }
        Answer options = server.request("OPTIONS", "/v1/stream/__ds" + path);
        assertEquals(204, options.status());
        assertEquals(allow, options.header("Allow"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/stream/__ds",
                "/v1/stream/__ds/",
                "/v1/stream/__ds/nope",
                "/v1/stream/__ds/jwks.json/",
                "/v1/stream/__ds/subscriptions",
                "/v1/stream/__ds/subscriptions/s/nope",
                "/v1/stream/__ds/subscriptions/s/streams/",
                "/v1/stream/__ds/subscriptions/s/claim/x"
            })
    void no_other_path_is_a_stream_or_anything_else(String path) throws Exception {
        for (String method : new String[] {"GET", "PUT", "POST", "DELETE"}) {
            Answer answer = send(method, path, "{}");
            assertEquals(404, answer.status(), method);
            assertEquals("NOT_FOUND", json(answer).getJsonObject("error").getString("code"));
        }
    }

    @Test
    void pages_of_other_origins_have_no_say() throws Exception {
        send("PUT", SUB, PULL);
        Answer preflight =
                server.request("OPTIONS", SUB, "Origin: https://evil.example", "Access-Control-Request-Method: PUT");
        assertFalse(preflight.has("Access-Control-Allow-Origin"));
        assertFalse(preflight.has("Access-Control-Allow-Methods"));
        for (String path : new String[] {SUB, SUB + "/nope"}) {
            assertFalse(server.get(path, "Origin: https://evil.example").has("Access-Control-Allow-Origin"));
        }
    }
}
