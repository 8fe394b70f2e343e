package io.perennial.benchmarks;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.List;

/// A client that sends the same requests round and round, and knows how each is answered.
final class Repeat implements Client {
    private final List<ByteBuffer> requests;
    private final int status;
    private final long bodyBytes;
    private int next;
    private long completed;
    private long refused;

    /// Begins at one of the requests.
    ///
    /// @param requests may be another client's, too
    /// @param first the index of the one to begin with
    /// @param bodyBytes how long the body of every answer is
    Repeat(List<ByteBuffer> requests, int first, int status, long bodyBytes) {
        this.requests = requests.stream().map(ByteBuffer::duplicate).toList();
        this.next = first % requests.size();
        this.status = status;
        this.bodyBytes = bodyBytes;
    }

    @Override
    public ByteBuffer request() {
        ByteBuffer request = requests.get(next);
        next = next + 1 == requests.size() ? 0 : next + 1;
        return request.rewind();
    }

    @Override
    public Step take(Reply reply) throws ProtocolException {
        if (reply.status() != status) {
            refused++;
            return Step.REFUSED;
        }
        if (reply.bodyBytes() != bodyBytes) {
            throw new ProtocolException("an answer " + reply.status() + " of " + reply.bodyBytes() + " bytes where "
                    + status + " of " + bodyBytes + " was due");
        }
        completed++;
        return Step.DONE;
    }

    /// How often it has been answered as is right, warm-up and all.
    long completed() {
        return completed;
    }

    long refused() {
        return refused;
    }
}
