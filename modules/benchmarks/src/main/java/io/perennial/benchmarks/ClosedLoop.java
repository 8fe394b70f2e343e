package io.perennial.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/// The generator for loads that wait for an answer before they ask again: one thread, any number of connections, one
/// request in flight on each. One thread, because the server has to have the other processor.
///
/// A third of the time warms up and isn't counted. At the end, what is in flight is answered yet and nothing is asked
/// any more, so that what was sent is what was answered.
final class ClosedLoop implements AutoCloseable {
    /// Above this load of its one thread, the generator may well be what is measured.
    private static final double BUSY = 0.9;

    /// How many of a peer's answers may be refusals, to be told beside its figure. Ours are failures.
    private static final double TOLERATED = 0.1;

    private static final int WARM_UP_PARTS = 3;
    private static final int RECEIVE_BYTES = 1 << 18;
    private static final long PATIENCE_MILLIS = 10_000;

    private final Running server;
    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(RECEIVE_BYTES);
    private Histogram latency = Sample.histogram();
    private long completed;
    private long refused;

    private ClosedLoop(Running server, List<? extends Client> clients) throws IOException {
        this.server = server;
        this.selector = Selector.open();
        for (Client client : clients) {
            connections.add(new Connection(server, client, selector));
        }
    }

    /// Lets clients ask for some time.
    ///
    /// @param clients one per connection
    /// @param each how much of the load's unit a completed one is
    /// @return in units per second
    static Sample run(Running server, List<? extends Client> clients, int each, Duration time) throws IOException {
        try (ClosedLoop loop = new ClosedLoop(server, clients)) {
            return loop.run(each, time.toNanos());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Sample run(int each, long timeNanos) throws IOException {
        long beginNanos = System.nanoTime();
        for (Connection connection : connections) {
            connection.send(beginNanos);
        }
        askUntil(beginNanos + timeNanos / WARM_UP_PARTS);
        completed = 0;
        refused = 0;
        latency = Sample.histogram();
        Cpu then = Cpu.now(server);
        askUntil(beginNanos + timeNanos);
        Cpu now = Cpu.now(server);
        double perSecond = completed * each / now.secondsSince(then);
        drain();
        if (completed == 0) {
            throw new SocketTimeoutException("nothing was completed in " + now.secondsSince(then) + " s");
        }
        if (refused > (server.contender() instanceof Perennial ? 0 : completed * TOLERATED)) {
            throw new ProtocolException(refused + " requests were refused, and " + completed + " weren't");
        }
        return new Sample(perSecond, latency, now.generatorShare(then), remark(now.threadLoad(then)));
    }

    private String remark(double load) {
        String remark = refused == 0 ? "" : refused + " requests were refused, and " + completed + " weren't; ";
        return remark + (load < BUSY ? "" : "the generator was busy, too: " + Numbers.percent(load));
    }

    private void askUntil(long deadlineNanos) throws IOException {
        Consumer<SelectionKey> goOn = key -> {
            Connection connection = (Connection) key.attachment();
            if (connection.isAnswered(in)) {
                connection.send(count(connection));
            }
        };
        long leftNanos = deadlineNanos - System.nanoTime();
        while (leftNanos > 0) {
            selector.select(goOn, Math.clamp(leftNanos / 1_000_000 + 1, 1, PATIENCE_MILLIS));
            leftNanos = deadlineNanos - System.nanoTime();
        }
    }

    private long count(Connection connection) {
        long nowNanos = System.nanoTime();
        switch (connection.take()) {
            case MORE -> {}
            case DONE -> {
                completed++;
                latency.recordValue(nowNanos - connection.begunNanos());
            }
            case REFUSED -> refused++;
        }
        return nowNanos;
    }

    private void drain() throws IOException {
        Consumer<SelectionKey> finish = key -> {
            Connection connection = (Connection) key.attachment();
            if (connection.isAnswered(in)) {
                connection.take();
            }
        };
        long deadlineNanos = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (connections.stream().anyMatch(Connection::isInFlight)) {
            if (System.nanoTime() > deadlineNanos) {
                throw new SocketTimeoutException("no answer within " + PATIENCE_MILLIS + " ms");
            }
            selector.select(finish, PATIENCE_MILLIS);
        }
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
