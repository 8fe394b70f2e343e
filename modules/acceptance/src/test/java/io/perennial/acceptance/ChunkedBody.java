package io.perennial.acceptance;

import java.io.IOException;
import java.io.InputStream;

/// A body in chunks: it ends with the empty one, and nowhere else.
final class ChunkedBody extends InputStream {
    private static final int HEXADECIMAL = 16;

    private final Wire wire;
    private int left;
    private boolean over;

    ChunkedBody(Wire wire) {
        this.wire = wire;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int most) throws IOException {
        if (!over && left == 0) {
            left = Integer.parseInt(wire.line(), HEXADECIMAL);
            over = left == 0;
            if (over) {
                wire.line();
            }
        }
        if (over) {
            return -1;
        }
        int count = wire.octets(buffer, from, Math.min(most, left));
        left -= count;
        if (left == 0) {
            wire.line();
        }
        return count;
    }
}
