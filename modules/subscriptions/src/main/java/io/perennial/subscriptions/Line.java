package io.perennial.subscriptions;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PlainSocket;
import io.helidon.webclient.api.ClientConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// A connection for one call of a webhook.
///
/// The client has connections of its own, but it looks the address up where nobody can judge it, takes in a chunk of
/// whatever size is announced, and forgets to end a connection on which it found no HTTP. Here the address is given,
/// what comes back is bounded, and whoever opens a line closes it.
final class Line implements ClientConnection, AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final Socket socket;
    private final HelidonSocket helidonSocket;
    private final DataReader reader;
    private long left;

    private Line(Socket socket, long mostBytes) {
        this.socket = socket;
        this.helidonSocket = PlainSocket.client(socket, "webhook");
        this.reader = new DataReader(this::next);
        this.left = mostBytes;
    }

    /// Connects, and makes sure of who is there where the scheme asks for it.
    ///
    /// @param address of the URL's host
    /// @param mostBytes how many bytes are taken, more or less; the line looks as if it ended there
    /// @throws IOException where it fails; nothing has been sent
    static Line open(URI url, InetAddress address, SSLSocketFactory tls, long mostBytes) throws IOException {
        boolean isSecure = url.getScheme().equalsIgnoreCase("https");
        int defaultPort = isSecure ? 443 : 80;
        int port = url.getPort() < 0 ? defaultPort : url.getPort();
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(address, port), Math.toIntExact(CONNECT.toMillis()));
            return new Line(isSecure ? secured(socket, url.getHost(), port, tls) : socket, mostBytes);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static Socket secured(Socket socket, String host, int port, SSLSocketFactory tls) throws IOException {
        SSLSocket secured = (SSLSocket) tls.createSocket(socket, Destinations.unbracketed(host), port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    /// @return null at the end, as the reader wants it
    private byte @Nullable [] next() {
        if (left <= 0) {
            return null;
        }
        byte[] bytes = helidonSocket.get();
        left -= bytes == null ? 0 : bytes.length;
        return bytes;
    }

    @Override
    public DataReader reader() {
        return reader;
    }

    @Override
    public DataWriter writer() {
        return new Writer(helidonSocket);
    }

    @Override
    public String channelId() {
        return helidonSocket.socketId();
    }

    @Override
    public HelidonSocket helidonSocket() {
        return helidonSocket;
    }

    @Override
    public void readTimeout(Duration each) {
        // The whole call has a deadline, and not each read.
    }

    @Override
    public void closeResource() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closeResource();
    }

    private record Writer(HelidonSocket socket) implements DataWriter {
        @Override
        public void write(BufferData... buffers) {
            writeNow(buffers);
        }

        @Override
        public void write(BufferData buffer) {
            writeNow(buffer);
        }

        @Override
        public void writeNow(BufferData... buffers) {
            writeNow(BufferData.create(buffers));
        }

        @Override
        public void writeNow(BufferData buffer) {
            socket.write(buffer);
        }
    }
}
