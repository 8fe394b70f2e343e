package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Finds stamped events in one SSE answer as its bytes come in: a chunked HTTP/1.1 answer, cut anywhere.
///
/// ```
/// HEAD --blank line--> SIZE --n--> BODY --n bytes--> GAP --line end--> SIZE
///                      SIZE --0--> END
/// ```
///
/// Bodies are searched for the mark that every event begins with, eight bytes at a time; whatever else the server says,
/// such as lines, ids and control events, is passed over. An event that lies in one piece is read where it lies. One
/// that is cut, by a chunk or by a read, is taken byte by byte, and all that is kept between reads is how far it got.
final class EventScan {
    private static final int OK = 200;
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final int STATUS_DIGITS = 3;
    private static final long BRACES = repeated('{');
    private static final long ONES = repeated(1);
    private static final long HIGHEST_BITS = repeated(0x80);

    private Part part = Part.HEAD;
    private int headBytes;
    private int status;
    private int lineBytes;
    private long chunkBytes;
    private int eventBytes;
    private long sequence;
    private long sentNanos;
    private boolean hasBody;

    /// Who is told of events.
    interface Sink {
        void event(int sequence, long sentNanos);
    }

    private enum Part {
        HEAD,
        SIZE,
        BODY,
        GAP,
        END
    }

    /// Whether anything of the body has come, which a follower takes as the word that it won't miss anything.
    boolean hasBody() {
        return hasBody;
    }

    /// Whether the server has ended the answer.
    boolean hasEnded() {
        return part == Part.END;
    }

    /// Takes more of the answer.
    ///
    /// @param bytes little-endian; taken whole
    void accept(ByteBuffer bytes, Sink sink) throws IOException {
        while (bytes.hasRemaining()) {
            switch (part) {
                case HEAD -> head(bytes.get());
                case SIZE -> size(bytes.get());
                case BODY -> body(bytes, sink);
                case GAP -> {
                    if (bytes.get() == '\n') {
                        part = Part.SIZE;
                    }
                }
                case END -> bytes.position(bytes.limit());
            }
        }
    }

    private void head(byte next) throws IOException {
        int digit = headBytes++ - STATUS_AT;
        if (digit >= 0 && digit < STATUS_DIGITS) {
            status = status * 10 + next - '0';
        }
        if (next == '\n') {
            if (lineBytes == 0) {
                begin();
            }
            lineBytes = 0;
        } else if (next != '\r') {
            lineBytes++;
        }
    }

    private void begin() throws IOException {
        if (status != OK) {
            throw new IOException("a follower was answered " + status);
        }
        part = Part.SIZE;
    }

    private void size(byte next) throws IOException {
        if (next == '\n') {
            part = chunkBytes == 0 ? Part.END : Part.BODY;
        } else if (next != '\r') {
            int digit = Character.digit(next, 16);
            if (digit < 0) {
                throw new IOException("a follower's answer isn't chunked");
            }
            chunkBytes = chunkBytes * 16 + digit;
        }
    }

    private void body(ByteBuffer bytes, Sink sink) {
        int from = bytes.position();
        int end = (int) Math.min(bytes.limit(), from + chunkBytes);
        search(bytes, from, end, sink);
        hasBody = true;
        bytes.position(end);
        chunkBytes -= end - from;
        if (chunkBytes == 0) {
            part = Part.GAP;
        }
    }

    private void search(ByteBuffer bytes, int from, int end, Sink sink) {
        int at = from;
        while (at < end) {
            if (eventBytes == 0) {
                at = brace(bytes, at, end);
                if (end - at >= StampedEvent.BYTES && bytes.getLong(at) == StampedEvent.MARK) {
                    sink.event(StampedEvent.sequence(bytes, at), StampedEvent.sentNanos(bytes, at));
                    at += StampedEvent.BYTES;
                    continue;
                }
            }
            if (at < end) {
                step(bytes.get(at++), sink);
            }
        }
    }

    /// The index of the next `{`, or the end.
    private static int brace(ByteBuffer bytes, int from, int end) {
        int at = from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long differing = bytes.getLong(at) ^ BRACES;
            long same = differing - ONES & ~differing & HIGHEST_BITS;
            if (same != 0) {
                return at + (Long.numberOfTrailingZeros(same) >>> 3);
            }
        }
        while (at < end && bytes.get(at) != '{') {
            at++;
        }
        return at;
    }

    /// One byte of what may be an event. Its mark holds one `{`, the first, so a mismatch begins again at most there.
    private void step(byte next, Sink sink) {
        if (eventBytes < Long.BYTES) {
            if (next != (byte) (StampedEvent.MARK >>> (eventBytes * Byte.SIZE))) {
                eventBytes = next == '{' ? 1 : 0;
                return;
            }
            sequence = 0;
            sentNanos = 0;
        } else if (eventBytes < StampedEvent.SEQUENCE_AT + StampedEvent.SEQUENCE_DIGITS) {
            sequence = sequence * 10 + next - '0';
        } else if (eventBytes >= StampedEvent.SENT_AT && eventBytes < StampedEvent.SENT_AT + StampedEvent.SENT_DIGITS) {
            sentNanos = sentNanos * 10 + next - '0';
        }
        eventBytes++;
        if (eventBytes == StampedEvent.BYTES) {
            eventBytes = 0;
            sink.event((int) sequence, sentNanos);
        }
    }

    private static long repeated(int octet) {
        return octet * 0x0101_0101_0101_0101L;
    }
}
