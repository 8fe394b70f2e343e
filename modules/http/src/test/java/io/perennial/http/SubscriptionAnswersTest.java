package io.perennial.http;

import static io.perennial.http.ControlClient.SUBSCRIPTIONS;
import static io.perennial.http.ControlClient.assertProblem;
import static io.perennial.http.ControlClient.field;
import static io.perennial.http.ControlClient.masked;
import static io.perennial.http.ControlClient.pullWake;
import static io.perennial.http.ControlClient.undated;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is answered when it works, byte for byte.
@Timeout(60)
class SubscriptionAnswersTest {
    private static final String BARE = "HTTP/1.1 204 No Content\nCache-Control: no-store\nConnection: keep-alive\n"
            + "Cross-Origin-Resource-Policy: cross-origin\nX-Content-Type-Options: nosniff";

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

    @Test
    void a_pull_wake_subscription_is_created_confirmed_and_shown() throws Exception {
        String shown = "{\"id\":\"s\",\"subscription_id\":\"s\",\"type\":\"pull-wake\",\"webhook\":null,"
                + "\"wake_stream\":\"wakes\",\"pattern\":\"chats/*\",\"description\":null,\"streams\":[],"
                + "\"lease_ttl_ms\":30000,\"created_at\":\"2026-01-01T00:00:00.000Z\",\"status\":\"active\"}";

        Answer created = client.put("s", pullWake());
        assertEquals(
                "HTTP/1.1 201 Created\nCache-Control: no-store\nConnection: keep-alive\nContent-Length: "
                        + shown.length() + "\nContent-Type: application/json\n"
                        + "Cross-Origin-Resource-Policy: cross-origin\nX-Content-Type-Options: nosniff",
                undated(created));
        assertEquals(shown, created.body());

        server.clock().step(Duration.ofDays(1));
        Answer confirmed = client.put("s", pullWake());
        assertEquals(200, confirmed.status());
        assertEquals(shown, confirmed.body());
        assertEquals(undated(confirmed), undated(client.get("s")));
        assertEquals(shown, client.get("s").body());
    }

    @Test
    void a_webhook_is_shown_with_where_its_keys_are() throws Exception {
        String url = "http://127.0.0.1:9/hook?a=b%2F";
        Answer created = client.put(
                "h",
                "{\"type\":\"webhook\",\"streams\":[\"b\",\"a%7E\",\"b\"],\"webhook\":{\"url\":\"" + url
                        + "\"},\"lease_ttl_ms\":1000,\"description\":\"\u00e9 \\\"q\\\"\\u0000\uD83D\uDE00\"}");

        assertEquals(201, created.status());
        assertEquals(
                "{\"id\":\"h\",\"subscription_id\":\"h\",\"type\":\"webhook\",\"webhook\":{\"url\":\"" + url
                        + "\",\"signing\":{\"alg\":\"ed25519\",\"kid\":\"" + field(keys(), "kid")
                        + "\",\"jwks_url\":\"http://127.0.0.1:" + server.port()
                        + "/v1/stream/__ds/jwks.json\"}},\"wake_stream\":null,"
                        + "\"pattern\":null,\"description\":\"\u00e9 \\\"q\\\"\\u0000\uD83D\uDE00\",\"streams\":["
                        + "{\"path\":\"a~\",\"link_type\":\"explicit\",\"acked_offset\":\"-1\"},"
                        + "{\"path\":\"b\",\"link_type\":\"explicit\",\"acked_offset\":\"-1\"}],"
                        + "\"lease_ttl_ms\":1000,\"created_at\":\"2026-01-01T00:00:00.000Z\",\"status\":\"active\"}",
                created.body());
    }

    @Test
    void streams_that_are_there_are_linked_at_their_tails() throws Exception {
        String tail = client.event("chats/1", "1");
        client.event("other", "1");

        client.pullWake("s");

        assertTrue(
                client.get("s")
                        .body()
                        .contains("\"streams\":[{\"path\":\"chats/1\",\"link_type\":\"glob\",\"acked_offset\":\"" + tail
                                + "\"}]"),
                client.get("s").body());
    }

    @Test
    void the_same_in_another_spelling_is_confirmed_and_anything_else_is_409() throws Exception {
        client.pullWake("s");

        Answer same = client.put(
                "s",
                " {\"wake_stream\":\"w%61kes\",\"lease_ttl_ms\":30000,\"description\":\"\",\"streams\":[],"
                        + "\"pattern\":\"%63hats/*\",\"type\":\"pull-wake\"}\n");
        assertEquals(200, same.status(), same.body());
        assertProblem(
                409,
                "SUBSCRIPTION_ALREADY_EXISTS",
                "the subscription exists with another configuration",
                client.put("s", pullWake().replace("chats/*", "chats/**")));
    }

    @Test
    void what_is_deleted_is_gone_and_what_is_gone_can_be_deleted() throws Exception {
        client.pullWake("s");

        for (int i = 0; i < 2; i++) {
            assertEquals(BARE, undated(server.request("DELETE", SUBSCRIPTIONS + "s")));
            assertProblem(404, "SUBSCRIPTION_NOT_FOUND", "there is no such subscription", client.get("s"));
        }
    }

