package io.perennial.http;

import java.math.BigInteger;
import java.net.InetAddress;

/// Some addresses: one, or all that begin with the same bits.
record Network(InetAddress address, int bits) {
    /// Reads `10.0.0.1`, `10.0.0.0/8`, `::1` or `fd00::/8`.
    ///
    /// @throws IllegalArgumentException where the text is something else
    static Network parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int most = address.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException(text + " has more bits than an address");
        }
        return new Network(address, bits);
    }

    boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] theirs = other.getAddress();
        int rest = mine.length * Byte.SIZE - bits;
        return mine.length == theirs.length
                && new BigInteger(1, mine).shiftRight(rest).equals(new BigInteger(1, theirs).shiftRight(rest));
    }
}
