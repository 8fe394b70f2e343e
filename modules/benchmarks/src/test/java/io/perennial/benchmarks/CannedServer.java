package io.perennial.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/// Answers requests without a body, on bare sockets, by their number.
final class CannedServer implements AutoCloseable {
    /// Instead of an answer: the end of the connection.
    static final String END = "";

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger requests = new AtomicInteger();
    private final IntFunction<String> answers;
    private final Process process;

    CannedServer(IntFunction<String> answers) throws IOException {
        this.answers = answers;
        this.process = new ProcessBuilder("sleep", "60").start();
        Thread.ofVirtual().start(this::accept);
    }

    Running running(Contender contender) {
        return new Running(
                contender, process, URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/s"), Path.of(""), "");
    }

    int requests() {
        return requests.get();
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
            BufferedReader in = new BufferedReader(new InputStreamReader(connection.getInputStream(), US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    String answer = answers.apply(requests.getAndIncrement());
                    if (answer.equals(END)) {
                        return;
                    }
                    connection.getOutputStream().write(answer.getBytes(US_ASCII));
                }
            }
        } catch (IOException _) {
            // The client has gone.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        process.destroy();
    }
}
