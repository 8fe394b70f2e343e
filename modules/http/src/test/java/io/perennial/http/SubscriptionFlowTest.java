package io.perennial.http;

import static io.perennial.http.ControlClient.field;
import static io.perennial.http.ControlClient.masked;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// From a subscription to the work that is done, as workers see it.
@Timeout(60)
class SubscriptionFlowTest {
    private static final String WAKES = "/v1/stream/wakes";
    /// What comes before the key in the X.509 form of an Ed25519 key (RFC 8410).
    private static final String X509 = "302a300506032b6570032100";

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

    private static String wake(String id, String stream, int generation) {
        return "{\"type\":\"wake\",\"subscription_id\":\"" + id + "\",\"stream\":\"" + stream + "\",\"generation\":"
                + generation + ",\"ts\":" + TestServer.BEGINNING.toEpochMilli() + "}";
    }

    private static String report(Answer from, String more) {
        return "{\"wake_id\":\"" + field(from, "wake_id") + "\",\"generation\":" + field(from, "generation") + more
                + "}";
    }

    private static String acks(String stream, String offset) {
        return ",\"acks\":[{\"stream\":\"" + stream + "\",\"offset\":\"" + offset + "\"}]";
    }

    @Test
    void a_worker_hears_of_work_by_sse_and_does_it_until_there_is_none() throws Exception {
        client.pullWake("s");
        try (Followed wakes = server.follow(WAKES + "?offset=-1&live=sse")) {
            String first = client.event("chats/1", "1");
            assertEquals(wake("s", "chats/1", 1), event(wakes));

            Answer claim = client.post("s/claim", "{\"worker\":\"w\"}");
            assertEquals(first, field(claim, "tail_offset"));
            assertEquals(
                    "[1]",
                    server.get("/v1/stream/chats/1?offset=" + field(claim, "acked_offset"))
                            .body());
            // Comes in while the worker is at it.
            String second = client.event("chats/1", "2");

            Answer ack = client.report(
                    "s/ack", field(claim, "token"), report(claim, acks("chats/1", first) + ",\"done\":true"));
            assertEquals("{\"ok\":true,\"next_wake\":true}", ack.body());
            assertEquals(wake("s", "chats/1", 2), event(wakes));

            Answer again = client.post("s/claim", "{\"worker\":\"w\"}");
            assertEquals("2", field(again, "generation"));
            assertEquals(first, field(again, "acked_offset"));
            assertEquals(second, field(again, "tail_offset"));
            Answer last = client.report(
                    "s/ack", field(again, "token"), report(again, acks("chats/1", second) + ",\"done\":true"));
            assertEquals("{\"ok\":true,\"next_wake\":false}", last.body());
            assertEquals(second, field(client.get("s"), "acked_offset"));
            assertEquals(409, client.post("s/claim", "{\"worker\":\"w\"}").status());
        }
    }

    /// The data of the next event that has some, as one line of JSON.
    private static String event(Followed followed) throws Exception {
        String frame = followed.frame();
        while (!frame.contains("event: data")) {
            frame = followed.frame();
        }
        String data = SseEvent.parse(frame).getFirst().data();
        return data.startsWith("[") ? data.substring(1, data.length() - 1).strip() : data;
    }

    @Test
    void a_worker_hears_of_work_by_long_poll() throws Exception {
        client.pullWake("s");
        String from = server.head(WAKES).header("Stream-Next-Offset");
        assertEquals(204, server.get(WAKES + "?live=long-poll&offset=" + from).status(), "nothing yet");
        client.event("chats/1", "1");

        Answer woken = server.get(WAKES + "?live=long-poll&offset=" + from);
        while (woken.status() == 204) {
            woken = server.get(WAKES + "?live=long-poll&offset=" + from);
        }

        assertEquals("[" + wake("s", "chats/1", 1) + "]", woken.body());
        assertEquals("application/json", woken.header("Content-Type"));
    }

    @Test
    void what_is_released_and_what_is_not_reported_in_time_wakes_again() throws Exception {
        client.pullWake("s");
        try (Followed wakes = server.follow(WAKES + "?offset=-1&live=sse")) {
            client.event("chats/1", "1");
            assertEquals(wake("s", "chats/1", 1), event(wakes));
            Answer claim = client.post("s/claim", "{\"worker\":\"w\"}");
            assertEquals(
                    204,
                    client.report("s/release", field(claim, "token"), report(claim, ""))
                            .status());
            assertEquals(wake("s", "chats/1", 2), event(wakes));

            Answer held = client.post("s/claim", "{\"worker\":\"w\"}");
            server.clock().step(Duration.ofSeconds(29));
            assertEquals(
                    200,
                    client.report("s/ack", field(held, "token"), report(held, ""))
                            .status(),
                    "a heartbeat");
            server.clock().step(Duration.ofSeconds(29));
            assertEquals(409, client.post("s/claim", "{\"worker\":\"x\"}").status(), "held still");
            server.clock().step(Duration.ofSeconds(1));
            client.get("s");

            String late = event(wakes);
            assertTrue(late.contains("\"generation\":3"), late);
            Answer stale = client.report("s/ack", field(held, "token"), report(held, ",\"done\":true"));
            assertEquals("FENCED", field(stale, "code"));
        }
    }

