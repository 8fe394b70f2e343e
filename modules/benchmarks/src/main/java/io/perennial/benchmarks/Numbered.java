package io.perennial.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/// A client that sends one request to streams at random, of which there may be too many for a request each: their names
/// are a number of fixed width, which is written into the request.
final class Numbered implements Client {
    private final ByteBuffer request;
    private final int numberAt;
    private final int streams;
    private final int status;
    private final long bodyBytes;
    private final SplittableRandom random;

    /// @param request for stream 0, nobody else's
    /// @param bodyBytes how long the body of every answer is
    Numbered(ByteBuffer request, int streams, long seed, int status, long bodyBytes) {
        this.request = request;
        this.numberAt =
                US_ASCII.decode(request.duplicate()).toString().indexOf(Store.name(0)) + Store.NAME_PREFIX.length();
        this.streams = streams;
        this.status = status;
        this.bodyBytes = bodyBytes;
        this.random = new SplittableRandom(seed);
    }

    @Override
    public ByteBuffer request() {
        return to(random.nextInt(streams));
    }

    /// The request for one stream.
    ByteBuffer to(int stream) {
        StampedEvent.digits(request, numberAt, Store.NAME_DIGITS, stream);
        return request.rewind();
    }

    @Override
    public Step take(Reply reply) throws ProtocolException {
        if (reply.status() != status) {
            return Step.REFUSED;
        }
        if (reply.bodyBytes() != bodyBytes) {
            throw new ProtocolException(
                    "an answer of " + reply.bodyBytes() + " bytes where " + bodyBytes + " were due");
        }
        return Step.DONE;
    }
}
