package io.perennial.inspector;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/// An answer as it came over the wire.
record Served(String head, String body, int length) {
    private static final int PATIENCE_MILLIS = 3_000;

    /// Sends one request, and takes its answer.
    static Served asked(int port, String method, String target, String... headers) {
        StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
        Arrays.stream(headers).forEach(header -> request.append(header).append("\r\n"));
        request.append("\r\n");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
            return taken(new BufferedInputStream(socket.getInputStream()), method);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Served taken(InputStream in, String method) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("the answer ends after " + head);
            }
            head.append((char) octet);
        }
        Served answer = new Served(head.toString().stripTrailing(), "", 0);
        boolean hasBody = !method.equals("HEAD") && answer.status() != 204 && answer.status() != 304;
        byte[] body = in.readNBytes(hasBody ? Integer.parseInt(answer.header("Content-Length")) : in.available());
        byte[] text = hasBody && answer.has("Content-Encoding")
                ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes()
                : body;
        return new Served(answer.head(), new String(text, StandardCharsets.UTF_8), body.length);
    }

    int status() {
        return Integer.parseInt(head.split(" ", 3)[1]);
    }

    boolean has(String name) {
        return head.contains("\r\n" + name + ": ");
    }

    String header(String name) {
        return head.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + head));
    }
}
