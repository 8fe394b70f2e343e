package io.perennial.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Requests, encoded once, to be sent any number of times.
final class Wire {
    private Wire() {}

    /// A read.
    ///
    /// @param target a stream's path, with a query perhaps
    static ByteBuffer get(Running server, String target) {
        return direct(head("GET", server, target) + "\r\n", new byte[0]);
    }

    static ByteBuffer append(Running server, String stream, byte[] body) {
        return withBody("POST", server, stream, body);
    }

    /// Creates a stream with a first content.
    static ByteBuffer create(Running server, String stream, byte[] body) {
        return withBody("PUT", server, stream, body);
    }

    private static ByteBuffer withBody(String method, Running server, String stream, byte[] body) {
        String fields = "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n";
        return direct(head(method, server, stream) + fields, body);
    }

    /// Where the target of a request ends.
    static int targetEnd(ByteBuffer request) {
        return StandardCharsets.US_ASCII.decode(request.duplicate()).toString().indexOf(" HTTP/1.1\r\n");
    }

    private static String head(String method, Running server, String target) {
        String host = server.address().getHostString() + ":" + server.address().getPort();
        String known = server.authorization().isEmpty() ? "" : "Authorization: " + server.authorization() + "\r\n";
        return method + " " + server.path(target) + " HTTP/1.1\r\nHost: " + host + "\r\n" + known;
    }

    private static ByteBuffer direct(String head, byte[] body) {
        byte[] bytes = head.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length + body.length)
                .put(bytes)
                .put(body)
                .flip();
    }
}
