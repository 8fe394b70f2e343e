package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// kill -9 around a webhook: what was pending is told again, under the same keys, to nobody twice at once.
@Timeout(60)
class WebhookTest {
    private static final String CONTROL = "/v1/stream/__ds/";
    private static final String SUBSCRIPTION = CONTROL + "subscriptions/s";
    private static final String DONE = "{\"done\":true}";
    private static final String[] JSON = {"Content-Type", "application/json"};

    @AutoClose
    private final Machine machine = new Machine();

    @AutoClose
    private final WebhookReceiver receiver = new WebhookReceiver();

    private Server server;
    private JsonObject keys;

    WebhookTest() throws Exception {}

    @BeforeEach
    void subscribe() throws Exception {
        server = machine.server();
        String spec =
                "{\"type\":\"webhook\",\"pattern\":\"events/*\",\"webhook\":{\"url\":\"" + receiver.url() + "\"}}";
        assertEquals(201, send("PUT", SUBSCRIPTION, spec).statusCode());
        keys = json(send("GET", CONTROL + "jwks.json", ""));
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        String[] all = new String[JSON.length + headers.length];
        System.arraycopy(JSON, 0, all, 0, JSON.length);
        System.arraycopy(headers, 0, all, JSON.length, headers.length);
        return server.client().send(method, path, body, all);
    }

    private static JsonObject json(HttpResponse<String> answer) {
        assertEquals(200, answer.statusCode(), answer.body());
        return Client.json(answer.body()).asJsonObject();
    }

    /// Appends, and gives the stream's tail.
    private String append(String stream) throws Exception {
        send("PUT", "/v1/stream/" + stream, "");
        HttpResponse<String> answer = send("POST", "/v1/stream/" + stream, "{\"a\":1}");
        assertEquals(204, answer.statusCode(), answer.body());
        return Client.next(answer);
    }

    private void killAndRestart() throws Exception {
        server.kill();
        server = machine.server();
        assertEquals(keys, json(send("GET", CONTROL + "jwks.json", "")));
    }

    private JsonObject subscription() throws Exception {
        return json(send("GET", SUBSCRIPTION, ""));
    }

    private void assertTells(WebhookReceiver.Call call, String stream, String tail) throws Exception {
        assertTrue(call.isSignedWith(keys));
        JsonObject told = call.json().getJsonArray("streams").getJsonObject(0);
        assertEquals(stream, told.getString("path"));
        assertEquals(tail, told.getString("tail_offset"));
        assertTrue(told.getBoolean("has_pending"));
        assertTrue(call.json().getString("callback_url").startsWith(server.url() + SUBSCRIPTION));
    }

    private void awaitAcked(String tail) throws Exception {
        Eventually.holds(
                "acked",
                () -> subscription()
                        .getJsonArray("streams")
                        .getJsonObject(0)
                        .getString("acked_offset")
                        .equals(tail));
        assertEquals("active", subscription().getString("status"));
    }

    @Test
    void a_webhook_that_was_out_is_fenced_off_and_sent_again() throws Exception {
        String tail = append("events/a");
        WebhookReceiver.Call first = receiver.take();
        assertTells(first, "events/a", tail);
        killAndRestart();

        WebhookReceiver.Call second = receiver.take();
        assertTells(second, "events/a", tail);
        assertEquals(2, second.json().getInt("generation"));
        HttpResponse<String> late = send(
                "POST",
                SUBSCRIPTION + "/callback",
                "{\"wake_id\":\"" + first.json().getString("wake_id") + "\",\"generation\":1,\"done\":true}",
                "Authorization",
                "Bearer " + first.json().getString("callback_token"));
        assertEquals(409, late.statusCode(), late.body());
        second.answer(200, DONE);
        awaitAcked(tail);
    }

    @Test
    void a_retry_that_waited_is_made() throws Exception {
        String tail = append("events/a");
        WebhookReceiver.Call first = receiver.take();
        first.answer(503, "");
        Eventually.holds("it failed", () -> subscription().getString("status").equals("failed"));
        killAndRestart();

        WebhookReceiver.Call second = receiver.take();
        assertTells(second, "events/a", tail);
        assertEquals(first.json().getString("wake_id"), second.json().getString("wake_id"));
        second.answer(200, DONE);
        awaitAcked(tail);
    }

    @Test
    void a_webhook_that_took_its_wake_calls_back_after_the_kill() throws Exception {
        String tail = append("events/a");
        WebhookReceiver.Call call = receiver.take();
        String wake = "{\"wake_id\":\"" + call.json().getString("wake_id") + "\",\"generation\":1";
        String bearer = "Bearer " + call.json().getString("callback_token");
        assertEquals(
                200,
                send("POST", SUBSCRIPTION + "/callback", wake + "}", "Authorization", bearer)
                        .statusCode());
        call.answer(202, "");
        killAndRestart();

        HttpResponse<String> done = send(
                "POST",
                SUBSCRIPTION + "/callback",
                wake + ",\"acks\":[{\"stream\":\"events/a\",\"offset\":\"" + tail + "\"}],\"done\":true}",
                "Authorization",
                bearer);
        assertEquals("{\"ok\":true,\"next_wake\":false}", done.body());
        awaitAcked(tail);
    }
}
