package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Speaks to the paths of a server that are below `__ds`, and to the streams beside them.
record ControlClient(TestServer server) {
    static final String ROOT = "/v1/stream/__ds";
    static final String SUBSCRIPTIONS = ROOT + "/subscriptions/";

    Answer send(String method, String target, String body, String... headers) throws IOException {
        return send(method, target, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    Answer send(String method, String target, byte[] body, String... headers) throws IOException {
        try (Wire wire = server.wire()) {
            return wire.request(method, target, body, headers).answer();
        }
    }

    Answer get(String id) throws IOException {
        return server.get(SUBSCRIPTIONS + id);
    }

    Answer put(String id, String body) throws IOException {
        return send("PUT", SUBSCRIPTIONS + id, body);
    }

    /// @param what such as `s/claim`
    Answer post(String what, String body, String... headers) throws IOException {
        return send("POST", SUBSCRIPTIONS + what, body, headers);
    }

    Answer report(String what, String token, String body) throws IOException {
        return post(what, body, "Authorization: Bearer " + token);
    }

    /// Makes a pull-wake subscription of the pattern `chats/*`, whose wake stream is there, too.
    void pullWake(String id) throws IOException {
        assertEquals(201, stream("wakes").status());
        assertEquals(201, put(id, pullWake()).status());
    }

    static String pullWake() {
        return "{\"type\":\"pull-wake\",\"pattern\":\"chats/*\",\"wake_stream\":\"wakes\"}";
    }

    /// Creates a JSON stream.
    Answer stream(String path) throws IOException {
        return send("PUT", "/v1/stream/" + path, "", "Content-Type: application/json");
    }

    /// Appends an event to a JSON stream, which it creates where it has to.
    ///
    /// @return the next offset
    String event(String path, String event) throws IOException {
        stream(path);
        Answer answer = send("POST", "/v1/stream/" + path, event, "Content-Type: application/json");
        assertEquals(204, answer.status(), answer.body());
        return answer.header("Stream-Next-Offset");
    }

    /// The value of a field that is a string or a number, wherever it is in the body.
    static String field(Answer answer, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"?([^\",}]+)").matcher(answer.body());
        if (!matcher.find()) {
            throw new AssertionError("no " + name + " in " + answer.body());
        }
        return matcher.group(1);
    }

    /// The body, with `W` and `T` for what chance has made of a wake's id and a token.
    static String masked(Answer answer) {
        return answer.body()
                .replaceAll("\"w_[A-Za-z0-9_-]{22}\"", "\"W\"")
                .replaceAll("\"eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{43}\"", "\"T\"");
    }

    /// The status line, and the headers but the date in the order of their names.
    static String undated(Answer answer) {
        String[] lines = answer.head().split("\r\n", -1);
        return Stream.concat(
                        Stream.of(lines[0]),
                        Arrays.stream(lines)
                                .skip(1)
                                .filter(line -> !line.startsWith("Date:"))
                                .sorted())
                .collect(Collectors.joining("\n"));
    }

    static void assertProblem(int status, String code, String message, Answer answer) {
        assertEquals(
                "{\"error\":{\"code\":\"" + code + "\",\"message\":" + JsonText.quoted(message) + "}}", answer.body());
        assertEquals(status, answer.status());
        assertEquals("application/json", answer.header("Content-Type"));
        assertEquals("no-store", answer.header("Cache-Control"));
        assertEquals("nosniff", answer.header("X-Content-Type-Options"));
    }
}
