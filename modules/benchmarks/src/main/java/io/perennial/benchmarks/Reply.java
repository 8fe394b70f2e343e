package io.perennial.benchmarks;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// An answer of HTTP/1.1, read piece by piece as it comes, and without an allocation: the same object reads one answer
/// after the other. Of the headers it keeps what a load needs; the body is counted and skipped.
///
/// ```
/// STATUS -> HEADER* -> BODY -------------------------------> DONE
///                  \-> CHUNK_SIZE -> CHUNK -> CHUNK_END -+
///                      ^------------------------------- -+
///                      CHUNK_SIZE (0) -> TRAILER* --------> DONE
/// ```
final class Reply {
    private static final byte[] CONTENT_LENGTH = "content-length".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRANSFER_ENCODING = "transfer-encoding".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEXT_OFFSET = "stream-next-offset".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UP_TO_DATE = "stream-up-to-date".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_LINE = 8192;
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final int NO_CONTENT = 204;

    private enum State {
        STATUS,
        HEADER,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        DONE
    }

    private final byte[] line = new byte[LONGEST_LINE];
    private final byte[] nextOffset = new byte[LONGEST_LINE];
    private State state = State.DONE;
    private int lineLength;
    private int nextOffsetLength;
    private int status;
    private boolean chunked;
    private boolean upToDate;
    private boolean sized;
    private long remaining;
    private long bodyBytes;

    /// Forgets the last answer, and waits for another.
    void expect() {
        state = State.STATUS;
        lineLength = 0;
        nextOffsetLength = 0;
        status = 0;
        chunked = false;
        upToDate = false;
        sized = false;
        remaining = 0;
        bodyBytes = 0;
    }

    /// Takes from `in` what belongs to this answer.
    ///
    /// @return whether the answer is complete now
    boolean read(ByteBuffer in) throws ProtocolException {
        while (state != State.DONE && in.hasRemaining()) {
            if (state == State.BODY || state == State.CHUNK) {
                skip(in);
            } else if (endsLine(in)) {
                take();
                lineLength = 0;
            }
        }
        return state == State.DONE;
    }

    int status() {
        return status;
    }

    long bodyBytes() {
        return bodyBytes;
    }

    /// Whether `Stream-Up-To-Date: true` was there.
    boolean isUpToDate() {
        return upToDate;
    }

    /// Writes `Stream-Next-Offset` into a buffer; nothing where there was none.
    void nextOffset(ByteBuffer out) {
        out.put(nextOffset, 0, nextOffsetLength);
    }

    private void skip(ByteBuffer in) {
        int count = (int) Math.min(remaining, in.remaining());
        in.position(in.position() + count);
        bodyBytes += count;
        remaining -= count;
        if (remaining == 0) {
            state = state == State.BODY ? State.DONE : State.CHUNK_END;
        }
    }

    private boolean endsLine(ByteBuffer in) throws ProtocolException {
        while (in.hasRemaining()) {
            byte next = in.get();
            if (next == '\n') {
                lineLength -= lineLength > 0 && line[lineLength - 1] == '\r' ? 1 : 0;
                return true;
            }
            if (lineLength == LONGEST_LINE) {
                throw new ProtocolException("a line of the answer's head is longer than " + LONGEST_LINE);
            }
            line[lineLength++] = next;
        }
        return false;
    }

    private void take() throws ProtocolException {
        switch (state) {
            case STATUS -> {
                status = lineLength < STATUS_AT + 3 ? 0 : (int) number(STATUS_AT, STATUS_AT + 3, 10);
                state = State.HEADER;
            }
            case HEADER -> {
                if (lineLength == 0) {
                    headEnded();
                } else {
                    header();
                }
            }
            case CHUNK_SIZE -> {
                remaining = number(0, lineLength, 16);
                state = remaining == 0 ? State.TRAILER : State.CHUNK;
            }
            case CHUNK_END -> state = State.CHUNK_SIZE;
            case TRAILER -> state = lineLength == 0 ? State.DONE : State.TRAILER;
            case BODY, CHUNK, DONE -> throw new IllegalStateException(state + " has no lines");
        }
    }

    private void headEnded() throws ProtocolException {
        if (status == NO_CONTENT) {
            state = State.DONE;
        } else if (chunked) {
            state = State.CHUNK_SIZE;
        } else if (sized) {
            state = remaining == 0 ? State.DONE : State.BODY;
        } else {
            throw new ProtocolException("an answer " + status + " whose length isn't known");
        }
    }

    private void header() throws ProtocolException {
        if (isNamed(CONTENT_LENGTH)) {
            sized = true;
            remaining = number(valueAt(CONTENT_LENGTH), lineLength, 10);
        } else if (isNamed(TRANSFER_ENCODING)) {
            chunked = true;
        } else if (isNamed(UP_TO_DATE)) {
            upToDate = line[valueAt(UP_TO_DATE)] == 't';
        } else if (isNamed(NEXT_OFFSET)) {
            int from = valueAt(NEXT_OFFSET);
            nextOffsetLength = lineLength - from;
            System.arraycopy(line, from, nextOffset, 0, nextOffsetLength);
        }
    }

    private boolean isNamed(byte[] name) {
        if (lineLength <= name.length || line[name.length] != ':') {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            // Lower case in ASCII; the dash has that bit anyway.
            if ((line[i] | 0x20) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private int valueAt(byte[] name) {
        int at = name.length + 1;
        while (at < lineLength - 1 && line[at] == ' ') {
            at++;
        }
        return at;
    }

    /// The number that a part of the line begins with.
    ///
    /// @param to exclusive
    private long number(int from, int to, int radix) throws ProtocolException {
        long number = 0;
        int at = from;
        int digit = 0;
        while (at < to && (digit = Character.digit(line[at], radix)) >= 0) {
            number = number * radix + digit;
            at++;
        }
        if (at == from) {
            throw new ProtocolException(
                    "no number in: " + new String(line, 0, lineLength, StandardCharsets.ISO_8859_1));
        }
        return number;
    }
}
