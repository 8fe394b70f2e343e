package io.perennial.http;

import io.helidon.webserver.CloseConnectionException;
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

    Live(HttpConfig config, InstantSource clock) {
        this.free = new Semaphore(config.followers());
        this.heartbeat = config.heartbeat();
        this.clock = clock;
    }

    void answer(ServerResponse response, Script script) {
        if (!free.tryAcquire()) {
            Answers.send(response, SessionProblems.tooManyFollowers());
            return;
        }
        try {
            response.header(Names.EVENT_STREAM)
                    .header(Names.NO_STORE)
                    .header(Names.NO_PROXY_BUFFERING)
                    .header(Names.NO_SNIFFING);
            play(response, script);
        } finally {
            free.release();
        }
    }

    private void play(ServerResponse response, Script script) {
        try (OutputStream out = response.outputStream()) {
            script.play(new Stream(out));
        } catch (IOException | UncheckedIOException e) {
            // The client has gone, which is how most live answers end. Said otherwise, Helidon would log each.
            throw new CloseConnectionException("the client of a live answer has gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("a live answer was interrupted", e);
        }
    }

    /// What the script writes to.
    final class Stream {
        private final OutputStream out;

        private Stream(OutputStream out) {
            this.out = out;
        }

        /// How long the script may wait for something to say before it sends a heartbeat.
        Duration patience() {
            return heartbeat;
        }

        /// Writes without sending it yet: what is ready together goes out together.
        void write(byte[] frames) throws IOException {
            out.write(frames);
        }

        void flush() throws IOException {
            out.flush();
        }

        void send(byte[] frames) throws IOException {
            write(frames);
            flush();
        }

        void heartbeat() throws IOException {
            send(Sse.named("heartbeat", "{\"timestamp\":" + clock.millis() + "}"));
        }
    }
}
