package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Client.Stored;
import io.perennial.acceptance.EventStream.Frame;
import jakarta.json.JsonNumber;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Follows the stream of a [ChaosWriter], as a client does that was written in an hour: it remembers the last offset
/// that it was told, and comes back with that. Sees to it that every number comes once, in order.
final class ChaosFollower {
    private static final long COME_BACK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Way way;
    private final URI url;
    private final String session;
    private String offset = "-1";
    private long connections;
    private volatile long seen;

    enum Way {
        SSE,
        LONG_POLL,
        SESSION
    }

    ChaosFollower(Way way, URI url, String session) {
        this.way = way;
        this.url = url;
        this.session = session;
    }

    /// Until it has seen so many.
    Void follow(long count) {
        while (seen < count) {
            connections++;
            try {
                switch (way) {
                    case SSE -> sse(count);
                    case LONG_POLL -> longPoll(count);
                    case SESSION -> session(count);
                }
            } catch (IOException e) {
                LockSupport.parkNanos(COME_BACK_NANOS);
            }
        }
        return null;
    }

    long seen() {
        return seen;
    }

    long connections() {
        return connections;
    }

    private void sse(long count) throws IOException {
        frames(path() + "?live=sse&offset=-1", count, frame -> {
            if (frame.type().equals("data")) {
                sawAll(frame.data());
            }
        });
    }

    private void session(long count) throws IOException {
        frames(Client.live(session), count, frame -> {
            if (frame.isMessage()) {
                Stored stored = frame.stored();
                assertTrue(offset.compareTo(stored.offset()) <= 0, () -> stored + " after " + offset);
                saw(((JsonNumber) stored.event()).longValueExact());
            }
        });
    }

    // What an EventSource does.
    private void frames(String target, long count, Consumer<Frame> saw) throws IOException {
        Optional<EventStream> opened =
                EventStream.openUnlessStopping(url, target, "Last-Event-ID", offset.equals("-1") ? "" : offset);
        if (opened.isEmpty()) {
            return;
        }
        try (EventStream stream = opened.get()) {
            while (seen < count) {
                Optional<Frame> frame = stream.nextOrEnd();
                if (frame.isEmpty()) {
                    return;
                }
                saw.accept(frame.get());
                goOnFrom(frame.get().id());
            }
        }
    }

    private void longPoll(long count) throws IOException {
        try (Wire wire = Wire.connect(url)) {
            while (seen < count) {
                wire.send(Wire.request("GET", path() + "?live=long-poll&offset=" + offset));
                Wire.Answer answer = wire.answer();
                if (answer.status() >= 500) {
                    return;
                }
                if (answer.status() == 200) {
                    sawAll(answer.body());
                } else {
                    assertEquals(204, answer.status(), answer.body());
                }
                goOnFrom(answer.head().header("Stream-Next-Offset"));
            }
        }
    }

    private String path() {
        return "/v1/stream/sessions/" + session;
    }

    private void sawAll(String array) {
        Client.json(array).asJsonArray().getValuesAs(JsonNumber.class).forEach(number -> saw(number.longValueExact()));
    }

    private void saw(long number) {
        assertEquals(seen, number, () -> "a follower by " + way + " of " + session + " from " + offset);
        seen = number + 1;
    }

    // A heartbeat says nothing of it.
    private void goOnFrom(String next) {
        if (!next.isEmpty() && !next.equals("-1")) {
            assertTrue(offset.compareTo(next) <= 0, () -> way + " was sent back from " + offset + " to " + next);
            offset = next;
        }
    }
}
