package io.perennial.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// One connection that appends stamped events, one at a time, on a loop that it shares with followers.
final class Appender implements Loop.Talk {
    private static final int NO_CONTENT = 204;
    private static final int OFFSET_BYTES = 256;

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

    /// The stream's, after the last append.
    String nextOffset() {
        return nextOffset(reply);
    }

    static String nextOffset(Reply reply) {
        ByteBuffer offset = ByteBuffer.allocate(OFFSET_BYTES);
        reply.nextOffset(offset);
        return US_ASCII.decode(offset.flip()).toString();
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
