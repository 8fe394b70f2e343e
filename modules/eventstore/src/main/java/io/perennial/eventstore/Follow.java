package io.perennial.eventstore;

import io.perennial.bus.Delivery;
import io.perennial.bus.Subscription;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

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
    private final Pages pages;
    private final StreamKey stream;
    private final int pageBytes;
    private final Subscription<Commit> subscription;
    private final Touches.Hold hold;
    private final Deque<Commit> heard = new ArrayDeque<>();
    private ReadFrom cursor;
    // The creation ULID of the stream that is followed. One of the same name that comes after it is another stream.
    private Optional<Offset> life = Optional.empty();
    // The store may have more than was given.
    private boolean isBehind = true;
    private boolean absenceSaid;
    private boolean closureSaid;
    private volatile Lifetime lifetime = Lifetime.UNLIMITED;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Where it reads.
    @FunctionalInterface
    interface Pages {
        ReadOutcome read(StreamKey stream, ReadFrom from, int pageBytes);
    }

    /// What a wait brought.
    public sealed interface Step {
        /// Events, in order and without a gap to the ones before. The first page may be empty, and so is one that
        /// says that the stream was closed.
        ///
        /// @param contentType the stream's
        record Next(Page page, ContentType contentType) implements Step {}

        /// There is no such stream, or no longer. Said once; later calls wait for it to be born, and follow it from its
        /// start.
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

    Follow(
            Pages pages,
            Subscription<Commit> subscription,
            Touches.Hold hold,
            StreamKey stream,
            ReadFrom from,
            int pageBytes) {
        this.pages = pages;
        this.subscription = subscription;
        this.hold = hold;
        this.stream = stream;
        this.cursor = from;
        this.pageBytes = pageBytes;
    }

    /// Gives what comes next, waiting for it where nothing is there.
    ///
    /// @param wait the longest wait; zero asks for what is there
    public Step next(Duration wait) throws InterruptedException {
        long begin = System.nanoTime();
        long waitNanos = TimeUnit.NANOSECONDS.convert(wait);
        while (!closed.get()) {
            Optional<Step> known = known();
            if (known.isPresent()) {
                return known.get();
            }
            long leftNanos = Math.max(0, waitNanos - (System.nanoTime() - begin));
            switch (subscription.await(Duration.ofNanos(leftNanos))) {
                case Delivery.Messages<Commit>(var commits) -> heard.addAll(commits);
                case Delivery.Lagged<Commit> _ -> isBehind = true;
                case Delivery.Idle<Commit> _ -> {
                    return new Step.Idle();
                }
                case Delivery.Closed<Commit> _ -> {
                    return new Step.Ended();
                }
            }
        }
        return new Step.Ended();
    }

    // What the store, or what was heard already, has to say.
    private Optional<Step> known() {
        Optional<Step> step = Optional.empty();
        while (step.isEmpty() && (isBehind || !heard.isEmpty())) {
            step = isBehind ? read() : hear(heard.removeFirst());
        }
        return step;
    }

    private Optional<Step> read() {
        return switch (pages.read(stream, cursor, pageBytes)) {
            case ReadOutcome.Read(StreamInfo info, Page _) when isAnotherLife(info.created()) -> absent();
            case ReadOutcome.Read(StreamInfo info, Page page) -> {
                hold.begin();
                boolean first = life.isEmpty();
                absenceSaid = false;
                life = Optional.of(info.created());
                lifetime = info.lifetime();
                isBehind = page.ending() == Ending.MORE;
                boolean isNews = first || !page.events().isEmpty() || (page.ending() == Ending.CLOSED && !closureSaid);
                Step step = next(page, info.contentType());
                yield isNews ? Optional.of(step) : Optional.empty();
            }
            case ReadOutcome.Absent _ -> {
                isBehind = false;
                yield absent();
            }
            case ReadOutcome.SoftDeleted _ -> Optional.of(new Step.SoftDeleted());
            case ReadOutcome.Trimmed(Offset earliest) -> Optional.of(new Step.Trimmed(earliest));
        };
    }

    private Optional<Step> hear(Commit commit) {
        return switch (commit) {
            case Commit.Deleted(StreamKey _, Offset created) -> isOf(created) ? absent() : Optional.empty();
            case Commit.Appended(StreamKey _, Offset created, ContentType type, Offset from, Page page) -> {
                boolean isOld = life.isPresent() && created.isBefore(life.get());
                if (isOld || (isOf(created) && closureSaid)) {
                    yield Optional.empty();
                }
                if (isOf(created) && from.equals(((ReadFrom.At) cursor).offset())) {
                    yield Optional.of(next(page, type));
                }
                // What was read already ends where this follower stands, or before.
                isBehind = !isOf(created) || ((ReadFrom.At) cursor).offset().isBefore(page.next());
                yield Optional.empty();
            }
        };
    }

    private Step next(Page page, ContentType contentType) {
        cursor = new ReadFrom.At(page.next());
        closureSaid = page.ending() == Ending.CLOSED;
        return new Step.Next(page, contentType);
    }

    private boolean isOf(Offset created) {
        return life.isPresent() && life.get().equals(created);
    }

    private boolean isAnotherLife(Offset created) {
        return life.isPresent() && !life.get().equals(created);
    }

    // Whatever comes is new to a follower that found nothing, wherever it had meant to begin.
    private Optional<Step> absent() {
        cursor = ReadFrom.START;
        life = Optional.empty();
        closureSaid = false;
        if (absenceSaid) {
            return Optional.empty();
        }
        absenceSaid = true;
        return Optional.of(new Step.Absent());
    }

    /// How long the stream that is followed lives, unlimited as long as none was found.
    public Lifetime lifetime() {
        return lifetime;
    }

    /// Stops listening; a call of [#next] under way returns [Step.Ended].
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            subscription.close();
            hold.end(lifetime);
        }
    }
}
