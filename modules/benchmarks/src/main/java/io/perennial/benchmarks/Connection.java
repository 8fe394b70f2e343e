package io.perennial.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/// A connection of a [ClosedLoop], with at most one request in flight. Its failures are unchecked: they come out of a
/// selector.
final class Connection implements AutoCloseable {
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Client client;
    private final Reply reply = new Reply();
    private ByteBuffer request = ByteBuffer.allocate(0);
    private boolean inFlight;
    private boolean midway;
    private long begunNanos;

    Connection(Running server, Client client, Selector selector) throws IOException {
        this.client = client;
        this.channel = SocketChannel.open(server.address());
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /// Asks what the client wants to know next.
    void send(long nowNanos) {
        if (!midway) {
            begunNanos = nowNanos;
        }
        reply.expect();
        request = client.request();
        inFlight = true;
        try {
            flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Goes on with what the socket is ready for.
    ///
    /// @param in empty before and after
    /// @return whether an answer has come in whole
    boolean isAnswered(ByteBuffer in) {
        try {
            if (key.isWritable()) {
                flush();
            }
            return key.isReadable() && receives(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean receives(ByteBuffer in) throws IOException {
        if (channel.read(in) < 0) {
            throw new EOFException("the server ended a connection");
        }
        in.flip();
        inFlight = !reply.read(in);
        if (in.hasRemaining()) {
            throw new ProtocolException("the server said more than was asked");
        }
        in.clear();
        return !inFlight;
    }

    /// What the client makes of the answer.
    Client.Step take() {
        try {
            Client.Step step = client.take(reply);
            midway = step == Client.Step.MORE;
            return step;
        } catch (ProtocolException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isInFlight() {
        return inFlight;
    }

    /// When what is counted was begun, in [System#nanoTime].
    long begunNanos() {
        return begunNanos;
    }

    private void flush() throws IOException {
        channel.write(request);
        boolean waits = request.hasRemaining();
        boolean waited = (key.interestOps() & SelectionKey.OP_WRITE) != 0;
        if (waits != waited) {
            key.interestOps(waits ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
