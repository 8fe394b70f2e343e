package io.perennial.http;

import io.helidon.http.http2.Http2Exception;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;

/// Answers that stay open: SSE, bounded in number.
final class Live {
    private final Semaphore free;
    private final Duration heartbeat;
    private final InstantSource clock;

    /// Writes one live answer, until it has no more to say.
    @FunctionalInterface
    interface Script {
        void play(Stream stream) throws InterruptedException, IOException;
    }

    /// What a script waits for.
    @FunctionalInterface
    interface News<T> {
        T within(Duration patience) throws InterruptedException;
    }

    Live(HttpConfig config, InstantSource clock) {
        this.free = new Semaphore(config.followers());
        this.heartbeat = config.heartbeat();
        this.clock = clock;
    }

    void answer(ServerRequest request, ServerResponse response, Script script) {
        if (!free.tryAcquire()) {
            Answers.send(request, response, SessionProblems.tooManyFollowers());
            return;
        }
        try {
            response.header(Names.EVENT_STREAM)
                    .header(Names.NO_STORE)
                    .header(Names.NO_PROXY_BUFFERING)
                    .header(Names.NO_SNIFFING);
            play(Presence.of(request), response, script);
        } finally {
            free.release();
        }
    }

    private void play(Presence presence, ServerResponse response, Script script) {
        try (OutputStream out = response.outputStream()) {
            script.play(new Stream(presence, out));
        } catch (IOException | UncheckedIOException | Http2Exception e) {
            // The client has gone, or reads no more, which is how most live answers end. Said otherwise, Helidon would
            // log each. Over HTTP/2 it ends the stream, not the connection.
            throw new CloseConnectionException("the client of a live answer has gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("a live answer was interrupted", e);
        }
    }

    /// What the script writes to.
    final class Stream {
        private final Presence presence;
        private final OutputStream out;
        private long lastSaidNanos = System.nanoTime();
        private boolean written;

        private Stream(Presence presence, OutputStream out) {
            this.presence = presence;
            this.out = out;
        }

        /// Waits for something to say, until a heartbeat is due or the client goes.
        <T> T await(News<T> news) throws InterruptedException, IOException {
            return presence.await(() -> news.within(patience()));
        }

        private Duration patience() {
            Duration quiet = Duration.ofNanos(System.nanoTime() - lastSaidNanos);
            return quiet.compareTo(heartbeat) < 0 ? heartbeat.minus(quiet) : Duration.ZERO;
        }

        /// Writes without sending it yet: what is ready together goes out together.
        void write(byte[] frames) throws IOException {
            presence.require();
            if (frames.length > 0) {
                written = true;
                out.write(frames);
            }
        }

        /// Sends what was written, or a heartbeat where nothing was said for long enough.
        void flush() throws IOException {
            if (!written && patience().isZero()) {
                write(Sse.named("heartbeat", "{\"timestamp\":" + clock.millis() + "}"));
            }
            if (written) {
                out.flush();
                written = false;
                lastSaidNanos = System.nanoTime();
            }
        }

        void send(byte[] frames) throws IOException {
            write(frames);
            flush();
        }
    }
}
