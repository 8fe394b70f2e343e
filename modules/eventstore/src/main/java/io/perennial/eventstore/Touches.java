package io.perennial.eventstore;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// When streams with a sliding lifetime were last read or written, and which are being followed: what the disk doesn't
/// know yet. A touch costs no commit of its own but rides the next one, or that of the writer's next tick.
///
/// Nobody could reach a stream while the store was closed: that time counts for none.
///
/// A reader asks for the last touch *before* it takes its snapshot of the disk. A touch leaves here only after the
/// commit that carries it, so whoever doesn't find it here finds it there.
///
/// Thread-safe.
final class Touches {
    private final InstantSource clock;
    private final long openedMillis;
    private final Map<StreamKey, Long> touched = new ConcurrentHashMap<>();
    private final Map<StreamKey, Integer> followers = new ConcurrentHashMap<>();

    Touches(InstantSource clock) {
        this.clock = clock;
        this.openedMillis = clock.millis();
    }

    void touch(StreamKey stream) {
        touch(stream, clock.millis());
    }

    void touch(StreamKey stream, long millis) {
        touched.merge(stream, millis, Math::max);
    }

    /// The last touch as far as it isn't on disk; of one that is followed, now.
    long lastMillis(StreamKey stream) {
        return followers.containsKey(stream) ? clock.millis() : touched.getOrDefault(stream, openedMillis);
    }

    /// What keeps a stream alive for one follower, once it has begun.
    Hold follow(StreamKey stream) {
        return new Hold(stream);
    }

    /// Begins when the follower has found the stream alive, and not before: what has expired isn't brought back by
    /// somebody who asks for it. Safe to end while it begins.
    final class Hold {
        private final StreamKey stream;
        private State state = State.WAITING;
        private long begunMillis;

        private enum State {
            WAITING,
            BEGUN,
            ENDED
        }

        private Hold(StreamKey stream) {
            this.stream = stream;
        }

        /// Again and again is fine.
        synchronized void begin() {
            if (state == State.WAITING) {
                state = State.BEGUN;
                begunMillis = clock.millis();
                followers.merge(stream, 1, Integer::sum);
            }
        }

        /// Ends it, once and for all. Where nothing but that kept the stream alive at the end, the end counts as a
        /// read: its other readers are on their way back.
        synchronized void end(Lifetime lifetime) {
            if (state == State.BEGUN) {
                if (lifetime instanceof Lifetime.Sliding(long seconds)
                        && clock.millis() >= begunMillis + seconds * 1_000) {
                    touch(stream);
                }
                followers.computeIfPresent(stream, (_, count) -> count == 1 ? null : count - 1);
            }
            state = State.ENDED;
        }
    }

    boolean isEmpty() {
        return touched.isEmpty();
    }

    /// Some of those that the disk doesn't know yet.
    List<Map.Entry<StreamKey, Long>> some(int most) {
        return touched.entrySet().stream()
                .limit(most)
                .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                .toList();
    }

    /// Forgets what is on disk now.
    void forget(List<Map.Entry<StreamKey, Long>> written) {
        written.forEach(touch -> touched.remove(touch.getKey(), touch.getValue()));
    }
}
