package io.perennial.acceptance;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A connection of HTTP/1.1, byte for byte: what is sent is up to the caller, and an answer that breaks off is told
/// from one that ends.
final class Wire implements AutoCloseable {
    private static final int NARROW_BYTES = 4_096;

    private final Socket socket;
    private final InputStream in;

    /// An answer's head.
    ///
    /// @param headers by lower-case name
    record Head(int status, Map<String, List<String>> headers) {
        String header(String name) {
            List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
            return values.isEmpty() ? "" : values.getFirst();
        }
    }

    record Answer(Head head, String body) {
        int status() {
            return head.status();
        }
    }

    private Wire(Socket socket, Duration patience) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) patience.toMillis());
    }

    static Wire connect(URI url) throws IOException {
        return new Wire(new Socket(url.getHost(), url.getPort()), Duration.ofSeconds(10));
    }

    /// A connection of which little fits into the system's buffers: where nobody reads, the server soon has to wait.
    static Wire narrow(URI url) throws IOException {
        Socket socket = new Socket();
        // Before it connects, or the window has been offered.
        socket.setReceiveBufferSize(NARROW_BYTES);
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
        return new Wire(socket, Duration.ofSeconds(10));
    }

    /// Sends one request on a connection of its own, and gives the answer as a whole.
    static Answer exchange(URI url, String request) throws IOException {
        try (Wire wire = connect(url)) {
            wire.send(request);
            return wire.answer();
        }
    }

    /// A request without a body.
    static String request(String method, String target, String... headers) {
        StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            text.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    Answer answer() throws IOException {
        return answer(head());
    }

    /// The answer to whatever may have a body.
    Answer answer(Head head) throws IOException {
        try (InputStream body = body(head)) {
            return new Answer(head, new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    Head head() throws IOException {
        String status = line();
        if (!status.startsWith("HTTP/1.1 ")) {
            throw new IOException("no answer of HTTP/1.1: " + status);
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).trim());
        }
        return new Head(Integer.parseInt(status.substring(9, 12)), headers);
    }

    /// The body, up to its proper end; whatever breaks off before that throws an [EOFException].
    InputStream body(Head head) {
        return head.header("transfer-encoding").equals("chunked")
                ? new ChunkedBody(this)
                : new SizedBody(this, Long.parseLong("0" + head.header("content-length")));
    }

    /// Waits for the other side to close, and says whether it did so properly, without another byte and without a
    /// reset.
    boolean isClosed() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        }
    }

    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = octet(); b != '\n'; b = octet()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    int octet() throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new EOFException("the connection ended in the middle");
        }
        return b;
    }

    /// Some octets, at least one.
    int octets(byte[] buffer, int from, int most) throws IOException {
        int count = in.read(buffer, from, most);
        if (count < 0) {
            throw new EOFException("the connection ended in the middle");
        }
        return count;
    }

    /// Says that nothing more will be sent; answers can still be read.
    void finish() throws IOException {
        socket.shutdownOutput();
    }

    /// Ends the connection as a process does that is killed in the middle: with a reset.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void patience(Duration duration) throws IOException {
        socket.setSoTimeout((int) duration.toMillis());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
