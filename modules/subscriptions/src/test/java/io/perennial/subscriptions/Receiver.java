package io.perennial.subscriptions;

import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// What listens where a webhook leads: it takes calls as they come over the wire, and a test answers them.
final class Receiver implements AutoCloseable {
    private final ServerSocket listener;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final AtomicInteger connections = new AtomicInteger();

    Receiver() throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    Receiver(ServerSocket listener) {
        this.listener = listener;
        Thread.ofVirtual().start(this::listen);
    }

    private void listen() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> receive(socket));
            }
        } catch (IOException _) {
            // It was closed.
        }
    }

    private void receive(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    socket.close();
                    return;
                }
                head.write(next);
            }
            String text = head.toString(StandardCharsets.ISO_8859_1);
            int length = Integer.parseInt(Call.header(text, "Content-Length"));
            calls.add(new Call(socket, text, in.readNBytes(length)));
        } catch (IOException _) {
            // Whoever called is gone, or speaks something else.
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port() + "/hook");
    }

    /// The next call that wasn't taken yet.
    Call take() throws InterruptedException {
        Call call = calls.poll(Eventually.LONG.toSeconds(), TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("nobody called within " + Eventually.LONG);
        }
        return call;
    }

    /// How many were accepted so far, whatever came over them.
    int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Call call : calls) {
            call.hangUp();
        }
    }

    /// A call as it came over the wire.
    static final class Call {
        private final Socket socket;
        private final String head;
        private final byte[] body;

        private Call(Socket socket, String head, byte[] body) {
            this.socket = socket;
            this.head = head;
            this.body = body;
        }

        String head() {
            return head;
        }

        byte[] body() {
            return body;
        }

        static String header(String head, String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .reduce((a, b) -> {
                        throw new AssertionError(name + " is there more than once:\n" + head);
                    })
                    .orElseThrow(() -> new AssertionError("no " + name + ":\n" + head));
        }

        String header(String name) {
            return header(head, name);
        }

        JsonObject json() {
            return JsonText.object(body);
        }

        WakeRef wake() {
            return new WakeRef(
                    json().getString("wake_id"),
                    json().getJsonNumber("generation").longValueExact());
        }

        String token() {
            return json().getString("callback_token");
        }

        void answer(int status, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            send("HTTP/1.1 " + status + " Whatever\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length
                    + "\r\n\r\n" + body);
            hangUp();
        }

        void send(String raw) throws IOException {
            socket.getOutputStream().write(raw.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }

        void hangUp() throws IOException {
            socket.close();
        }

        /// Waits until the caller has hung up.
        void awaitHangUp() throws IOException {
            try {
                if (socket.getInputStream().read() >= 0) {
                    throw new AssertionError("more than one request");
                }
            } catch (SocketException _) {
                // Hung up the hard way.
            }
        }
    }
}
