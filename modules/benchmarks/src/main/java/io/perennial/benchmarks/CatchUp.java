package io.perennial.benchmarks;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Reads a stream of 10,000 events from its start to its tail, page by page, again and again.
record CatchUp(int connections) implements Load {
    private static final int OK = 200;

    /// What the floor serves instead: the same bytes in as many answers as Perennial's pages of 1 MiB.
    private static final List<Long> PARTS = List.of(1L << 20, Events.pageBytes(Events.MANY) + 1 - (1L << 20));

    @Override
    public String name() {
        return "catch-up of 10,000, " + connections + (connections == 1 ? " connection" : " connections");
    }

    @Override
    public String group() {
        return "Complete catch-ups";
    }

    @Override
    public Unit unit() {
        return Unit.PER_SECOND;
    }

    @Override
    public boolean takes(Contender contender) {
        return true;
    }

    @Override
    public Sample run(Running running, Duration time) throws IOException, InterruptedException {
        if (running.contender().kind() == Contender.Kind.FLOOR) {
            return run(running, () -> new Parts(running), time);
        }
        String stream = Streams.names("catch-up", 1).getFirst();
        try (Streams streams = new Streams(running)) {
            streams.create(List.of(stream));
            streams.fill(stream, 0, Events.MANY);
            streams.requireInOrder(stream, Events.MANY);
        }
        return run(running, () -> new Pages(running, stream), time);
    }

    private Sample run(Running running, Supplier<Client> client, Duration time) throws IOException {
        return ClosedLoop.run(
                running, Stream.generate(client).limit(connections).toList(), 1, time);
    }

    /// Follows the next offsets until it is up to date.
    private static final class Pages implements Client {
        private static final int MOST_BYTES = 1024;

        private final ByteBuffer request = ByteBuffer.allocateDirect(MOST_BYTES);
        private final ByteBuffer first;
        private final ByteBuffer begin;
        private final ByteBuffer end;
        private long bytes;
        private int pages;

        Pages(Running running, String stream) {
            this.first = Wire.get(running, stream + "?offset=-1");
            this.begin = Wire.get(running, stream + "?offset=");
            this.end = begin.duplicate();
            int middle = Wire.targetEnd(begin);
            begin.limit(middle);
            end.position(middle);
            request.put(first).flip();
        }

        @Override
        public ByteBuffer request() {
            return request;
        }

        @Override
        public Step take(Reply reply) throws ProtocolException {
            if (reply.status() != OK) {
                throw new ProtocolException("a page is answered " + reply.status());
            }
            bytes += reply.bodyBytes();
            pages++;
            request.clear();
            if (!reply.isUpToDate()) {
                request.put(begin.rewind());
                reply.nextOffset(request);
                request.put(end.duplicate()).flip();
                return Step.MORE;
            }
            request.put(first.rewind()).flip();
            // Each page has a bracket more than commas.
            if (bytes != Events.pageBytes(Events.MANY) - 1 + pages) {
                throw new ProtocolException("a catch-up of " + bytes + " bytes in " + pages + " pages");
            }
            bytes = 0;
            pages = 0;
            return Step.DONE;
        }
    }

    /// As many bytes of the floor's.
    private static final class Parts implements Client {
        private final List<ByteBuffer> requests;
        private int at;

        Parts(Running running) {
            requests = PARTS.stream()
                    .map(bytes -> Wire.get(running, "bytes-" + bytes))
                    .toList();
        }

        @Override
        public ByteBuffer request() {
            return requests.get(at).rewind();
        }

        @Override
        public Step take(Reply reply) throws ProtocolException {
            if (reply.status() != OK || reply.bodyBytes() != PARTS.get(at)) {
                throw new ProtocolException("an answer " + reply.status() + " of " + reply.bodyBytes() + " bytes");
            }
            at = (at + 1) % PARTS.size();
            return at == 0 ? Step.DONE : Step.MORE;
        }
    }
}
