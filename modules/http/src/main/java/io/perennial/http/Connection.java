package io.perennial.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http1.Http1Connection;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One connection: silent at first, then of the protocol that its first bytes are of.
///
/// Says whether it is idle better than Helidon's HTTP/2, which counts from the client's last frame, so that it ends a
/// connection whose streams only follow, and keeps one for ever that ever had a stream.
final class Connection implements ServerConnection, InterruptableTask<Void> {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Line line;
    private final ServerConnectionSelector http1;
    private final ServerConnectionSelector http2;
    private final long sinceNanos = System.nanoTime();
    private volatile @Nullable ServerConnection chosen;
    private volatile @Nullable Thread thread;

    Connection(Line line, ServerConnectionSelector http1, ServerConnectionSelector http2) {
        this.line = line;
        this.http1 = http1;
        this.http2 = http2;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        thread = Thread.currentThread();
        try {
            ServerConnection connection = choose();
            chosen = connection;
            connection.handle(limit);
        } catch (InsufficientDataAvailableException e) {
            throw new CloseConnectionException("the client said nothing", e);
        } finally {
            line.audience().leave();
        }
    }

    private ServerConnection choose() {
        DataReader reader = line.dataReader();
        reader.ensureAvailable();
        while (true) {
            byte[] first = reader.getBuffer(Math.min(PREFACE.length, reader.available()))
                    .readBytes();
            if (!Arrays.equals(first, Arrays.copyOf(PREFACE, first.length))) {
                return http1.connection(line);
            }
            if (first.length == PREFACE.length) {
                return http2.connection(line.framed());
            }
            reader.pullData();
        }
    }

    @Override
    public boolean canInterrupt() {
        boolean isBetweenRequests = !(chosen instanceof Http1Connection connection) || connection.canInterrupt();
        return isBetweenRequests && line.audience().isServed();
    }

    @Override
    public Duration idleTime() {
        ServerConnection connection = chosen;
        if (connection == null) {
            return Duration.ofNanos(System.nanoTime() - sinceNanos);
        }
        return line.audience().isServed() ? connection.idleTime() : Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        ServerConnection connection = chosen;
        Thread reading = thread;
        if (connection != null) {
            connection.close(interrupt || canInterrupt());
        } else if (reading != null) {
            reading.interrupt();
        }
    }
}
