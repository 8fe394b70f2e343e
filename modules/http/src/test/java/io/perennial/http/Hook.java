package io.perennial.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;

/// A webhook on this machine, with nothing between the test and the bytes.
final class Hook implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    Hook() throws IOException {
        socket.setSoTimeout((int) Eventually.LONG.toMillis());
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/hooks/a?c=d";
    }

    /// A subscription that calls it.
    String subscription() {
        return "{\"type\":\"webhook\",\"pattern\":\"chats/*\",\"webhook\":{\"url\":\"" + url() + "\"}}";
    }

    /// Takes the next call, whose head and body are given, and answers it.
    Future<Answer> call(String status, String body) {
        return Eventually.start(() -> {
            try (Socket caller = socket.accept()) {
                InputStream in = new BufferedInputStream(caller.getInputStream());
                Answer head = new Answer(head(in), new byte[0]);
                byte[] bytes = in.readNBytes(Integer.parseInt(head.header("Content-Length")));
                caller.getOutputStream()
                        .write(("HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                                .getBytes(StandardCharsets.US_ASCII));
                return new Answer(head.head(), bytes);
            }
        });
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the call ended after: " + head);
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.US_ASCII).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
