package io.perennial.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/// Many connections on one thread, which take turns with one buffer.
final class Loop implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    Loop() throws IOException {
        selector = Selector.open();
    }

    /// What one connection makes of what it hears.
    interface Talk {
        /// Makes something of what has come.
        ///
        /// @param bytes little-endian; all of them have to be taken
        /// @param atNanos when they came, as an event's time is stamped
        void hear(ByteBuffer bytes, long atNanos) throws IOException;

        /// The server has closed the connection.
        void end() throws IOException;
    }

    /// Connects, which the kernel does at once on loopback, and listens from the next turn on.
    SocketChannel connect(InetSocketAddress address, Talk talk) throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, talk);
        return channel;
    }

    /// Hears everyone who has something to say, each once; waits until somebody has, but no longer than this.
    void turn(Duration wait) throws IOException {
        selector.select(Math.max(1, wait.toMillis()));
        for (SelectionKey key : selector.selectedKeys()) {
            hear(key);
        }
        selector.selectedKeys().clear();
    }

    private void hear(SelectionKey key) throws IOException {
        if (!(key.channel() instanceof SocketChannel channel && key.attachment() instanceof Talk talk)) {
            throw new IllegalStateException("a stranger at the selector");
        }
        buffer.clear();
        int count = channel.read(buffer);
        if (count < 0) {
            channel.close();
            talk.end();
            return;
        }
        buffer.flip();
        talk.hear(buffer, StampedEvent.now());
    }

    /// Resets every connection: the server needn't wait for anything more from it.
    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            if (key.channel() instanceof SocketChannel channel && channel.isOpen()) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                channel.close();
            }
        }
        selector.close();
    }
}
