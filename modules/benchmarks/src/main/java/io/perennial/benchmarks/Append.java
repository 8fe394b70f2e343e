package io.perennial.benchmarks;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/// Appends to some streams in turn, and looks afterwards whether they hold what was acknowledged.
///
/// @param batch how many events one request has
record Append(int connections, int streams, int batch) implements Load {
    static final String GROUP = "Appends";

    private static final int NO_CONTENT = 204;

    @Override
    public String name() {
        String one = batch == 1 ? "append" : "append by " + batch;
        return one + ", " + plural(connections, "connection") + ", " + plural(streams, "stream");
    }

    private static String plural(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    @Override
    public String group() {
        return batch == 1 ? GROUP : "Events appended in batches";
    }

    @Override
    public Unit unit() {
        return Unit.PER_SECOND;
    }

    @Override
    public boolean takes(Contender contender) {
        return batch == 1 || contender.kind() != Contender.Kind.FLOOR;
    }

    @Override
    public Sample run(Running running, Duration time) throws IOException, InterruptedException {
        List<String> names = Streams.names("append", streams);
        byte[] body = batch == 1 ? Events.one() : Events.batch(0, batch);
        List<ByteBuffer> requests =
                names.stream().map(name -> Wire.append(running, name, body)).toList();
        List<Repeat> clients = IntStream.range(0, connections)
                .mapToObj(connection -> new Repeat(requests, connection, NO_CONTENT, 0))
                .toList();
        if (running.contender().kind() == Contender.Kind.FLOOR) {
            return ClosedLoop.run(running, clients, batch, time);
        }
        try (Streams prepared = new Streams(running)) {
            prepared.create(names);
            Sample sample = ClosedLoop.run(running, clients, batch, time);
            long acknowledged = clients.stream().mapToLong(Repeat::completed).sum() * batch;
            long refused = clients.stream().mapToLong(Repeat::refused).sum() * batch;
            long held = 0;
            for (String name : names) {
                held += prepared.count(name);
            }
            // The reference with files, over a hundred streams, stores most of what it answers with 404.
            if (held < acknowledged || held > acknowledged + refused) {
                throw new ProtocolException(acknowledged + " events were acknowledged, " + refused + " refused, and "
                        + held + " are there");
            }
            return sample;
        }
    }
}
