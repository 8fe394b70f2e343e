package io.perennial.access;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// A server of keys on this machine, with nothing between the test and the bytes.
final class KeysServer implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger calls = new AtomicInteger();
    private volatile Answer answer = out -> {};

    /// What is sent on a connection, before it is closed.
    @FunctionalInterface
    interface Answer {
        void send(OutputStream out) throws IOException;
    }

    KeysServer() throws IOException {
        Thread.ofVirtual().start(this::serve);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/jwks.json");
    }

    int calls() {
        return calls.get();
    }

    void answer(String body) {
        answer("200 OK", "", body);
    }

    void answer(String status, String headers, String body) {
        answer(out -> out.write(
                ("HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n" + headers + "\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII)));
    }

    void answer(Answer next) {
        answer = next;
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket caller = socket.accept();
                calls.incrementAndGet();
                Thread.ofVirtual().start(() -> answer(caller));
            } catch (IOException _) {
                // Closed, and so it ends.
            }
        }
    }

    private void answer(Socket caller) {
        try (caller) {
            var in = new BufferedReader(new InputStreamReader(caller.getInputStream(), StandardCharsets.US_ASCII));
            String line = in.readLine();
            while (line != null && !line.isEmpty()) {
                line = in.readLine();
            }
            answer.send(caller.getOutputStream());
        } catch (IOException _) {
            // The caller has gone, as it may.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
