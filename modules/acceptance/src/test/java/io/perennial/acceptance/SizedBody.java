package io.perennial.acceptance;

import java.io.IOException;
import java.io.InputStream;

/// A body whose length was said before.
final class SizedBody extends InputStream {
    private final Wire wire;
    private long left;

    SizedBody(Wire wire, long length) {
        this.wire = wire;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int most) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = wire.octets(buffer, from, (int) Math.min(most, left));
        left -= count;
        return count;
    }
}
