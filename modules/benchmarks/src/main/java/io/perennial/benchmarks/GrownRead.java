package io.perennial.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/// Reads the last events of all streams of a store, at random. Where there are many streams, these are all that each
/// was filled with: nothing may have been appended since.
record GrownRead(Store store) implements Load {
    static final int EVENTS = 10;

    private static final int CONNECTIONS = 16;
    private static final int OK = 200;

    @Override
    public String name() {
        return "last " + EVENTS + ", " + CONNECTIONS + " connections, " + store.text();
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
            String target = Store.name(0) + "?offset=" + offset(own);
            List<Numbered> clients = IntStream.range(0, CONNECTIONS)
                    .mapToObj(seed ->
                            new Numbered(Wire.get(own, target), store.streams(), seed, OK, Events.pageBytes(EVENTS)))
                    .toList();
            ClosedLoop.run(own, clients, 1, Store.WARM_UP);
            return ClosedLoop.run(own, clients, 1, time);
        }
    }

    private String offset(Running own) throws IOException, InterruptedException {
        if (store.streams() > 1) {
            return "-1";
        }
        try (Streams streams = new Streams(own)) {
            String offset = streams.append(Store.name(0), Events.one());
            streams.append(Store.name(0), Events.batch(0, EVENTS));
            return offset;
        }
    }
}
