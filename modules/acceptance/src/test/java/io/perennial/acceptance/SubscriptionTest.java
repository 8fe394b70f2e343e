package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Webhook.Call;
import jakarta.json.JsonObject;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a subscription knows outlives kill -9.
class SubscriptionTest {
    private static final String CONTROL = "/v1/stream/__ds";
    private static final String SUBSCRIPTION = CONTROL + "/subscriptions/answers";
    private static final String CHAT = "/v1/stream/chats/42";
    private static final String[] JSON = {"Content-Type", "application/json"};

    @AutoClose
    private final Machine machine = new Machine();

    @AutoClose
    private final Webhook webhook;

    private Server server;
    private Client client;

    SubscriptionTest() throws Exception {
        webhook = new Webhook();
        server = machine.server();
        client = server.client();
    }

    @BeforeEach
    void create() throws Exception {
        assertEquals(201, client.send("PUT", CHAT, "", JSON).statusCode());
    }

    private void subscribe(String delivery, int leaseMillis) throws Exception {
        String spec = "{\"pattern\":\"chats/*\",\"lease_ttl_ms\":" + leaseMillis + "," + delivery + "}";
        assertEquals(201, client.send("PUT", SUBSCRIPTION, spec).statusCode());
    }

    private void subscribeWebhook(int leaseMillis) throws Exception {
        subscribe("\"type\":\"webhook\",\"webhook\":{\"url\":\"" + webhook.url() + "\"}", leaseMillis);
    }

    private String append() throws Exception {
        HttpResponse<String> answer = client.send("POST", CHAT, "{\"role\":\"user\"}", JSON);
        assertEquals(204, answer.statusCode());
        return Client.next(answer);
    }

    private void killAndStartAgain() throws Exception {
        server.kill();
        server = machine.server();
        client = server.client();
    }

    private JsonObject subscription() throws Exception {
        return Client.json(client.get(SUBSCRIPTION).body()).asJsonObject();
    }

    private String acked() throws Exception {
        return subscription().getJsonArray("streams").getJsonObject(0).getString("acked_offset");
    }

    private HttpResponse<String> report(String to, String token, JsonObject wake, String offset) throws Exception {
        String body = "{\"wake_id\":\"" + wake.getString("wake_id") + "\",\"generation\":" + wake.getInt("generation")
                + ",\"acks\":[{\"stream\":\"chats/42\",\"offset\":\"" + offset + "\"}],\"done\":true}";
        return client.send("POST", SUBSCRIPTION + to, body, "Authorization", "Bearer " + token);
    }

    @Test
    void a_webhook_that_refused_is_called_again_after_a_kill_and_nothing_is_forgotten() throws Exception {
        subscribeWebhook(30_000);
        String keys = client.get(CONTROL + "/jwks.json").body();
        append();
        Call refused = webhook.call();
        assertSigned(refused, keys);
        Eventually.holds(
                "a retry waits", () -> subscription().getString("status").equals("failed"));

        killAndStartAgain();
        webhook.finishes();
        String tail = append();
        Call again = webhook.call();
        assertEquals(keys, client.get(CONTROL + "/jwks.json").body());
        assertSigned(again, keys);
        assertTrue(again.generation() >= refused.generation());
        Eventually.holds("all is done", () -> acked().equals(tail));
        assertEquals("active", subscription().getString("status"));
    }

    @Test
    void a_wake_that_was_out_during_a_kill_is_followed_by_another_that_fences_it_off() throws Exception {
        webhook.accepts();
        subscribeWebhook(2_000);
        String tail = append();
        Call lost = webhook.call();

        killAndStartAgain();
        Call next = webhook.call();
        assertEquals(lost.generation() + 1, next.generation());
        HttpResponse<String> stale = report("/callback", lost.wake().getString("callback_token"), lost.wake(), tail);
        assertEquals(409, stale.statusCode());
        assertEquals(
                "FENCED",
                Client.json(stale.body()).asJsonObject().getJsonObject("error").getString("code"));
        HttpResponse<String> done = report("/callback", next.wake().getString("callback_token"), next.wake(), tail);
        assertEquals("{\"ok\":true,\"next_wake\":false}", done.body());
        assertEquals(tail, acked());
    }

    @Test
    void a_worker_that_has_claimed_goes_on_after_a_kill_and_is_alone() throws Exception {
        assertEquals(201, client.send("PUT", "/v1/stream/wakes", "", JSON).statusCode());
        subscribe("\"type\":\"pull-wake\",\"wake_stream\":\"wakes\"", 60_000);
        String tail = append();
        HttpResponse<String> claimed = client.send("POST", SUBSCRIPTION + "/claim", "{\"worker\":\"a\"}");
        assertEquals(200, claimed.statusCode(), claimed.body());
        JsonObject wake = Client.json(claimed.body()).asJsonObject();

        killAndStartAgain();
        HttpResponse<String> other = client.send("POST", SUBSCRIPTION + "/claim", "{\"worker\":\"b\"}");
        assertEquals(409, other.statusCode());
        assertTrue(other.body().contains("\"current_holder\":\"a\""), other.body());
        HttpResponse<String> done = report("/ack", wake.getString("token"), wake, tail);
        assertEquals("{\"ok\":true,\"next_wake\":false}", done.body());
        assertEquals(tail, acked());

        append();
        Eventually.holds(
                "the next generation is announced",
                () -> client.get("/v1/stream/wakes").body().contains("\"generation\":2"));
    }

    /// By the rules of the protocol, section 7.1, and with nothing of Perennial's.
    private static void assertSigned(Call call, String jwks) throws Exception {
        Map<String, String> parts = Arrays.stream(call.signature().split(","))
                .map(part -> part.split("=", 2))
                .collect(Collectors.toMap(part -> part[0], part -> part[1]));
        List<JsonObject> keys =
                Client.json(jwks).asJsonObject().getJsonArray("keys").getValuesAs(JsonObject.class);
        JsonObject key = keys.stream()
                .filter(known -> known.getString("kid").equals(parts.get("kid")))
                .findFirst()
                .orElseThrow();
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(publicKey(Base64.getUrlDecoder().decode(key.getString("x"))));
        signature.update((parts.get("t") + "." + call.body()).getBytes(StandardCharsets.UTF_8));
        assertTrue(signature.verify(Base64.getUrlDecoder().decode(parts.get("ed25519"))), call.signature());
    }

    // RFC 8032, section 5.1.2: y, the lowest byte first, with the sign of x in the highest bit.
    private static PublicKey publicKey(byte[] encoded) throws Exception {
        byte[] y = new byte[encoded.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = encoded[y.length - 1 - i];
        }
        boolean isXOdd = (y[0] & 0x80) != 0;
        y[0] &= 0x7f;
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(
                        new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(isXOdd, new BigInteger(1, y))));
    }
}
