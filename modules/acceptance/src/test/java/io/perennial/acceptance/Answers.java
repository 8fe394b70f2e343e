package io.perennial.acceptance;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a server said to whatever it was sent: well-formed answers and the end of the connection, or it is an error.
final class Answers {
    private static final int ERROR = 500;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final int OK = 200;
    private static final int HEADERS = 1;
    // 500 as it stands in the static table of HPACK: an answer's first field.
    private static final int ERROR_INDEXED = 0x8e;
    private static final int MOST_FRAME_BYTES = 16_384;
    private static final int LAST_FRAME_TYPE = 9;
    private static final Set<Integer> WITHOUT_BODY = Set.of(NO_CONTENT, NOT_MODIFIED);

    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private int closed;
    private int frames;

    /// Reads whatever comes until the connection ends.
    ///
    /// @throws AssertionError where it isn't well-formed, is an internal error, or doesn't end
    void take(Wire wire, byte[] sent) throws IOException {
        boolean hasHead = new String(sent, StandardCharsets.ISO_8859_1).contains("HEAD");
        try {
            while (true) {
                Wire.Head head = wire.head();
                heard(head.status());
                boolean isEndless = head.header("Content-Type").equals("text/event-stream") && head.status() == OK;
                // Which of the answers has no body, only who understands the requests knows.
                if (isEndless || hasHead) {
                    return;
                }
                if (head.status() >= OK && !WITHOUT_BODY.contains(head.status())) {
                    wire.body(head).readAllBytes();
                }
            }
        } catch (EOFException | SocketException e) {
            ended();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("neither answered nor closed", e);
        } catch (RuntimeException | IOException e) {
            throw new AssertionError("no well-formed answer: " + e, e);
        }
    }

    /// The same over HTTP/2, where a client that says no more gets no more either: some say so a moment later.
    void takeFrames(Wire wire, Duration moment) throws IOException {
        wire.patience(moment);
        try {
            readFrames(wire);
        } catch (SocketTimeoutException e) {
            wire.patience(FuzzTest.GRANTS);
            finish(wire);
            readFrames(wire);
        }
    }

    private static void finish(Wire wire) throws IOException {
        try {
            wire.finish();
        } catch (SocketException e) {
            // The server was quicker.
        }
    }

    private void readFrames(Wire wire) throws SocketTimeoutException, IOException {
        try {
            while (true) {
                int length = wire.octet() << 16 | wire.octet() << 8 | wire.octet();
                int type = wire.octet();
                for (int i = 0; i < 5; i++) {
                    wire.octet();
                }
                if (length > MOST_FRAME_BYTES || type > LAST_FRAME_TYPE) {
                    throw new AssertionError("no frame: type " + type + ", " + length + " bytes");
                }
                for (int i = 0; i < length; i++) {
                    int octet = wire.octet();
                    if (i == 0 && type == HEADERS) {
                        heard(octet == ERROR_INDEXED ? ERROR : octet);
                    }
                }
                countFrame();
            }
        } catch (EOFException | SocketException e) {
            ended();
        }
    }

    private synchronized void heard(int status) {
        statuses.merge(status, 1, Integer::sum);
        if (status == ERROR) {
            throw new AssertionError("500");
        }
    }

    private synchronized void ended() {
        closed++;
    }

    private synchronized void countFrame() {
        frames++;
    }

    @Override
    public synchronized String toString() {
        return statuses + " answered, " + frames + " frames, " + closed + " connections closed by the server";
    }
}
