package io.perennial.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// One connection that appends stamped events, one at a time, on a loop that it shares with followers.
final class Appender implements Loop.Talk {
    private static final int NO_CONTENT = 204;

    private final SocketChannel channel;
    private final Reply reply = new Reply();
    private boolean isFree = true;

    Appender(Loop loop, InetSocketAddress address) throws IOException {
        channel = loop.connect(address, this);
    }

    /// Whether the last append is acknowledged.
    boolean isFree() {
        return isFree;
    }

    /// @param request ends with an event, which is stamped in place
    void append(ByteBuffer request, int sequence, long sentNanos) throws IOException {
        isFree = false;
        reply.expect();
        StampedEvent.stamp(request, request.limit() - StampedEvent.BYTES, sequence, sentNanos);
        channel.write(request.rewind());
        if (request.hasRemaining()) {
            throw new IOException("the kernel took only a part of an append");
        }
    }

    @Override
    public void hear(ByteBuffer bytes, long atNanos) throws IOException {
        isFree = reply.read(bytes);
        if (isFree && reply.status() != NO_CONTENT) {
            throw new ProtocolException("an append was answered " + reply.status());
        }
    }

    @Override
    public void end() throws IOException {
        throw new IOException("the server closed the connection of an append");
    }
}
