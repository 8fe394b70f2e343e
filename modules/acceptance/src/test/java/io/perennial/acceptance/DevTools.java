package io.perennial.acceptance;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A page of a browser, by the Chrome DevTools Protocol: JSON messages over a WebSocket, answered under their number.
final class DevTools implements AutoCloseable {
    private static final Set<String> KEPT = Set.of(
            "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded", "Network.requestWillBeSent");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Integer, CompletableFuture<JsonObject>> asked = new ConcurrentHashMap<>();
    private final Queue<JsonObject> told = new ConcurrentLinkedQueue<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final WebSocket socket;

    DevTools(URI page) throws Exception {
        socket = bounded(http.newWebSocketBuilder().buildAsync(page, new Listener()));
    }

    /// The result of a method, which has to succeed.
    JsonObject call(String method, JsonObject parameters) throws Exception {
        int number = numbers.incrementAndGet();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        asked.put(number, answer);
        String message = Json.createObjectBuilder()
                .add("id", number)
                .add("method", method)
                .add("params", parameters)
                .build()
                .toString();
        bounded(socket.sendText(message, true));
        JsonObject said = bounded(answer);
        if (!said.containsKey("result")) {
            throw new AssertionError(method + ": " + said);
        }
        return said.getJsonObject("result");
    }

    /// What the page has told of this by itself, where its domain is enabled.
    List<JsonObject> told(String event) {
        return told.stream()
                .filter(said -> said.getString("method").equals(event))
                .map(said -> said.getJsonObject("params"))
                .toList();
    }

    private static <T> T bounded(CompletableFuture<T> future) throws Exception {
        return future.get(Eventually.LONG.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                answered(Client.json(message.toString()).asJsonObject());
                message.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        private void answered(JsonObject said) {
            if (said.containsKey("id")) {
                CompletableFuture<JsonObject> answer = asked.remove(said.getInt("id"));
                if (answer != null) {
                    answer.complete(said);
                }
            } else if (KEPT.contains(said.getString("method"))) {
                told.add(said);
            }
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            asked.values().forEach(answer -> answer.completeExceptionally(error));
        }
    }
}
