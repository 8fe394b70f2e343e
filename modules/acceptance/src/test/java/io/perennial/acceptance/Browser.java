package io.perennial.acceptance;

import io.perennial.acceptance.Client.Stored;
import io.perennial.acceptance.EventStream.Frame;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// What a browser's `EventSource` does: it comes back after every end, and says the id of the last whole event it saw.
final class Browser implements AutoCloseable {
    private static final long COME_BACK_NANOS = Duration.ofMillis(10).toNanos();

    private final Supplier<URI> url;
    private final String path;
    private final List<Stored> events = new ArrayList<>();
    private Optional<AssertionError> failure = Optional.empty();
    private String lastEventId = "";
    private int connections;
    private int timesCaughtUp;
    private volatile boolean closed;

    private Browser(Supplier<URI> url, String path) {
        this.url = url;
        this.path = path;
    }

    /// @param url asked again for each connection
    static Browser follow(Supplier<URI> url, String session) {
        Browser browser = new Browser(url, Client.live(session));
        Thread.ofVirtual().start(browser::run);
        return browser;
    }

    private void run() {
        while (!closed) {
            try (EventStream stream = connect()) {
                read(stream);
            } catch (IOException e) {
                // Comes back, as after a proper end.
            } catch (AssertionError e) {
                fail(e);
                return;
            }
            LockSupport.parkNanos(COME_BACK_NANOS);
        }
    }

    private EventStream connect() throws IOException {
        return lastEventId.isEmpty()
                ? EventStream.open(url.get(), path)
                : EventStream.open(url.get(), path, "Last-Event-ID", lastEventId);
    }

    private void read(EventStream stream) throws IOException {
        boolean caughtUp = false;
        synchronized (this) {
            connections++;
        }
        for (Optional<Frame> next = stream.nextOrEnd(); next.isPresent(); next = stream.nextOrEnd()) {
            Frame frame = next.get();
            if (frame.isMessage()) {
                saw(frame);
            } else if (frame.type().equals("catch-up-complete")) {
                if (caughtUp) {
                    throw new AssertionError("catch-up-complete twice on one connection");
                }
                caughtUp = true;
                sawCatchUpComplete();
            }
        }
    }

    private synchronized void saw(Frame frame) {
        lastEventId = frame.id();
        events.add(frame.stored());
    }

    private synchronized void sawCatchUpComplete() {
        timesCaughtUp++;
    }

    private synchronized void fail(AssertionError error) {
        failure = Optional.of(error);
    }

    /// Everything that was seen, by now.
    synchronized List<Stored> events() {
        failWhereItGaveUp();
        return List.copyOf(events);
    }

    private synchronized void failWhereItGaveUp() {
        failure.ifPresent(error -> {
            throw new AssertionError("the browser gave up", error);
        });
    }

    synchronized int connections() {
        return connections;
    }

    synchronized int timesCaughtUp() {
        return timesCaughtUp;
    }

    void awaitEvents(int count) throws Exception {
        Eventually.holds(count + " events at a browser", () -> events().size() >= count);
    }

    void awaitCaughtUp(int times) throws Exception {
        Eventually.holds("caught up " + times + " times", () -> {
            failWhereItGaveUp();
            return timesCaughtUp() >= times;
        });
    }

    @Override
    public void close() {
        closed = true;
    }
}
