package io.perennial.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.http2.Http2ErrorCode;
import io.helidon.http.http2.Http2Exception;
import io.helidon.http.http2.Http2Flag;
import io.helidon.http.http2.Http2FrameType;
import java.io.ByteArrayOutputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads along what a client sends over HTTP/2, for the sake of what Helidon 4.1 doesn't tell, that a stream was opened
/// or reset, and of what it can't take.
///
/// One pass over the bytes as they come: the preface, then for each frame a header of 9 bytes (length 3, type 1,
/// flags 1, stream 4) and a payload of that length, which is passed on unseen. A header is passed on when it is
/// complete. The headers of a request are passed on together ([HeaderBlock]). A DATA frame without data is passed on
/// only where it ends its stream: Helidon takes it for the end of the body, which would be stored without its second
/// half. Of a padded one it takes a byte too much for data, so it is told of a byte more of padding.
final class FrameReader implements Supplier<byte[]> {
    /// Of a frame, before its payload.
    static final int HEADER_BYTES = 9;

    private static final int PREFACE_BYTES = 24;

    private final DataReader in;
    private final Audience audience;
    private final Runnable afterPreface;
    private final byte[] header = new byte[HEADER_BYTES];
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private @Nullable HeaderBlock block;
    private @Nullable Http2Exception failure;
    private int headerBytes;
    private int passBytes = PREFACE_BYTES;
    private boolean holds;
    private boolean padded;
    private boolean greeted;

    FrameReader(DataReader in, Audience audience, Runnable afterPreface) {
        this.in = in;
        this.audience = audience;
        this.afterPreface = afterPreface;
    }

    /// The next bytes for Helidon, at least one.
    ///
    /// @throws Http2Exception that ends the connection, when all before the malformed frame was passed on
    @Override
    public byte[] get() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (out.size() == 0) {
            if (failure != null) {
                throw failure;
            }
            in.ensureAvailable();
            try {
                pass(in.readBuffer().readBytes(), out);
            } catch (Http2Exception e) {
                failure = e;
            }
        }
        return out.toByteArray();
    }

    private void pass(byte[] bytes, ByteArrayOutputStream out) {
        int at = 0;
        while (at < bytes.length) {
            if (passBytes > 0) {
                if (padded) {
                    padded = false;
                    // Where it is 255 there is no more to say, and what is taken for data ends in a zero.
                    bytes[at] = (byte) Math.min(Byte.toUnsignedInt(bytes[at]) + 1, 255);
                }
                int count = Math.min(passBytes, bytes.length - at);
                (holds ? held : out).write(bytes, at, count);
                at += count;
                passBytes -= count;
                greet();
            } else {
                header[headerBytes++] = bytes[at++];
                if (headerBytes == HEADER_BYTES) {
                    headerBytes = 0;
                    frame(out);
                }
            }
            if (holds && passBytes == 0 && block != null) {
                gather(block, out);
            }
        }
    }

    private void greet() {
        if (passBytes == 0 && !greeted) {
            greeted = true;
            afterPreface.run();
        }
    }

    private void frame(ByteArrayOutputStream out) {
        int length = Byte.toUnsignedInt(header[0]) << 16
                | Byte.toUnsignedInt(header[1]) << 8
                | Byte.toUnsignedInt(header[2]);
        int type = type();
        int stream = (header[5] & 0x7f) << 24
                | Byte.toUnsignedInt(header[6]) << 16
                | Byte.toUnsignedInt(header[7]) << 8
                | Byte.toUnsignedInt(header[8]);
        boolean isContinued = type == Http2FrameType.CONTINUATION.type();
        boolean isExpected = block == null ? !isContinued : isContinued && stream == block.stream();
        if (!isExpected) {
            throw new Http2Exception(Http2ErrorCode.PROTOCOL, "a frame comes between the headers of a request");
        }
        if (type == Http2FrameType.HEADERS.type()) {
            block = new HeaderBlock(stream, header[4]);
        } else if (type == Http2FrameType.RST_STREAM.type()) {
            audience.reset(stream);
        } else if (type == Http2FrameType.DATA.type() && length == 0 && !has(Http2Flag.END_OF_STREAM)) {
            return;
        }
        padded = type == Http2FrameType.DATA.type() && length > 1 && has(Http2Flag.PADDED);
        holds = block != null;
        passBytes = length;
        if (!holds) {
            out.write(header, 0, HEADER_BYTES);
        } else if (length > HeaderBlock.FRAME_BYTES) {
            throw new Http2Exception(
                    Http2ErrorCode.FRAME_SIZE, "a frame has at most " + HeaderBlock.FRAME_BYTES + " bytes");
        }
    }

    private int type() {
        return Byte.toUnsignedInt(header[3]);
    }

    private boolean has(int flag) {
        return (header[4] & flag) != 0;
    }

    private void gather(HeaderBlock headers, ByteArrayOutputStream out) {
        byte[] payload = held.toByteArray();
        held.reset();
        if (type() == Http2FrameType.HEADERS.type()) {
            headers.begin(payload, header[4]);
        } else {
            headers.add(payload);
        }
        if (has(Http2Flag.END_OF_HEADERS)) {
            block = null;
            audience.open(headers.stream());
            headers.write(out);
        }
        holds = false;
    }
}
