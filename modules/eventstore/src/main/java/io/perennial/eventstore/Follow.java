package io.perennial.eventstore;

import io.perennial.bus.Delivery;
import io.perennial.bus.Subscription;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// A reader that stays: it catches up from where it was told to begin, then gives what comes, every event once and in
/// order.
///
/// It listens to the bus before it reads the store, so nothing falls between the two; what it hears twice shows by its
/// offset. The store is the truth and the bus a doorbell that carries the news along:
///
/// - a commit that begins where the follower stands is given as it is,
/// - one that ends there or earlier was read already, and is skipped,
/// - anything else, and a lag of the bus, sends it back to the store.
///
/// For one thread, but [#close] may come from any.
public final class Follow implements AutoCloseable {
    private final EventStore store;
    private final StreamKey stream;
    private final int pageBytes;
    private final Subscription<Commit> subscription;
    private final Deque<Commit> heard = new ArrayDeque<>();
    private ReadFrom cursor;
    private Standing standing = Standing.NEW;
    private boolean absenceSaid;

    private enum Standing {
        /// Nothing was given yet.
        NEW,
        /// The store has more than was given.
        BEHIND,
        /// All that the store had was given.
        AT_TAIL,
        /// There is no stream.
        ABSENT
    }

    /// What a wait brought.
    public sealed interface Step {
        /// Events, in order and without a gap to the ones before. The first page may be empty, and so is one that
        /// says that the stream was closed.
        record Next(Page page) implements Step {}

        /// There is no such stream. Said once; later calls wait for it to be born, and follow it from its start.
        record Absent() implements Step {}

        /// The stream was deleted, and is kept only for its forks.
        record SoftDeleted() implements Step {}

        /// Retention dropped events that this follower had not read.
        record Trimmed(Offset earliest) implements Step {}

        /// Nothing came in the time.
        record Idle() implements Step {}

        /// The bus was closed, or this follower was.
        record Ended() implements Step {}
    }

    Follow(EventStore store, Subscription<Commit> subscription, StreamKey stream, ReadFrom from, int pageBytes) {
        this.store = store;
        this.subscription = subscription;
        this.stream = stream;
        this.cursor = from;
        this.pageBytes = pageBytes;
    }

    /// Gives what comes next, waiting for it where nothing is there.
    ///
    /// @param wait the longest wait; zero asks for what is there
    public Step next(Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        while (true) {
            if (standing == Standing.NEW || standing == Standing.BEHIND) {
                Step step = read();
                if (!(step instanceof Step.Idle)) {
                    return step;
                }
            }
            while (!heard.isEmpty()) {
                Step step = hear(heard.removeFirst());
                if (!(step instanceof Step.Idle)) {
                    return step;
                }
            }
            switch (subscription.await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
                case Delivery.Messages<Commit>(var commits) -> heard.addAll(commits);
                case Delivery.Lagged<Commit> _ -> standing = Standing.BEHIND;
                case Delivery.Idle<Commit> _ -> {
                    return new Step.Idle();
                }
                case Delivery.Closed<Commit> _ -> {
                    return new Step.Ended();
                }
            }
        }
    }

    private Step read() {
        return switch (store.read(stream, cursor, pageBytes)) {
            case ReadOutcome.Read(StreamInfo _, Page page) -> {
                boolean first = standing == Standing.NEW || absenceSaid;
                absenceSaid = false;
                cursor = new ReadFrom.At(page.next());
                standing = page.ending() == Ending.MORE ? Standing.BEHIND : Standing.AT_TAIL;
                boolean news = first || !page.events().isEmpty() || page.ending() == Ending.CLOSED;
                yield news ? new Step.Next(page) : new Step.Idle();
            }
            case ReadOutcome.Absent _ -> absent();
            case ReadOutcome.SoftDeleted _ -> new Step.SoftDeleted();
            case ReadOutcome.Trimmed(Offset earliest) -> new Step.Trimmed(earliest);
        };
    }

    private Step hear(Commit commit) {
        return switch (commit) {
            case Commit.Deleted _ -> absent();
            case Commit.Appended(StreamKey _, ContentType _, Offset from, Page page) -> {
                if (standing == Standing.ABSENT) {
                    standing = Standing.BEHIND;
                    yield read();
                }
                Offset here = ((ReadFrom.At) cursor).offset();
                if (from.equals(here)) {
                    cursor = new ReadFrom.At(page.next());
                    yield new Step.Next(page);
                }
                yield page.next().compareTo(here) <= 0 && page.ending() != Ending.CLOSED ? new Step.Idle() : read();
            }
        };
    }

    // Whatever comes is new to a follower that found nothing, wherever it had meant to begin.
    private Step absent() {
        cursor = ReadFrom.START;
        standing = Standing.ABSENT;
        if (absenceSaid) {
            return new Step.Idle();
        }
        absenceSaid = true;
        return new Step.Absent();
    }

    /// Stops listening; a call of [#next] under way returns [Step.Ended].
    @Override
    public void close() {
        subscription.close();
    }
}