    @Test
    void a_webhook_is_called_with_what_is_pending_and_signed_with_a_published_key() throws Exception {
        try (Hook hook = new Hook()) {
            client.put("h", hook.subscription());
            Future<Answer> called = hook.call("200 OK", "{\"done\":true}");
            String start = client.stream("chats/1").header("Stream-Next-Offset");
            String tail = client.event("chats/1", "1");
            Answer call = Eventually.result(called);

            assertTrue(call.head().startsWith("POST /hooks/a?c=d HTTP/1.1\r\n"), call.head());
            assertEquals("application/json", call.header("Content-Type"));
            assertEquals(
                    "{\"subscription_id\":\"h\",\"wake_id\":\"W\",\"generation\":1,\"streams\":[{\"path\":\"chats/1\","
                            + "\"link_type\":\"glob\",\"acked_offset\":\"" + start + "\",\"tail_offset\":\"" + tail
                            + "\",\"has_pending\":true}],\"callback_url\":\"http://127.0.0.1:" + server.port()
                            + "/v1/stream/__ds/subscriptions/h/callback\",\"callback_token\":\"T\"}",
                    masked(call));
            assertTrue(isSigned(call, call.bytes()), call.head());
            byte[] other = call.body().replace("chats/1", "chats/2").getBytes(StandardCharsets.UTF_8);
            assertFalse(isSigned(call, other), "another body isn't");
            Eventually.holds(
                    "it is acked", () -> field(client.get("h"), "acked_offset").equals(tail));
        }
    }

    /// Judges as a receiver does: by the key that the set has under the name in the header.
    private boolean isSigned(Answer call, byte[] body) throws Exception {
        Matcher header = Pattern.compile("t=([0-9]+),kid=([^,]+),ed25519=([A-Za-z0-9_-]+)")
                .matcher(call.header("Webhook-Signature"));
        assertTrue(header.matches(), call.head());
        assertEquals(TestServer.BEGINNING.getEpochSecond(), Long.parseLong(header.group(1)));
        Answer keys = server.get("/v1/stream/__ds/jwks.json");
        assertEquals(header.group(2), field(keys, "kid"));
        byte[] raw = Base64.getUrlDecoder().decode(field(keys, "x"));
        byte[] encoded = HexFormat.of().parseHex(X509 + HexFormat.of().formatHex(raw));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        signature.update((header.group(1) + ".").getBytes(StandardCharsets.US_ASCII));
        signature.update(body);
        return signature.verify(Base64.getUrlDecoder().decode(header.group(3)));
    }

    @Test
    void a_webhook_that_takes_its_wake_calls_back_when_it_is_done() throws Exception {
        try (Hook hook = new Hook()) {
            client.put("h", hook.subscription());
            Future<Answer> called = hook.call("202 Accepted", "");
            String tail = client.event("chats/1", "1");
            Answer call = Eventually.result(called);
            String token = field(call, "callback_token");

            Answer goingOn = client.report("h/callback", token, report(call, ""));
            assertEquals("{\"ok\":true,\"next_wake\":false}", goingOn.body());
            Answer done = client.report("h/callback", token, report(call, acks("chats/1", tail) + ",\"done\":true"));
            assertEquals("{\"ok\":true,\"next_wake\":false}", done.body());
            assertEquals(tail, field(client.get("h"), "acked_offset"));

            ControlClient.assertProblem(
                    409,
                    "FENCED",
                    "that wake is over: its lease ran out, or it was finished",
                    client.report("h/callback", token, report(call, "")));
        }
    }

    @Test
    void a_webhook_that_finishes_with_more_pending_is_called_again() throws Exception {
        try (Hook hook = new Hook()) {
            client.put("h", hook.subscription());
            Future<Answer> called = hook.call("200 OK", "");
            String first = client.event("chats/1", "1");
            Answer call = Eventually.result(called);
            String second = client.event("chats/1", "2");
            Future<Answer> calledAgain = hook.call("200 OK", "{\"done\":true}");

            Answer done = client.report(
                    "h/callback",
                    field(call, "callback_token"),
                    report(call, acks("chats/1", first) + ",\"done\":true"));
            assertEquals("{\"ok\":true,\"next_wake\":true}", done.body());
            Answer again = Eventually.result(calledAgain);

            assertEquals("2", field(again, "generation"));
            assertNotEquals(field(call, "wake_id"), field(again, "wake_id"));
            assertEquals(first, field(again, "acked_offset"));
            assertEquals(second, field(again, "tail_offset"));
        }
    }

    @Test
    void a_webhook_that_fails_is_shown_as_failed_until_it_works() throws Exception {
        try (Hook hook = new Hook()) {
            client.put("h", hook.subscription());
            Future<Answer> called = hook.call("503 Service Unavailable", "{\"done\":true}");
            String tail = client.event("chats/1", "1");
            Answer call = Eventually.result(called);
            Eventually.holds(
                    "it has failed", () -> field(client.get("h"), "status").equals("failed"));
            assertNotEquals(tail, field(client.get("h"), "acked_offset"), "whatever the body of the failure says");

            Future<Answer> calledAgain = hook.call("200 OK", "{\"done\":true}");
            server.clock().step(Duration.ofSeconds(2));
            client.get("h");
            assertEquals(field(call, "wake_id"), field(Eventually.result(calledAgain), "wake_id"));
            Eventually.holds("it works", () -> field(client.get("h"), "status").equals("active"));
            assertEquals(tail, field(client.get("h"), "acked_offset"));
        }
    }

    @Test
    void a_deleted_subscription_takes_no_callback() throws Exception {
        try (Hook hook = new Hook()) {
            client.put("h", hook.subscription());
            Future<Answer> called = hook.call("200 OK", "");
            client.event("chats/1", "1");
            Answer call = Eventually.result(called);
            server.request("DELETE", ControlClient.SUBSCRIPTIONS + "h");

            Answer late = client.report("h/callback", field(call, "callback_token"), report(call, ",\"done\":true"));
            assertEquals(404, late.status());
        }
    }
}
