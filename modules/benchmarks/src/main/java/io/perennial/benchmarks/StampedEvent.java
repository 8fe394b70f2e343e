package io.perennial.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The event of the live loads: 150 bytes of JSON that say which one it is, and when it was sent. Number and time have
/// a fixed width and begin at multiples of eight, so that a reader takes them with three loads of a `long`, and neither
/// parses nor copies anything:
///
/// ```
/// {"seq":"00000012","at":"0000001234567890","pad":"xxxx..."}
/// ```
final class StampedEvent {
    static final int BYTES = 150;
    static final int SEQUENCE_AT = 8;
    static final int SEQUENCE_DIGITS = 8;
    static final int SENT_AT = 24;
    static final int SENT_DIGITS = 16;

    private static final String HEAD = "{\"seq\":\"00000000\",\"at\":\"0000000000000000\",\"pad\":\"";
    private static final String TAIL = "\"}";
    private static final byte[] BLANK =
            (HEAD + "x".repeat(BYTES - HEAD.length() - TAIL.length()) + TAIL).getBytes(US_ASCII);

    /// How every event begins, and nothing else that a server sends: eight bytes, the first of them the lowest.
    static final long MARK =
            ByteBuffer.wrap(BLANK).order(ByteOrder.LITTLE_ENDIAN).getLong();

    /// Times count from here, which keeps them positive and short.
    private static final long ORIGIN_NANOS = System.nanoTime();

    private StampedEvent() {}

    static byte[] blank() {
        return BLANK.clone();
    }

    /// What is stamped as the time of now.
    static long now() {
        return System.nanoTime() - ORIGIN_NANOS;
    }

    /// Writes number and time into a blank event, which begins at an index of the buffer.
    static void stamp(ByteBuffer buffer, int index, int sequence, long sentNanos) {
        digits(buffer, index + SEQUENCE_AT, SEQUENCE_DIGITS, sequence);
        digits(buffer, index + SENT_AT, SENT_DIGITS, sentNanos);
    }

    static int sequence(ByteBuffer littleEndian, int index) {
        return (int) eightDigits(littleEndian.getLong(index + SEQUENCE_AT));
    }

    static long sentNanos(ByteBuffer littleEndian, int index) {
        int high = index + SENT_AT;
        return eightDigits(littleEndian.getLong(high)) * 100_000_000
                + eightDigits(littleEndian.getLong(high + Long.BYTES));
    }

    /// Writes a number with leading zeros.
    static void digits(ByteBuffer buffer, int index, int count, long number) {
        long rest = number;
        for (int at = index + count - 1; at >= index; at--) {
            buffer.put(at, (byte) ('0' + rest % 10));
            rest /= 10;
        }
    }

    /// Eight digits at once: neighbours become numbers below 100, then below 10,000, then one.
    private static long eightDigits(long text) {
        long pairs = text - 0x3030_3030_3030_3030L;
        pairs = pairs * 10 + (pairs >>> 8);
        long odd = (pairs & 0x0000_00FF_0000_00FFL) * 0x000F_4240_0000_0064L;
        long even = (pairs >>> 16 & 0x0000_00FF_0000_00FFL) * 0x0000_2710_0000_0001L;
        return (odd + even) >>> 32;
    }
}
