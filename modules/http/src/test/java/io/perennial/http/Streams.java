package io.perennial.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/// The protocol's face of a server, as its clients call it.
record Streams(TestServer server) {
    static final String JSON = "Content-Type: application/json";
    static final String TEXT = "Content-Type: text/plain";
    static final String BYTES = "Content-Type: application/octet-stream";
    static final String CLOSED = "Stream-Closed: true";

    static String at(String path) {
        return StreamPath.PREFIX + path;
    }

    Answer put(String path, String... headers) throws IOException {
        return server.request("PUT", at(path), headers);
    }

    Answer putBody(String path, String body, String... headers) throws IOException {
        return send("PUT", path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    Answer post(String path, String body, String... headers) throws IOException {
        return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    Answer post(String path, byte[] body, String... headers) throws IOException {
        return send("POST", path, body, headers);
    }

    /// Closes it, and appends nothing.
    Answer close(String path) throws IOException {
        return server.request("POST", at(path), CLOSED);
    }

    Answer get(String pathAndQuery, String... headers) throws IOException {
        return server.get(at(pathAndQuery), headers);
    }

    Answer head(String path) throws IOException {
        return server.head(at(path));
    }

    Answer delete(String path) throws IOException {
        return server.request("DELETE", at(path));
    }

    Followed follow(String pathAndQuery, String... headers) throws IOException {
        return server.follow(at(pathAndQuery), headers);
    }

    private Answer send(String method, String path, byte[] body, String... headers) throws IOException {
        try (Wire wire = server.wire()) {
            return wire.request(method, at(path), body, headers).answer();
        }
    }

    /// Creates what has to be new, and gives its tail.
    String created(String path, String... headers) throws IOException {
        return tail(put(path, headers), 201);
    }

    /// Appends what has to be accepted, and gives the tail behind it.
    String appended(String path, String body, String... headers) throws IOException {
        return tail(post(path, body, headers), 204);
    }

    private static String tail(Answer answer, int expected) {
        if (answer.status() != expected) {
            throw new AssertionError(answer.head() + "\n\n" + answer.body());
        }
        return answer.header("Stream-Next-Offset");
    }

    /// The status line and the headers in any order, but for the time.
    static Set<String> lines(Answer answer) {
        return Arrays.stream(answer.head().split("\r\n", -1))
                .filter(line -> !line.startsWith("Date: "))
                .collect(Collectors.toSet());
    }
}
