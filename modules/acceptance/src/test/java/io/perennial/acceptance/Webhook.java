package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A worker on this machine that webhooks call, and that says what it is told to.
final class Webhook implements AutoCloseable {
    private static final Answer REFUSED = new Answer(500, "");

    private final HttpServer http;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private volatile Answer answer = REFUSED;

    /// @param signature as it came
    /// @param body its exact text
    record Call(String signature, String body) {
        JsonObject wake() {
            return Client.json(body).asJsonObject();
        }

        int generation() {
            return wake().getInt("generation");
        }
    }

    private record Answer(int status, String body) {}

    Webhook() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::take);
        http.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Answer now = answer;
            byte[] told = now.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(now.status(), told.length == 0 ? -1 : told.length);
            exchange.getResponseBody().write(told);
            calls.add(new Call(exchange.getRequestHeaders().getFirst("Webhook-Signature"), body));
        }
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/");
    }

    /// From now on it takes no wake.
    void refuses() {
        answer = REFUSED;
    }

    /// From now on it takes each wake, and will call back.
    void accepts() {
        answer = new Answer(202, "");
    }

    /// From now on it is done at once with what it is told of.
    void finishes() {
        answer = new Answer(200, "{\"done\":true}");
    }

    /// The next call that it gets.
    Call call() throws InterruptedException {
        Call call = calls.poll(Eventually.LONG.toSeconds(), TimeUnit.SECONDS);
        assertNotNull(call, "nobody called within " + Eventually.LONG);
        assertEquals("answers", call.wake().getString("subscription_id"));
        return call;
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
