package io.perennial.subscriptions;

import io.perennial.eventstore.Document;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.StreamKey;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/// One subscription in memory. Thread-safe.
///
/// Every change goes the same way, one at a time: take in the news, end a lease that is over, do what was asked, make a
/// wake of what is pending; write all of it down; and only then let it be true, and act on it. So memory never knows
/// more than the disk, and whatever fails is as if it had not been tried: the news is put back, and tried again.
///
/// What is done about a state, calling a webhook or announcing a wake, follows from the state alone, and is done
/// whenever the state asks for it and isn't being done: that is all there is to going on after a restart.
final class Cell {
    /// How many streams a worker is told of at once.
    static final int SNAPSHOT_LINKS = 1000;

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final SubscriptionId id;
    private final SubscriptionSpec spec;
    private final Instant created;
    private final Means means;
    private final Waker waker;

    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final Links links = new Links();
    private final Inbox inbox;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock, all of them.
    private State state;
    private Life life = Life.FORMING;
    private final Reminder reminder;
    private boolean isFailing;

    private enum Life {
        /// It isn't on disk, or not wholly in memory.
        FORMING,
        /// It is kept, and nobody is woken yet.
        KEPT,
        AWAKE,
        GONE
    }

    Cell(SubscriptionId id, SubscriptionSpec spec, Instant created, State state, Means means) {
        this.id = id;
        this.spec = spec;
        this.created = created;
        this.state = state;
        this.means = means;
        this.waker = new Waker(this, means);
        this.inbox = new Inbox(spec, links, means.config().links());
        this.reminder = new Reminder(means.alarm(), this::schedule);
    }

    SubscriptionId id() {
        return id;
    }

    SubscriptionSpec spec() {
        return spec;
    }

    /// The streams that it is linked to at this moment, more or less.
    List<StreamKey> streams() {
        return List.copyOf(links.streams());
    }

    Optional<Link> find(StreamKey stream) {
        return links.find(stream);
    }

    /// Brings back what was on disk.
    void restore(Link link) {
        locked(() -> links.put(link));
    }

