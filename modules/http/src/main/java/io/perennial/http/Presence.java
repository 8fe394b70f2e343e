package io.perennial.http;

import io.helidon.http.http2.FlowControl;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// Whether the client of one request still waits for the answer.
///
/// Over HTTP/1.1 nothing tells, and a write that fails is the first sign. Over HTTP/2 a client resets its stream,
/// or its connection ends, while the thread that answers waits for something else: Helidon 4.1 tells it neither,
/// and it would wait for ever, or write for ever to a stream that nobody reads. Here it is interrupted, but only
/// in [#await]: a virtual thread that is interrupted while it writes closes its socket, and with it every other
/// stream of the connection.
final class Presence {
    private final Transit transit;
    private @Nullable Thread waiting;
    private boolean gone;
    private boolean over;
    private boolean isLate;
    private long bodyNanos;
    private boolean awaitsBody;
    private volatile FlowControl.@Nullable Outbound windows;

    /// The client may no longer have what it waits for.
    static final class Over extends IOException {
        private static final long serialVersionUID = 1L;

        Over() {
            super("the caller's time is over");
        }
    }

    /// What is waited for.
    @FunctionalInterface
    interface Wait<T> {
        T come() throws InterruptedException, IOException;
    }

    Presence(Transit transit) {
        this.transit = transit;
    }

    static Presence of(ServerRequest request) {
        return request.remotePeer() instanceof Audience audience
                ? audience.presence(request.id())
                : new Presence(new Transit(Long.MAX_VALUE));
    }

    Transit transit() {
        return transit;
    }

    void grants(FlowControl.Outbound windows) {
        this.windows = windows;
    }

    /// Keeps an answer within what the client granted.
    OutputStream granted(OutputStream out, Lock oneAtATime) {
        FlowControl.Outbound known = windows;
        return known == null ? out : new Granted(this, out, known, oneAtATime);
    }

    synchronized void leave() {
        gone = true;
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    /// Ends the wait of a caller whose time is over.
    synchronized void expire() {
        over = true;
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    synchronized boolean isGone() {
        return gone;
    }

    /// As [#await], for the rest of a request: for that there is a time in which it has to come.
    <T> T awaitBody(Wait<T> wait) throws InterruptedException, IOException {
        expectBody(true);
        try {
            return await(wait);
        } finally {
            expectBody(false);
        }
    }

    private synchronized void expectBody(boolean expected) {
        bodyNanos = System.nanoTime();
        awaitsBody = expected;
    }

    /// Ends the wait for a body that takes longer.
    synchronized void hurry(Duration most) {
        if (awaitsBody && waiting != null && System.nanoTime() - bodyNanos > most.toNanos()) {
            isLate = true;
            waiting.interrupt();
        }
    }

    synchronized boolean isLate() {
        return isLate;
    }

    /// Waits, but not for longer than the client does.
    ///
    /// @throws IOException the client has gone
    <T> T await(Wait<T> wait) throws InterruptedException, IOException {
        begin();
        try {
            T come = wait.come();
            // What came after the client had gone may have been cut short by it, such as a body.
            require();
            return come;
        } catch (InterruptedException | RuntimeException e) {
            // Helidon has exceptions of its own for an interrupt.
            require();
            throw e;
        } finally {
            end();
        }
    }

    /// @throws Over the caller's time is over
    /// @throws IOException the client has gone
    synchronized void require() throws IOException {
        if (gone) {
            throw new IOException("the client has gone");
        }
        if (over) {
            throw new Over();
        }
    }

    private synchronized void begin() throws IOException {
        require();
        waiting = Thread.currentThread();
    }

    private synchronized void end() {
        waiting = null;
        if (gone || over || isLate) {
            // It was meant for the wait, and may come too late for it.
            Thread.interrupted();
        }
    }
}
