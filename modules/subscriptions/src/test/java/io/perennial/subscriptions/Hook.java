package io.perennial.subscriptions;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A server of webhooks that answers with whatever bytes it is told, and knows what came and what was ended.
final class Hook implements AutoCloseable {
    private static final int LONG_SECONDS = 15;

    private final ServerSocket listening;
    private final Answer answer;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Socket> ended = new LinkedBlockingQueue<>();

    /// What is done once a request is there.
    @FunctionalInterface
    interface Answer {
        void to(Socket client) throws Exception;
    }

    Hook(Answer answer) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), answer);
    }

    Hook(ServerSocket listening, Answer answer) {
        this.listening = listening;
        this.answer = answer;
        Thread.ofVirtual().start(this::accept);
    }

    /// Of one that says this, and leaves the end of the connection to the client.
    static Hook saying(String text) throws IOException {
        return new Hook(client -> write(client, text));
    }

    /// Of one that says this, and ends the connection.
    static Hook endingWith(String text) throws IOException {
        return new Hook(client -> {
            write(client, text);
            client.close();
        });
    }

    static void write(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String answer(String status, String body) {
        return "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    int port() {
        return listening.getLocalPort();
    }

    URI url(String target) {
        return URI.create("http://localhost:" + port() + target);
    }

    /// The next request, head and body.
    String request() throws InterruptedException {
        return next(requests);
    }

    boolean hasRequests() {
        return !requests.isEmpty();
    }

    /// Waits until a client has ended a connection.
    void awaitEnd() throws InterruptedException {
        next(ended);
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(LONG_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing within " + LONG_SECONDS + " s");
        }
        return next;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            requests.add(read(in));
            answer.to(client);
            while (in.read() >= 0) {
                // A client has nothing more to say.
            }
        } catch (Exception _) {
            // The client went away, which is what is waited for.
        }
        open.remove(client);
        ended.add(client);
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        while (!request.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the request ended after: " + request);
            }
            request.write(next);
        }
        String head = request.toString(StandardCharsets.ISO_8859_1);
        int length = head.lines()
                .filter(line -> line.startsWith("Content-Length: "))
                .mapToInt(line -> Integer.parseInt(line.substring("Content-Length: ".length())))
                .findFirst()
                .orElse(0);
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket client : open) {
            client.close();
        }
    }
}
