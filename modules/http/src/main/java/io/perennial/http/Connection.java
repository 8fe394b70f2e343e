package io.perennial.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http1.Http1Connection;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// One connection: silent at first, then of the protocol that its first bytes are of.
///
/// Says whether it is idle better than Helidon's HTTP/2, which counts from the client's last frame, so that it ends a
/// connection whose streams only follow, and keeps one for ever that ever had a stream. Helidon's timer asks every
/// connection for it once in a while: that is when requests are looked for that don't arrive.
final class Connection implements ServerConnection, InterruptableTask<Void> {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] TOO_MANY = whole(Problem.of(
            Status.SERVICE_UNAVAILABLE_503,
            "TooManyConnections",
            "this server has as many connections as it may: try again in a moment"));
    private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final Line line;
    private final ServerConnectionSelector http1;
    private final ServerConnectionSelector http2;
    private final Semaphore places;
    private final Duration requestTimeout;
    private final long sinceNanos = System.nanoTime();
    private volatile @Nullable ServerConnection chosen;
    private volatile @Nullable Thread thread;
    private volatile boolean isRefused;

    Connection(
            Line line,
            ServerConnectionSelector http1,
            ServerConnectionSelector http2,
            Semaphore places,
            Duration requestTimeout) {
        this.places = places;
        this.requestTimeout = requestTimeout;
        this.line = line;
        this.http1 = http1;
        this.http2 = http2;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        thread = Thread.currentThread();
        if (!places.tryAcquire()) {
            refuse();
            return;
        }
        try {
            ServerConnection connection = choose();
            chosen = connection;
            handle(connection, limit);
        } catch (InsufficientDataAvailableException e) {
            throw new CloseConnectionException("the client said nothing", e);
        } finally {
            line.audience().leave();
            places.release();
        }
    }

    private static void handle(ServerConnection connection, Limit limit) throws InterruptedException {
        try {
            connection.handle(limit);
        } catch (IndexOutOfBoundsException
                | IllegalArgumentException
                | IllegalStateException
                | NullPointerException e) {
            // Requests are answered elsewhere. It is what Helidon makes of malformed frames, and logs with a stack
            // trace.
            throw new CloseConnectionException("the client sent what isn't HTTP", e);
        }
    }

    private void refuse() {
        isRefused = true;
        line.dataWriter().write(BufferData.create(TOO_MANY));
        try {
            // Closed on bytes that nobody read, the connection would be reset, and the answer maybe lost.
            line.dataReader().ensureAvailable();
        } catch (InsufficientDataAvailableException e) {
            throw new CloseConnectionException("one connection too many has gone", e);
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

    private static byte[] whole(Problem problem) {
        String head = "HTTP/1.1 " + problem.status().codeText() + " "
                + problem.status().reasonPhrase()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + problem.body().length
                + "\r\nRetry-After: 1\r\nConnection: close\r\n\r\n";
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        answer.writeBytes(problem.body());
        return answer.toByteArray();
    }

    @Override
    public boolean canInterrupt() {
        if (isOverdue()) {
            return true;
        }
        boolean isBetweenRequests = !(chosen instanceof Http1Connection connection) || connection.canInterrupt();
        return isBetweenRequests && line.audience().isServed();
    }

    @Override
    public Duration idleTime() {
        ServerConnection connection = chosen;
        line.audience().hurry(requestTimeout);
        if (isOverdue()) {
            return FOR_EVER;
        }
        if (connection == null) {
            return Duration.ofNanos(System.nanoTime() - sinceNanos);
        }
        return line.audience().isServed() ? connection.idleTime() : Duration.ZERO;
    }

    private boolean isOverdue() {
        if (isRefused) {
            return System.nanoTime() - sinceNanos > LAST_WORDS.toNanos();
        }
        if (!(chosen instanceof Http1Connection connection)) {
            return false;
        }
        boolean isWithinRequest = !connection.canInterrupt();
        return line.arrival().isOverdue(requestTimeout)
                || (isWithinRequest && line.arrival().isRestOverdue(requestTimeout));
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
