package io.perennial.http;

import io.helidon.http.http2.Http2ErrorCode;
import io.helidon.http.http2.Http2Exception;
import io.helidon.http.http2.Http2Flag;
import io.helidon.http.http2.Http2FrameType;
import io.helidon.http.http2.Http2Setting;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// The headers of one request over HTTP/2 (RFC 9113 section 4.3), gathered until they are whole, and passed on without
/// what Helidon 4.1 never comes back from: some changes of the size of its table of headers (RFC 7541 section 6.3), as
/// proper as to 0 and as malformed as to a negative one.
///
/// All of them are left out. A decoder whose table is larger than its client's has the client's entries before all
/// others, and places are counted from the newest, so it finds the same.
final class HeaderBlock {
    /// Of a frame's payload (RFC 9113 section 4.2), which nobody is told to exceed.
    static final int FRAME_BYTES = 16_384;

    private static final int PRIORITY_BYTES = 5;
    private static final long TABLE_BYTES = Http2Setting.HEADER_TABLE_SIZE.defaultValue();
    // An integer of more than three times 7 bits beside those of its first byte is no length or place of ours.
    private static final int MOST_SHIFT = 21;

    private final int stream;
    private final int endOfStream;
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();

    /// @param flags of its HEADERS frame
    HeaderBlock(int stream, int flags) {
        this.stream = stream;
        this.endOfStream = flags & Http2Flag.END_OF_STREAM;
    }

    int stream() {
        return stream;
    }

    /// Adds the payload of the HEADERS frame.
    ///
    /// @throws Http2Exception where its padding is longer than itself
    void begin(byte[] payload, int flags) {
        int from = 0;
        int to = payload.length;
        if ((flags & Http2Flag.PADDED) != 0 && payload.length > 0) {
            from = 1;
            to -= Byte.toUnsignedInt(payload[0]);
        }
        if ((flags & Http2Flag.PRIORITY) != 0) {
            from += PRIORITY_BYTES;
        }
        if (from > to) {
            throw new Http2Exception(Http2ErrorCode.PROTOCOL, "a HEADERS frame is shorter than its padding says");
        }
        gathered.write(payload, from, to - from);
    }

    /// Adds the payload of a CONTINUATION frame.
    ///
    /// @throws Http2Exception where it is more than a request may have
    void add(byte[] payload) {
        gathered.writeBytes(payload);
        if (gathered.size() > Http2.HEADER_BYTES) {
            throw new Http2Exception(
                    Http2ErrorCode.ENHANCE_YOUR_CALM,
                    "the headers of a request have at most " + Http2.HEADER_BYTES + " bytes, compressed");
        }
    }

    /// Writes the frames of what was gathered.
    ///
    /// @throws Http2Exception where it isn't what RFC 7541 section 6 says
    void write(ByteArrayOutputStream out) {
        ByteBuffer rest = ByteBuffer.wrap(withoutSizeUpdates());
        int type = Http2FrameType.HEADERS.type();
        int flags = endOfStream;
        do {
            byte[] payload = new byte[Math.min(rest.remaining(), FRAME_BYTES)];
            rest.get(payload);
            flags |= rest.hasRemaining() ? 0 : Http2Flag.END_OF_HEADERS;
            out.writeBytes(ByteBuffer.allocate(FrameReader.HEADER_BYTES)
                    .putInt(payload.length << Byte.SIZE | type)
                    .put((byte) flags)
                    .putInt(stream)
                    .array());
            out.writeBytes(payload);
            type = Http2FrameType.CONTINUATION.type();
            flags = 0;
        } while (rest.hasRemaining());
    }

    private byte[] withoutSizeUpdates() {
        ByteBuffer block = ByteBuffer.wrap(gathered.toByteArray());
        try {
            while (block.hasRemaining() && isSizeUpdate(block.get(block.position()))) {
                if (integer(block, block.get(), 5) > TABLE_BYTES) {
                    throw malformed("its table of headers has at most " + TABLE_BYTES + " bytes");
                }
            }
            byte[] kept = new byte[block.remaining()];
            block.get(block.position(), kept);
            while (block.hasRemaining()) {
                skipField(block);
            }
            return kept;
        } catch (BufferUnderflowException e) {
            throw malformed("they end in the middle of one");
        }
    }

    private static boolean isSizeUpdate(byte first) {
        return (first & 0xe0) == 0x20;
    }

    private static void skipField(ByteBuffer block) {
        byte first = block.get();
        if (isSizeUpdate(first)) {
            throw malformed("a change of the size of its table comes before them");
        }
        boolean isIndexed = first < 0;
        if (isIndexed) {
            integer(block, first, 7);
            return;
        }
        boolean isToBeIndexed = (first & 0x40) != 0;
        if (integer(block, first, isToBeIndexed ? 6 : 4) == 0) {
            skipText(block);
        }
        skipText(block);
    }

    private static void skipText(ByteBuffer block) {
        int length = integer(block, block.get(), 7);
        if (length > block.remaining()) {
            throw new BufferUnderflowException();
        }
        block.position(block.position() + length);
    }

    // RFC 7541 section 5.1.
    private static int integer(ByteBuffer block, byte first, int prefixBits) {
        int most = (1 << prefixBits) - 1;
        int value = first & most;
        if (value < most) {
            return value;
        }
        for (int shift = 0; shift < MOST_SHIFT; shift += 7) {
            byte next = block.get();
            value += (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed("one has a number that is too large");
    }

    private static Http2Exception malformed(String how) {
        return new Http2Exception(Http2ErrorCode.COMPRESSION, "the headers of a request are malformed: " + how);
    }
}
