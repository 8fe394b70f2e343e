package io.perennial.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/// As much of a server as a live load needs, on bare sockets: it takes streams and events, and hands each event to
/// whoever follows, in chunks of a few bytes.
final class RawServer implements AutoCloseable {
    private static final int CHUNK_BYTES = 61;

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<String, List<OutputStream>> followers = new ConcurrentHashMap<>();
    private final List<OutputStream> waiting = new CopyOnWriteArrayList<>();
    private final UnaryOperator<List<String>> fault;
    private final Process process;
    private int appended;
    private String last = "";

    /// @param fault what followers get instead of an event
    RawServer(UnaryOperator<List<String>> fault) throws IOException {
        this.fault = fault;
        this.process = new ProcessBuilder("sleep", "60").start();
        Thread.ofVirtual().start(this::accept);
    }

    Running running() {
        URI url = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/streams");
        return new Running(new Nobody(), process, url, Path.of(""), "");
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            while (true) {
                String[] request = line(in).split("[ ?]", -1);
                int length = bodyBytes(in);
                String body = new String(in.readNBytes(length), ISO_8859_1);
                switch (request[0]) {
                    case "PUT" -> {
                        followers.put(request[1], new CopyOnWriteArrayList<>());
                        write(out, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
                    }
                    case "POST" -> {
                        publish(followers.getOrDefault(request[1], List.of()), body);
                        write(out, "HTTP/1.1 204 No Content\r\nStream-Next-Offset: " + append(body) + "\r\n\r\n");
                    }
                    case "GET" -> {
                        if (request[2].endsWith("live=long-poll")) {
                            await(request[2], out);
                            continue;
                        }
                        write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                        chunks(out, "event: control\ndata:{\"upToDate\":true}\n\n");
                        followers.getOrDefault(request[1], new ArrayList<>()).add(out);
                    }
                    default -> {
                        return;
                    }
                }
            }
        } catch (IOException _) {
            // The client has gone, which is how every test ends.
        }
    }

    private synchronized void publish(List<OutputStream> out, String event) {
        for (OutputStream follower : out) {
            try {
                for (String one : fault.apply(List.of(event))) {
                    chunks(follower, "event: data\ndata:[" + one + "]\n\nevent: control\ndata:{\"seq\":1}\n\n");
                }
            } catch (IOException _) {
                // It has gone.
            }
        }
    }

    private synchronized void await(String query, OutputStream out) throws IOException {
        waiting.add(out);
        if (!query.contains("offset=" + appended + "&")) {
            wake();
        }
    }

    private synchronized int append(String event) throws IOException {
        appended++;
        last = event;
        wake();
        return appended;
    }

    private void wake() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nStream-Next-Offset: %d\r\n\r\n"
                .formatted(last.length() + 2, appended);
        for (OutputStream out : waiting) {
            write(out, head + "[" + last + "]");
        }
        waiting.clear();
    }

    private static void chunks(OutputStream out, String text) throws IOException {
        for (int at = 0; at < text.length(); at += CHUNK_BYTES) {
            String chunk = text.substring(at, Math.min(text.length(), at + CHUNK_BYTES));
            write(out, Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n");
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
    }

    private static int bodyBytes(InputStream in) throws IOException {
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.startsWith("Content-Length:")) {
                length = Integer.parseInt(header.substring(header.indexOf(' ') + 1));
            }
        }
        return length;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        process.destroy();
    }

    private static final class Nobody implements Contender {
        @Override
        public String name() {
            return "nobody";
        }

        @Override
        public Kind kind() {
            return Kind.MEMORY;
        }

        @Override
        public Running start(Path directory) {
            throw new UnsupportedOperationException();
        }
    }
}
