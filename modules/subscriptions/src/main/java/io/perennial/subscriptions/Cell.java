package io.perennial.subscriptions;

import io.perennial.eventstore.Document;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.StreamKey;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

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
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final SubscriptionId id;
    private final SubscriptionSpec spec;
    private final Instant created;
    private final Means means;
    private final Waker waker;
    private final Agenda agenda;

    private final Inbox inbox = new Inbox();
    private final Links links = new Links();
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock, all of them.
    private final Owners owners;
    private State state;
    private Life life = Life.FORMING;
    private boolean isFull;
    private boolean isFailing;

    private enum Life {
        /// It isn't on disk, or not wholly in memory.
        FORMING,
        /// It is kept, and nobody is woken yet.
        KEPT,
        AWAKE,
        GONE
    }

    Cell(SubscriptionId id, SubscriptionJson.Kept kept, Means means) {
        this.id = id;
        this.spec = kept.spec();
        this.created = kept.created();
        this.state = kept.state();
        this.owners = new Owners(id, kept.owners(), means);
        this.means = means;
        this.waker = new Waker(this, means);
        this.agenda = new Agenda(means.executor(), means.alarm(), this::settle);
    }

    SubscriptionId id() {
        return id;
    }

    SubscriptionSpec spec() {
        return spec;
    }

    /// Whether it counts as somebody's.
    boolean isOf(String owner) {
        return owners.areLedBy(owner);
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
            means.shelf().add(id, document(state), first);
            first.forEach(links::put);
            life = Life.KEPT;
        });
    }

    /// Lets it take in news, after [#restore].
    void kept() {
        pass(Life.FORMING, Life.KEPT);
    }

    /// Lets it wake workers, from now on. What an earlier process was calling has failed, also on disk.
    void awake() {
        report(draft -> draft.state(Rules.recovered(
                draft.state(), means.clock().instant(), means.chances().nextDouble())));
        pass(Life.KEPT, Life.AWAKE);
        agenda.soon();
    }

    private void pass(Life from, Life to) {
        locked(() -> life = life == from ? to : life);
    }

    /// Hears of a stream, and takes it in later, in a thread that may block.
    void hear(StreamKey stream, News latest) {
        // A stream that the pattern finds may be about to be linked, so its end matters even where no link is known.
        if (links.knows(stream) || spec.finds(stream)) {
            inbox.add(stream, latest);
            agenda.soon();
        }
    }

    /// Takes in what is new, and does what is due.
    private void settle() {
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
            agenda.in(AGAIN);
        });
    }

    /// Makes a change, and everything that follows from it.
    ///
    /// @param step what is asked; told a draft whose lease has been ended where it was over
    /// @return what the step says; nothing where there is no such subscription any more
    /// @throws StorageException where nothing, or nobody knows what, is on disk; nothing has changed here
    <T> Optional<T> change(Function<Draft, T> step) {
        return locked(() -> life == Life.FORMING || life == Life.GONE ? Optional.empty() : Optional.of(changed(step)));
    }

    private <T> T changed(Function<Draft, T> step) {
        Map<StreamKey, News> taken = inbox.take();
        try {
            Draft draft = new Draft(spec, state, links);
            learn(draft, taken);
            waker.report(draft);
            Instant now = means.clock().instant();
            draft.state(Rules.expire(draft.state(), now, means.chances().nextDouble()));
            T result = step.apply(draft);
            wake(draft, now);
            keep(draft, now);
            return result;
        } catch (RuntimeException e) {
            inbox.putBack(taken);
            throw e;
        }
    }

    private void learn(Draft draft, Map<StreamKey, News> taken) {
        int limit = means.config().links();
        for (Map.Entry<StreamKey, News> one : taken.entrySet()) {
            if (!draft.learn(one.getKey(), one.getValue(), limit) && !isFull) {
                isFull = true;
                means.log().log(
                        Level.WARNING,
                        "subscription.links-full id=" + id + " limit=" + limit + " stream=" + one.getKey());
            }
        }
    }

    private void wake(Draft draft, Instant now) {
        if (life == Life.AWAKE && !waker.isCalling() && owners.areThere()) {
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
        List<Document.Edit> edits = draft.edits(id, document(draft.state()));
        if (!edits.isEmpty()) {
            means.shelf().edit(edits);
        }
        draft.apply();
        state = draft.state();
        waker.reported();
        isFailing = false;
        if (life == Life.AWAKE) {
            act(now);
        }
    }

    private void act(Instant now) {
        Optional<Instant> deadline = Rules.deadline(state, now);
        if (owners.areThere()) {
            waker.act(state);
        } else if (deadline.isEmpty()) {
            // Nobody says when they are back.
            deadline = Optional.of(now.plus(LOOK));
        }
        deadline.ifPresentOrElse(at -> agenda.in(Duration.between(means.clock().instant(), at)), agenda::never);
    }

    /// Works for somebody else, too, where it passes.
    ///
    /// @throws StorageException where nothing, or nobody knows what, is on disk
    Optional<SubscriptionView> adopted(String owner, Subscriptions.Check check) {
        return locked(() -> view(check).map(_ -> {
            List<String> more = owners.with(owner);
            if (!more.equals(owners.ids())) {
                means.shelf().edit(List.of(Shelf.put(id, SubscriptionJson.bytes(created, more, spec, state))));
                owners.are(more);
                agenda.soon();
            }
            return shown();
        }));
    }

    private byte[] document(State state) {
        return SubscriptionJson.bytes(created, owners.ids(), spec, state);
    }

    /// Removes it, where it passes.
    void delete(Subscriptions.Check check) {
        locked(() -> {
            if (life != Life.GONE && life != Life.FORMING) {
                require(check);
                means.shelf().remove(id, links.streams());
                stop();
            }
        });
    }

    /// Does nothing any more, and leaves everything on disk as it is.
    void stop() {
        locked(() -> {
            life = Life.GONE;
            agenda.never();
        });
    }

    /// What a worker is told; of the thread that has the lock.
    List<Link> snapshot() {
        return new Draft(spec, state, links).snapshot(SNAPSHOT_LINKS);
    }

    Optional<StreamKey> firstPending() {
        return locked(links::firstPending);
    }

    Optional<SubscriptionView> view() {
        return view(Subscriptions.Check.NONE);
    }

    Optional<SubscriptionView> view(Subscriptions.Check check) {
        return locked(() -> change(_ -> true).map(_ -> {
            require(check);
            return shown();
        }));
    }

    /// Has it looked at; of the thread that has the lock.
    void require(Subscriptions.Check check) {
        if (!check.equals(Subscriptions.Check.NONE)) {
            check.pass(shown());
        }
    }

    /// Whether a webhook's callback counts: as long as somebody who asked for it is there. Of a worker the token
    /// says who claimed. Of the thread that has the lock.
    boolean isHeard() {
        return !(spec.channel() instanceof Channel.Webhook) || owners.areThere();
    }

    private SubscriptionView shown() {
        return new SubscriptionView(
                id,
                spec,
                created,
                owners.areThere() ? state.status() : SubscriptionView.Status.FAILED,
                links.all().stream().map(LinkView::of).toList());
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
