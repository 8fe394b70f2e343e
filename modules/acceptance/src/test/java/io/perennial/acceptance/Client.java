package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Whole requests to one server, as an ordinary client makes them.
record Client(URI url) {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private static final int MOST_PAGES = 100_000;

    /// An event as a catch-up answer or a live frame has it.
    record Stored(String offset, JsonValue event) {
        static Stored of(JsonValue entry) {
            JsonObject object = entry.asJsonObject();
            assertEquals(List.of("offset", "event"), List.copyOf(object.keySet()));
            return new Stored(object.getString("offset"), object.get("event"));
        }
    }

    /// A catch-up answer.
    record Page(List<Stored> events, String next, boolean upToDate) {}

    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path))
                .timeout(Eventually.LONG)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, "", headers);
    }

    HttpResponse<String> post(String session, String event, String... headers)
            throws IOException, InterruptedException {
        return send("POST", path(session), event, headers);
    }

    /// Appends, and returns the event's offset.
    String append(String session, String event) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(session, event);
        assertEquals(201, answer.statusCode(), answer.body());
        String offset = json(answer.body()).asJsonObject().getString("offset");
        assertEquals(Ulid.after(offset), next(answer));
        return offset;
    }

    Page read(String session, String offset) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path(session) + "&offset=" + offset);
        assertEquals(200, answer.statusCode(), answer.body());
        return new Page(
                json(answer.body()).asJsonArray().stream().map(Stored::of).toList(),
                next(answer),
                Boolean.parseBoolean(
                        answer.headers().firstValue("Stream-Up-To-Date").orElseThrow()));
    }

    /// Reads page by page from there on until the server says that there is no more.
    List<Stored> readAll(String session, String offset) throws IOException, InterruptedException {
        List<Stored> events = new ArrayList<>();
        String from = offset;
        for (int i = 0; i < MOST_PAGES; i++) {
            Page page = read(session, from);
            events.addAll(page.events());
            if (page.upToDate()) {
                return events;
            }
            from = page.next();
        }
        throw new AssertionError("no end after " + MOST_PAGES + " pages of session " + session);
    }

    /// The ids on the list of servers.
    List<String> servers() throws IOException, InterruptedException {
        HttpResponse<String> answer = get("/servers");
        assertEquals(200, answer.statusCode(), answer.body());
        return json(answer.body()).asJsonArray().stream()
                .map(server -> server.asJsonObject().getString("id"))
                .toList();
    }

    static String next(HttpResponse<?> answer) {
        return answer.headers().firstValue("Stream-Next-Offset").orElseThrow();
    }

    static String path(String session) {
        return "/stream/events?sessionId="
                + URLEncoder.encode(session, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static String live(String session) {
        return path(session) + "&live=true";
    }

    static JsonStructure json(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.read();
        }
    }
}
