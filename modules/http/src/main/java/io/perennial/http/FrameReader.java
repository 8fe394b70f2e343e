package io.perennial.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.http2.Http2FrameType;
import java.io.ByteArrayOutputStream;
import java.util.function.Supplier;

/// Reads along what a client sends over HTTP/2, for the sake of what Helidon 4.1 doesn't tell: that a stream was
/// opened, or reset.
///
/// One pass over the bytes as they come: the preface, then for each frame a header of 9 bytes (length 3, type 1,
/// flags 1, stream 4) and a payload of that length, which is passed on unseen. A header is passed on when it is
/// complete. A DATA frame without data is passed on only where it ends its stream: Helidon takes it for the end of
/// the body, which would be stored without its second half. Of a padded one it takes a byte too much for data, so
/// it is told of a byte more of padding.
final class FrameReader implements Supplier<byte[]> {
    private static final int PREFACE_BYTES = 24;
    private static final int HEADER_BYTES = 9;
    private static final int END_STREAM = 0x1;
    private static final int PADDED = 0x8;

    private final DataReader in;
    private final Audience audience;
    private final Runnable afterPreface;
    private final byte[] header = new byte[HEADER_BYTES];
    private int headerBytes;
    private int passBytes = PREFACE_BYTES;
    private boolean padded;
    private boolean greeted;

    FrameReader(DataReader in, Audience audience, Runnable afterPreface) {
        this.in = in;
        this.audience = audience;
        this.afterPreface = afterPreface;
    }

    /// The next bytes for Helidon, at least one.
    @Override
    public byte[] get() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (out.size() == 0) {
            in.ensureAvailable();
            pass(in.readBuffer().readBytes(), out);
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
                out.write(bytes, at, count);
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
        int type = Byte.toUnsignedInt(header[3]);
        int stream = (header[5] & 0x7f) << 24
                | Byte.toUnsignedInt(header[6]) << 16
                | Byte.toUnsignedInt(header[7]) << 8
                | Byte.toUnsignedInt(header[8]);
        if (type == Http2FrameType.HEADERS.type()) {
            audience.open(stream);
        } else if (type == Http2FrameType.RST_STREAM.type()) {
            audience.reset(stream);
        } else if (type == Http2FrameType.DATA.type() && length == 0 && (header[4] & END_STREAM) == 0) {
            return;
        }
        padded = type == Http2FrameType.DATA.type() && length > 1 && (header[4] & PADDED) != 0;
        passBytes = length;
        out.write(header, 0, HEADER_BYTES);
    }
}
