package io.perennial.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/// Appends to all streams of a store, at random. What that adds stays: a small store is ten times as large within a
/// second, and a large one hardly changes.
record GrownAppend(Store store) implements Load {
    private static final int CONNECTIONS = 64;
    private static final int NO_CONTENT = 204;

    @Override
    public String name() {
        return "append, " + CONNECTIONS + " connections, " + store.text();
    }

    @Override
    public String group() {
        return Growth.GROUP;
    }

    @Override
    public Unit unit() {
        return Unit.PER_SECOND;
    }

    @Override
    public boolean takes(Contender contender) {
        return contender instanceof Perennial;
    }

    @Override
    public Sample run(Running running, Duration time) throws IOException, InterruptedException {
        try (Running own = store.open(running)) {
            List<Numbered> clients = IntStream.range(0, CONNECTIONS)
                    .mapToObj(seed -> new Numbered(
                            Wire.append(own, Store.name(0), Events.one()), store.streams(), seed, NO_CONTENT, 0))
                    .toList();
            ClosedLoop.run(own, clients, 1, Store.WARM_UP);
            return ClosedLoop.run(own, clients, 1, time);
        }
    }
}
