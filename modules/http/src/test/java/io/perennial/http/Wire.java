package io.perennial.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// One connection to a server, with nothing between the test and the bytes.
final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    private Wire(int port, int receiveBytes) throws IOException {
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new BufferedInputStream(socket.getInputStream());
    }

    static Wire to(int port) throws IOException {
        return new Wire(port, 0);
    }

    /// Of a client that lets little be on its way.
    static Wire narrow(int port) throws IOException {
        return new Wire(port, 4 * 1024);
    }

    Wire send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    Wire send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /// A request without a body.
    Wire request(String method, String target, String... headers) throws IOException {
        return send(head(method, target, headers) + "\r\n");
    }

    Wire request(String method, String target, byte[] body, String... headers) throws IOException {
        send(head(method, target, headers) + "Content-Length: " + body.length + "\r\n\r\n");
        return send(body);
    }

    static String head(String method, String target, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.toString();
    }

    /// Waits until the server ends the connection, and says whether nothing comes before that.
    boolean isClosed() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException _) {
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        }
    }

    /// Whether nothing comes for so long, not even an end.
    boolean isSilentFor(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            in.read();
            return false;
        } catch (SocketTimeoutException _) {
            return true;
        } catch (SocketException _) {
            return false;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    /// The next answer, the interim ones included.
    Answer answer() throws IOException {
        Answer head = head();
        if (head.status() < 200 || head.status() == 204 || head.status() == 304) {
            return head;
        }
        if (head.has("Transfer-Encoding")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            byte[] chunk = chunk();
            while (chunk.length > 0) {
                body.writeBytes(chunk);
                chunk = chunk();
            }
            return new Answer(head.head(), body.toByteArray());
        }
        return new Answer(head.head(), bytes(Integer.parseInt(head.header("Content-Length"))));
    }

    /// The next status line and headers. The body stays on the wire.
    Answer head() throws IOException {
        StringBuilder head = new StringBuilder(line());
        String line = line();
        while (!line.isEmpty()) {
            head.append("\r\n").append(line);
            line = line();
        }
        return new Answer(head.toString(), new byte[0]);
    }

    /// What the next chunk carries; nothing at the last one.
    byte[] chunk() throws IOException {
        byte[] chunk = bytes(Integer.parseInt(line(), 16));
        String end = line();
        if (!end.isEmpty()) {
            throw new AssertionError("a chunk is longer than it says: " + end);
        }
        return chunk;
    }

    byte[] bytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the connection ended after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    String text(int count) throws IOException {
        return new String(bytes(count), StandardCharsets.UTF_8);
    }

    /// Everything until the server ends the connection.
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        while (b != '\n') {
            if (b < 0) {
                throw new EOFException("the connection ended after: " + line);
            }
            line.write(b);
            b = in.read();
        }
        String text = line.toString(StandardCharsets.UTF_8);
        if (!text.endsWith("\r")) {
            throw new AssertionError("a line without CR: " + text);
        }
        return text.substring(0, text.length() - 1);
    }

    /// Says to the server that nothing more comes.
    void shutOutput() throws IOException {
        socket.shutdownOutput();
    }

    void patience(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    /// Vanishes without a word: whatever the server sends next is answered with a reset.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
