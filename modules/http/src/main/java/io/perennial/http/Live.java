package io.perennial.http;

import io.helidon.http.http2.Http2Exception;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.eventstore.Follow;
import io.perennial.eventstore.StorageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/// Answers that stay open, or wait: bounded in number.
final class Live {
    private static final int PAGE_BYTES = 16 * 1024;

    /// What is said for the sake of saying something: an event that clients can see.
    static final Heartbeat EVENTS = clock -> Sse.named("heartbeat", "{\"timestamp\":" + clock.millis() + "}");
    /// The same, and no client sees it.
    static final Heartbeat COMMENTS = _ -> ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Guard guard;
    private final Semaphore free;
    private final Duration heartbeat;
    private final InstantSource clock;
    private final LiveObserver observer;

    /// Writes one live answer, until it has no more to say.
    @FunctionalInterface
    interface Script {
        void play(Stream stream) throws InterruptedException, IOException;
    }

    /// Gives one answer, after a wait that ends when the client goes, or has to.
    @FunctionalInterface
    interface Wait {
        void run(Presence client) throws InterruptedException, IOException;
    }

    /// Makes the frame that is sent where nothing else was for too long.
    @FunctionalInterface
    interface Heartbeat {
        byte[] frame(InstantSource clock);
    }

    /// What a script waits for.
    @FunctionalInterface
    interface News<T> {
        T within(Duration patience) throws InterruptedException;
    }

    /// How much one read of the store brings to an answer that stays open: a client that doesn't take it keeps that in
    /// memory.
    static int pageBytes(HttpConfig config) {
        return Math.min(config.pageBytes(), PAGE_BYTES);
    }

    Live(HttpConfig config, Guard guard, InstantSource clock, LiveObserver observer) {
        this.guard = guard;
        this.free = new Semaphore(config.followers());
        this.heartbeat = config.heartbeat();
        this.clock = clock;
        this.observer = observer;
    }

    /// Answers with events, until the script ends.
    void answer(LiveKind kind, ServerRequest request, ServerResponse response, Heartbeat beat, Script script) {
        answerOnce(kind, request, response, client -> {
            response.header(Names.EVENT_STREAM)
                    .header(Names.NO_CACHE)
                    .header(Names.NO_PROXY_BUFFERING)
                    .header(Names.NO_SNIFFING);
            play(kind, client, response, beat, script);
        });
    }

    /// Answers once, after a wait.
    void answerOnce(LiveKind kind, ServerRequest request, ServerResponse response, Wait wait) {
        if (!free.tryAcquire()) {
            Answers.send(request, response, SessionProblems.tooManyFollowers());
            return;
        }
        observer.begun(kind);
        Presence client = Presence.of(request);
        try (Vigil.Watch _ = guard.watch(request, client)) {
            wait.run(client);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("a live answer was interrupted", e);
        } catch (Presence.Over e) {
            Answers.send(request, response, guard.over(request));
        } catch (IOException e) {
            throw new CloseConnectionException("the client of a live answer has gone", e);
        } finally {
            observer.ended(kind);
            free.release();
        }
    }

    /// Says that so many events are on their way.
    void delivered(LiveKind kind, int events) {
        observer.delivered(kind, events);
    }

    private void play(LiveKind kind, Presence presence, ServerResponse response, Heartbeat beat, Script script)
            throws InterruptedException {
        try (OutputStream out = response.outputStream()) {
            Stream stream = new Stream(kind, presence, out, beat);
            script.play(stream);
            stream.sendUnsent();
        } catch (Presence.Over e) {
            // Its end is a proper one, and who comes back is told why.
        } catch (IOException | UncheckedIOException | Http2Exception e) {
            // The client has gone, or reads no more, which is how most live answers end. Said otherwise, Helidon would
            // log each. Over HTTP/2 it ends the stream, not the connection.
            throw new CloseConnectionException("the client of a live answer has gone", e);
        } catch (StorageException e) {
            // The answer has begun, and can't become an error. The store has logged it.
            throw new CloseConnectionException("the store failed in a live answer", e);
        }
    }

    /// What the script writes to.
    ///
    /// Nothing is kept for a stream that says nothing: a buffer for each follower would be a good part of what an
    /// idle one takes.
    final class Stream {
        private static final int WRITE_BYTES = 64 * 1024;

        private final LiveKind kind;
        private final Presence presence;
        private final OutputStream out;
        private final Heartbeat beat;
        private long lastSaidNanos = System.nanoTime();
        private final List<byte[]> unsent = new ArrayList<>();
        private int unsentBytes;

        private Stream(LiveKind kind, Presence presence, OutputStream out, Heartbeat beat) {
            this.kind = kind;
            this.presence = presence;
            this.out = out;
            this.beat = beat;
        }

        /// Waits for something to say, until a heartbeat is due or the client goes.
        <T> T await(News<T> news) throws InterruptedException, IOException {
            return presence.await(() -> news.within(patience()));
        }

        private Duration patience() {
            Duration quiet = Duration.ofNanos(System.nanoTime() - lastSaidNanos);
            return quiet.compareTo(heartbeat) < 0 ? heartbeat.minus(quiet) : Duration.ZERO;
        }

        /// What comes next, waiting for it. Whatever is there goes out with one write before the wait.
        Follow.Step nextOf(Follow follow) throws InterruptedException, IOException {
            return nextOf(follow, heartbeat);
        }

        /// The same, for at most so long.
        Follow.Step nextOf(Follow follow, Duration mostWait) throws InterruptedException, IOException {
            Follow.Step ready = follow.next(Duration.ZERO);
            if (!(ready instanceof Follow.Step.Idle)) {
                return ready;
            }
            flush();
            return await(patience -> follow.next(patience.compareTo(mostWait) < 0 ? patience : mostWait));
        }

        /// Writes without sending it yet: what is ready together goes out together, unless it is much.
        void write(byte[] frames) throws IOException {
            presence.require();
            if (frames.length > 0) {
                unsent.add(frames);
                unsentBytes += frames.length;
            }
            if (unsentBytes >= WRITE_BYTES) {
                sendUnsent();
            }
        }

        /// The same, for frames that bring events.
        void write(byte[] frames, int events) throws IOException {
            delivered(kind, events);
            write(frames);
        }

        /// Sends what was written, or a heartbeat where nothing was said for long enough.
        void flush() throws IOException {
            if (unsent.isEmpty() && patience().isZero()) {
                write(beat.frame(clock));
            }
            sendUnsent();
        }

        private void sendUnsent() throws IOException {
            if (unsent.isEmpty()) {
                return;
            }
            byte[] frames = unsent.size() == 1 ? unsent.getFirst() : joined();
            unsent.clear();
            unsentBytes = 0;
            out.write(frames);
            out.flush();
            lastSaidNanos = System.nanoTime();
        }

        private byte[] joined() {
            ByteArrayOutputStream frames = new ByteArrayOutputStream(unsentBytes);
            unsent.forEach(frames::writeBytes);
            return frames.toByteArray();
        }

        void send(byte[] frames) throws IOException {
            write(frames);
            flush();
        }
    }
}