    @Test
    void streams_are_named_and_taken_back_without_a_word() throws Exception {
        client.pullWake("s");
        String tail = client.event("x/y", "1");
        String link = "{\"path\":\"x/y\",\"link_type\":\"explicit\",\"acked_offset\":\"" + tail + "\"}";

        for (int i = 0; i < 2; i++) {
            assertEquals(BARE, undated(client.post("s/streams", "{\"streams\":[\"x/y\"]}")));
            assertTrue(
                    client.get("s").body().contains("\"streams\":[" + link + "]"),
                    client.get("s").body());
        }
        for (int i = 0; i < 2; i++) {
            assertEquals(BARE, undated(server.request("DELETE", SUBSCRIPTIONS + "s/streams/x/y")));
            assertTrue(
                    client.get("s").body().contains("\"streams\":[]"),
                    client.get("s").body());
        }
    }

    @Test
    void a_link_that_is_named_and_found_is_explicit_until_it_is_taken_back() throws Exception {
        client.event("chats/1", "1");
        client.pullWake("s");
        client.post("s/streams", "{\"streams\":[\"chats/1\"]}");
        assertEquals("explicit", field(client.get("s"), "link_type"));

        server.request("DELETE", SUBSCRIPTIONS + "s/streams/chats/1");
        assertEquals("glob", field(client.get("s"), "link_type"));
    }

    @Test
    void a_claim_tells_what_is_pending() throws Exception {
        client.pullWake("s");
        String start = client.stream("chats/1").header("Stream-Next-Offset");
        String tail = client.event("chats/1", "1");

        Answer claim = client.post("s/claim", "{\"worker\":\"me\"}");

        assertEquals(200, claim.status());
        assertEquals("application/json", claim.header("Content-Type"));
        assertEquals("no-store", claim.header("Cache-Control"));
        assertEquals(
                "{\"wake_id\":\"W\",\"generation\":1,\"token\":\"T\",\"streams\":[{\"path\":\"chats/1\","
                        + "\"link_type\":\"glob\",\"acked_offset\":\"" + start + "\",\"tail_offset\":\"" + tail
                        + "\",\"has_pending\":true}],\"lease_ttl_ms\":30000}",
                masked(claim));
    }

    @Test
    void an_ack_says_whether_there_is_more() throws Exception {
        client.pullWake("s");
        client.event("chats/1", "1");
        Answer claim = client.post("s/claim", "{\"worker\":\"me\"}");
        String wake = "{\"wake_id\":\"" + field(claim, "wake_id") + "\",\"generation\":1";
        String tail = field(claim, "tail_offset");
        String acks = ",\"acks\":[{\"stream\":\"chats/1\",\"offset\":\"" + tail + "\"}]";

        for (String more : new String[] {"}", ",\"done\":false}", ",\"done\":null,\"acks\":null}", acks + "}"}) {
            Answer answer = client.report("s/ack", field(claim, "token"), wake + more);
            assertEquals(200, answer.status());
            assertEquals("{\"ok\":true,\"next_wake\":false}", answer.body());
            assertEquals("no-store", answer.header("Cache-Control"));
        }
        client.event("chats/2", "2");
        Answer done = client.report("s/ack", field(claim, "token"), wake + ",\"done\":true}");
        assertEquals("{\"ok\":true,\"next_wake\":true}", done.body());
        assertTrue(client.get("s").body().contains("\"acked_offset\":\"" + tail + "\""));
    }

    @Test
    void a_release_is_204_and_moves_nothing() throws Exception {
        client.pullWake("s");
        client.event("chats/1", "1");
        Answer claim = client.post("s/claim", "{\"worker\":\"me\"}");

        Answer release = client.report(
                "s/release",
                field(claim, "token"),
                "{\"wake_id\":\"" + field(claim, "wake_id") + "\",\"generation\":1}");

        assertEquals(BARE, undated(release));
        assertEquals(field(claim, "acked_offset"), field(client.get("s"), "acked_offset"));
    }

    private Answer keys() throws Exception {
        return server.get("/v1/stream/__ds/jwks.json");
    }

    @Test
    void the_keys_are_for_everyone_to_keep_for_five_minutes() throws Exception {
        Answer answer = keys();

        assertEquals(
                "HTTP/1.1 200 OK\nCache-Control: public, max-age=300\nConnection: keep-alive\nContent-Length: "
                        + answer.bytes().length + "\nContent-Type: application/jwk-set+json\n"
                        + "Cross-Origin-Resource-Policy: cross-origin\nX-Content-Type-Options: nosniff",
                undated(answer));
        assertTrue(
                answer.body()
                        .matches(
                                "\\{\"keys\":\\[\\{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"ds_[A-Za-z0-9_-]{43}\","
                                        + "\"use\":\"sig\",\"alg\":\"EdDSA\",\"x\":\"[A-Za-z0-9_-]{43}\"}]}"),
                answer.body());
        assertEquals(answer.body(), keys().body());
    }

    @Test
    void the_keys_and_the_subscriptions_outlive_a_restart() throws Exception {
        client.pullWake("s");
        client.event("chats/1", "1");
        String shown = client.get("s").body();
        String keys = keys().body();

        server.close();
        start();

        assertEquals(keys, keys().body());
        assertEquals(shown, client.get("s").body());
        assertFalse(shown.contains("\"streams\":[]"));
    }
}