    /// Writes a new subscription down, with its first links.
    ///
    /// @throws StorageException where nothing, or nobody knows what, is on disk
    void create(List<Link> first) {
        locked(() -> {
            List<Document.Edit> edits = new ArrayList<>();
            first.forEach(link -> edits.add(Shelf.put(id, link)));
            edits.add(Shelf.put(id, SubscriptionJson.bytes(created, spec, state)));
            means.shelf().edit(edits);
            first.forEach(links::put);
            life = Life.KEPT;
        });
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /// Lets it take in news, after [#restore].
    void kept() {
        pass(Life.FORMING, Life.KEPT);
    }

    /// Lets it wake workers, from now on. A webhook that another process was calling is one of which nobody hears.
    void awake() {
        Instant now = means.clock().instant();
        double chance = means.chances().nextDouble();
        pass(Life.KEPT, Life.AWAKE);
        locked(() -> waker.known(draft -> draft.state(Rules.recovered(draft.state(), now, chance))));
        schedule();
    }

    private void pass(Life from, Life to) {
        locked(() -> life = life == from ? to : life);
    }

    /// Hears of a stream, and takes it in later, in a thread that may block.
    void hear(StreamKey stream, News latest) {
        if (inbox.isConcernedBy(stream)) {
            inbox.add(stream, latest);
            schedule();
        }
    }

    /// Looks after itself soon.
    void schedule() {
        if (isScheduled.compareAndSet(false, true)) {
            try {
                means.executor().execute(this::settle);
            } catch (RejectedExecutionException _) {
                // The server stops; the next one looks for itself.
            }
        }
    }

    private void settle() {
        isScheduled.set(false);
        try {
            change(_ -> true);
        } catch (StorageException e) {
            failed(e);
        }
    }

    /// Makes a change of what became of a call, now or as soon as the disk takes it.
    void report(Consumer<Draft> outcome) {
        locked(() -> waker.known(outcome));
        settle();
    }

    private void failed(StorageException e) {
        locked(() -> {
            if (!isFailing) {
                means.log().log(Level.WARNING, "subscription.storage-failed id=" + id + " reason=" + e.getMessage());
            }
            isFailing = true;
            reminder.in(AGAIN);
        });
    }

    /// Makes a change, and everything that follows from it.
    ///
    /// @param step what is asked; told a draft whose lease has been ended where it was over
    /// @return what the step says; nothing where there is no such subscription any more
    /// @throws StorageException where nothing, or nobody knows what, is on disk; nothing has changed here
    <T> Optional<T> change(Function<Draft, T> step) {
        lock.lock();
        try {
            if (life == Life.FORMING || life == Life.GONE) {
                return Optional.empty();
            }
            Map<StreamKey, News> taken = inbox.take();
            try {
                Draft draft = new Draft(spec, state, links);
                inbox.tell(draft, taken).ifPresent(this::full);
                waker.report(draft);
                Instant now = means.clock().instant();
                draft.state(Rules.expire(draft.state(), now, means.chances().nextDouble()));
                T result = step.apply(draft);
                wake(draft, now);
                keep(draft, now);
                return Optional.of(result);
            } catch (RuntimeException e) {
                inbox.putBack(taken);
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }

    private void full(StreamKey stream) {
        int limit = means.config().links();
        means.log().log(Level.WARNING, "subscription.links-full id=" + id + " limit=" + limit + " stream=" + stream);
    }

    private void wake(Draft draft, Instant now) {
        if (life == Life.AWAKE && !waker.isCalling()) {
            draft.state(Rules.wake(
                    draft.state(),
                    spec.channel(),
                    spec.leaseTtl(),
                    draft.isPending(),
                    now,
                    means.wakeIds().get()));
        }
    }

    private void keep(Draft draft, Instant now) {
        List<Document.Edit> edits = draft.edits(id, SubscriptionJson.bytes(created, spec, draft.state()));
        if (!edits.isEmpty()) {
            means.shelf().edit(edits);
        }
        draft.apply();
        state = draft.state();
        waker.reported();
        isFailing = false;
        if (life == Life.AWAKE) {
            waker.act(state);
            Rules.deadline(state, now)
                    .ifPresentOrElse(
                            at -> reminder.in(Duration.between(means.clock().instant(), at)), reminder::cancel);
        }
    }

    /// Removes it.
    ///
    /// @throws StorageException where nothing, or nobody knows what, has changed on disk
    void delete() {
        locked(() -> {
            List<Document.Edit> edits = new ArrayList<>();
            edits.add(Shelf.remove(id));
            links.streams().forEach(stream -> edits.add(Shelf.remove(id, stream)));
            means.shelf().edit(edits);
            life = Life.GONE;
            reminder.cancel();
        });
    }

    /// Does nothing any more, and leaves everything on disk as it is.
    void stop() {
        locked(() -> {
            life = Life.GONE;
            reminder.cancel();
        });
    }

    /// What a worker is told; of the thread that has the lock.
    List<Link> snapshot() {
        return new Draft(spec, state, links).snapshot(SNAPSHOT_LINKS);
    }

    Optional<StreamKey> firstPending() {
        lock.lock();
        try {
            return links.firstPending();
        } finally {
            lock.unlock();
        }
    }

    Optional<SubscriptionView> view() {
        lock.lock();
        try {
            return change(_ -> true)
                    .map(_ -> new SubscriptionView(
                            id,
                            spec,
                            created,
                            status(),
                            links.all().stream().map(LinkView::of).toList()));
        } finally {
            lock.unlock();
        }
    }

    private SubscriptionView.Status status() {
        return state.retry() instanceof Retry.Waiting ? SubscriptionView.Status.FAILED : SubscriptionView.Status.ACTIVE;
    }
}
