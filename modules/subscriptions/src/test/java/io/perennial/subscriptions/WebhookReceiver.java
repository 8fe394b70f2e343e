package io.perennial.subscriptions;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A webhook on loopback that answers when, and what, the test says.
final class WebhookReceiver implements AutoCloseable {
    private final ServerSocket server;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    WebhookReceiver() {
        try {
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/hook");
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Call.read(socket).ifPresent(calls::add);
            }
        } catch (IOException _) {
            // The test is over.
        }
    }

    /// The next call.
    Call next() {
        return within(Eventually.LONG).orElseThrow(() -> new AssertionError("nobody has called"));
    }

    Optional<Call> within(Duration patience) {
        try {
            return Optional.ofNullable(calls.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A call that waits for its answer.
    record Call(Socket socket, String headers, String body) {
        /// Nothing where the caller has given up.
        static Optional<Call> read(Socket socket) throws IOException {
            InputStream in = socket.getInputStream();
            var headers = new StringBuilder();
            while (headers.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return Optional.empty();
                }
                headers.append((char) next);
            }
            int length = headers.toString()
                    .lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                    .mapToInt(line -> Integer.parseInt(
                            line.substring("content-length:".length()).strip()))
                    .sum();
            String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            return Optional.of(new Call(socket, headers.toString(), body));
        }

        JsonObject json() {
            return JsonText.object(body.getBytes(StandardCharsets.UTF_8));
        }

        WakeRef wake() {
            return new WakeRef(
                    json().getString("wake_id"),
                    json().getJsonNumber("generation").longValue());
        }

        String token() {
            return json().getString("callback_token");
        }

        /// The moment that its signature names.
        long signedAtSeconds() {
            int from = headers.indexOf(": t=") + 4;
            return Long.parseLong(headers.substring(from, headers.indexOf(",kid=")));
        }

        void done() {
            answer(200, "{\"done\":true}");
        }

        void accepted() {
            answer(202, "");
        }

        void refused() {
            answer(503, "");
        }

        private void answer(int status, String body) {
            String answer = "HTTP/1.1 " + status + " Whatever\r\nContent-Length: " + body.length()
                    + "\r\nConnection: close\r\n\r\n" + body;
            try (socket) {
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException _) {
                // The caller has given up.
            }
        }

        /// Leaves the caller without an answer.
        void hangUp() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
