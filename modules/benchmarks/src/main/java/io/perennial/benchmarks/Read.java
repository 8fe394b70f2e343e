package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Reads the end of a stream of 10,000 events: one short answer.
///
/// @param events how many are read; without any, `offset=now`
record Read(int events, int connections) implements Load {
    private static final int OK = 200;

    @Override
    public String name() {
        String what = events == 0 ? "offset=now" : "last " + events + " of 10,000";
        return what + ", " + connections + " connections";
    }

    @Override
    public String group() {
        return "Reads at the end";
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
        long bodyBytes = Events.pageBytes(events);
        String target = running.contender().kind() == Contender.Kind.FLOOR ? "bytes-" + bodyBytes : prepared(running);
        List<ByteBuffer> request = List.of(Wire.get(running, target));
        List<Repeat> clients = Stream.generate(() -> new Repeat(request, 0, OK, bodyBytes))
                .limit(connections)
                .toList();
        return ClosedLoop.run(running, clients, 1, time);
    }

    private String prepared(Running running) throws IOException, InterruptedException {
        String stream = Streams.names("read", 1).getFirst();
        try (Streams streams = new Streams(running)) {
            streams.create(List.of(stream));
            String offset = streams.fill(stream, 0, Events.MANY - events);
            if (events == 0) {
                return stream + "?offset=now";
            }
            streams.fill(stream, Events.MANY - events, Events.MANY);
            return stream + "?offset=" + offset;
        }
    }
}
