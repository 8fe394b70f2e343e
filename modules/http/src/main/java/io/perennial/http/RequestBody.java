package io.perennial.http;

import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/// Reads a request's body, up to a limit.
final class RequestBody {
    private RequestBody() {}

    static byte[] read(ServerRequest request, int limitBytes) {
        OptionalLong length = request.headers().contentLength();
        if (length.orElse(0) > limitBytes) {
            throw tooLarge(limitBytes);
        }
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        Presence presence = Presence.of(request);
        try (Transit.Stay stay = presence.transit().new Stay()) {
            return read(request, limitBytes, presence, stay);
        }
    }

    private static byte[] read(ServerRequest request, int limitBytes, Presence presence, Transit.Stay stay) {
        OptionalLong length = request.headers().contentLength();
        try {
            InputStream in = new Counted(request.content().inputStream(), stay);
            return presence.awaitBody(
                    () -> length.isPresent() ? exactly(in, (int) length.getAsLong()) : atMost(in, limitBytes));
        } catch (ProblemException e) {
            throw e;
        } catch (InterruptedException e) {
            if (presence.isLate()) {
                throw late();
            }
            requireNotCut(stay);
            Thread.currentThread().interrupt();
            throw broken();
        } catch (IOException | RuntimeException e) {
            if (presence.isLate()) {
                throw late();
            }
            requireNotCut(stay);
            if (presence.isGone()) {
                throw new CloseConnectionException("the client went away in the middle of its body", e);
            }
            // Helidon's own, of several kinds: a malformed chunk, or a client that went away in the middle.
            throw broken();
        }
    }

    private static void requireNotCut(Transit.Stay stay) {
        if (stay.isCut()) {
            throw new CloseConnectionException("the body came too slowly, and others needed the room");
        }
    }

    private static ProblemException late() {
        return new ProblemException(
                Problem.of(Status.REQUEST_TIMEOUT_408, "RequestTimeout", "the body took longer to arrive than it may"));
    }

    private static ProblemException broken() {
        return new ProblemException(
                Problem.badRequest("MalformedBody", "the body ended before its length, or isn't well-formed chunks")
                        .with(HeaderValues.CONNECTION_CLOSE));
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        // Grows with what comes: what is only announced takes no memory. The read beyond the last byte tells
        // Helidon that the body was taken.
        byte[] body = in.readNBytes(length);
        if (body.length < length || in.read() >= 0) {
            throw new EOFException("the body ended before its length");
        }
        return body;
    }

    private static byte[] atMost(InputStream in, int limitBytes) throws IOException {
        byte[] body = in.readNBytes(limitBytes);
        if (body.length == limitBytes && in.read() >= 0) {
            throw tooLarge(limitBytes);
        }
        return body;
    }

    private static ProblemException tooLarge(int limitBytes) {
        return new ProblemException(Problem.of(
                Status.REQUEST_ENTITY_TOO_LARGE_413,
                "PayloadTooLarge",
                "the body is larger than " + limitBytes + " bytes, the limit of this server"));
    }

    /// Counts what has come so far: twice, in pieces and as a whole.
    private static final class Counted extends FilterInputStream {
        private final Transit.Stay stay;

        private Counted(InputStream in, Transit.Stay stay) {
            super(in);
            this.stay = stay;
        }

        @Override
        public int read(byte[] buffer, int from, int most) throws IOException {
            int count = in.read(buffer, from, most);
            if (count > 0) {
                stay.grow(2L * count);
                stay.requireNotCut();
            }
            return count;
        }
    }
}
