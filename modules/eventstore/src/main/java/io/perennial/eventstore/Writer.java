package io.perennial.eventstore;

import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.DbExecute;
import io.perennial.bus.Bus;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The one thread that writes. It takes whatever waits, decides and writes it in one transaction, commits, tells the
/// followers, then the callers. A lone append commits at once; a crowd shares one fsync. Nothing waits for company.
///
/// Between groups it tidies up, each piece in a commit of its own: it settles events, reclaims what was deleted,
/// drops what retention doesn't keep, gives free blocks back, and once a second removes what has expired.
///
/// A failed commit whose fate nobody knows ends all writing: what the system's cache holds after a failed fsync need
/// not be what the disk holds, so nothing more is acknowledged until a restart has read the disk again.
final class Writer {
    private static final Logger LOG = System.getLogger(Writer.class.getName());
    private static final int RECLAIMED_CHUNKS = 16;
    private static final int REAPED_STREAMS = 256;
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    // That many events or changed streams, or that many bytes, settle together.
    private static final int SETTLED_EVENTS = 4_096;
    private static final long SETTLED_BYTES = 8L * 1024 * 1024;
    /// More than that don't stay in memory where they can't settle.
    private static final int MOST_UNSETTLED = 8;

    private final Database database;
    private final Bus<Commit> bus;
    private final OffsetGenerator offsets;
    private final Touches touches;
    private final InstantSource clock;
    private final WriteQueue queue;
    private final Committed committed;
    private final Rows rows;
    private final Trimming trimming;
    private final Optional<Chronicle> chronicle;
    private final StoreObserver observer;
    private final Thread thread = Thread.ofPlatform().name("perennial-writer").unstarted(this::run);
    private long lastStream;
    private long lastTickNanos = System.nanoTime();
    private boolean reclaiming = true;
    private boolean shrinking;
    // Why the last commit didn't succeed.
    private volatile Optional<String> failure = Optional.empty();

    /// @param lastStream the greatest stream id given
    Writer(
            Database database,
            Bus<Commit> bus,
            OffsetGenerator offsets,
            Touches touches,
            InstantSource clock,
            WriteQueue queue,
            Committed committed,
            Trimming trimming,
            Optional<Chronicle> chronicle,
            StoreObserver observer,
            long lastStream) {
        this.database = database;
        this.bus = bus;
        this.offsets = offsets;
        this.touches = touches;
        this.clock = clock;
        this.queue = queue;
        this.committed = committed;
        this.rows = new Rows(committed);
        this.trimming = trimming;
        this.chronicle = chronicle;
        this.observer = observer;
        this.lastStream = lastStream;
        thread.start();
    }

    private void run() {
        while (!queue.isStopped()) {
            try {
                round();
            } catch (InterruptedException e) {
                queue.stop("the store's writer was interrupted");
            }
        }
        queue.refuseTheRest();
    }

    private void round() throws InterruptedException {
        long untilTickNanos = lastTickNanos + TICK_NANOS - System.nanoTime();
        boolean isBusy = reclaiming || trimming.isUnderWay() || shrinking;
        List<Request.Writing<?>> requests = queue.take(isBusy ? 0 : TimeUnit.NANOSECONDS.toMillis(untilTickNanos) + 1);
        if (!requests.isEmpty()) {
            write(requests);
        } else if (reclaiming) {
            reclaim();
        } else if (trimming.isUnderWay()) {
            trim();
        } else if (shrinking) {
            shrink();
        }
        if (waits(1)) {
            settle();
            // However many write: what comes in has to be dropped as fast.
            trim();
        }
        if (untilTickNanos <= 0) {
            lastTickNanos = System.nanoTime();
            tick();
        }
    }

    private void write(List<Request.Writing<?>> requests) {
        List<Runnable> answers = new ArrayList<>(requests.size());
        write(requests, group -> requests.forEach(request -> answers.add(request.perform(group))))
                .ifPresent(_ -> answers.forEach(Runnable::run));
    }

    // Returns the group, where it was committed.
    private Optional<Group> write(List<Request.Writing<?>> requests, Consumer<Group> work) {
        Transaction transaction = database.begin();
        Minting minting = new Minting(offsets, lastStream);
        Group group = new Group(transaction, rows, minting, touches, clock, chronicle);
        boolean done = commit(transaction, requests, () -> {
            work.accept(group);
            group.finish();
            committed.begin(Set.copyOf(rows.changed().keySet()));
        });
        if (done) {
            group.publish(committed);
            lastStream = minting.lastStream();
            reclaiming |= group.hasDropped();
            group.report(observer);
            announce(() -> group.announce(bus));
        } else {
            committed.giveUp();
        }
        return done ? Optional.of(group) : Optional.empty();
    }

    // What nobody asked for at this moment: expiry, and the touches that no commit took along.
    private void tick() {
        boolean isRetrying = failure.isPresent() && database.hasRoom();
        boolean isDue = isRetrying || !touches.isEmpty() || hasExpired();
        while (isDue && !queue.isStopped()) {
            isDue = write(List.of(), group -> tidy(group, isRetrying))
                    .map(Group::mayReapMore)
                    .orElse(false);
        }
        trimming.begin();
        shrinking = true;
    }

    // A commit shows that it works again, whether anybody asks for one or not; an empty one would show nothing.
    private static void tidy(Group group, boolean isRetrying) {
        if (isRetrying) {
            group.touchDisk();
        }
        group.reap(REAPED_STREAMS);
    }

    private void trim() {
        trimming.begin();
        try {
            List<Trimming.Trim> trims = trimming.next(database.direct(), committed);
            if (!trims.isEmpty()) {
                write(List.of(), group -> trims.forEach(trim -> trim.perform(group)));
            }
        } catch (RuntimeException | Error e) {
            // Again in the next round, and not at once.
            trimming.end();
            unreadable(e);
        }
    }

    private void shrink() {
        try {
            shrinking = database.hasManyFreeBlocks();
            if (shrinking) {
                database.giveBlocksBack();
            }
        } catch (RuntimeException | Error e) {
            shrinking = false;
            unreadable(e);
        }
    }

    private boolean hasExpired() {
        try {
            return !StreamTable.expired(database.direct(), clock.millis(), 1).isEmpty();
        } catch (RuntimeException | Error e) {
            unreadable(e);
            return false;
        }
    }

    // Whatever it was: without this thread nothing is written any more.
    private void unreadable(Throwable e) {
        refuse(List.of(), new StorageException("the database can't be read: " + Causes.reason(e), e));
    }

    // Whether so many times what settles together waits to settle.
    private boolean waits(int times) {
        Unsettled.Waiting waiting = committed.waiting();
        return waiting.changes() >= (long) times * SETTLED_EVENTS || waiting.bytes() >= times * SETTLED_BYTES;
    }

    // Between two groups, when it pays: once for many events.
    private void settle() {
        Transaction transaction = database.begin();
        if (commit(transaction, List.of(), () -> settle(transaction.execute()))) {
            committed.settle();
        } else if (waits(MOST_UNSETTLED)) {
            queue.stop("events can't be moved to their place, and writing has ended until the server is restarted");
        }
    }

    private void settle(DbExecute execute) {
        ChunkTable.settle(execute, committed.fresh());
        JournalTable.clear(execute);
    }

    // What is on disk stays acknowledged, whatever becomes of the news: a follower that misses it finds it in the
    // store.
    private static void announce(Runnable announcement) {
        try {
            announcement.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "store.announcement-failed", e);
        }
    }

    // One piece, so that whoever waits in the queue waits no longer than for one; at last what had never settled.
    private void reclaim() {
        Transaction transaction = database.begin();
        commit(transaction, List.of(), () -> {
            Optional<Long> stream = ReclaimTable.first(transaction.execute());
            reclaiming = stream.isPresent();
            stream.ifPresent(id -> {
                if (ChunkTable.deleteSome(transaction.execute(), id, RECLAIMED_CHUNKS) < RECLAIMED_CHUNKS) {
                    ReclaimTable.remove(transaction.execute(), id);
                }
            });
        });
        if (!reclaiming && committed.waiting().hasOrphans()) {
            settle();
        }
    }

    private boolean commit(Transaction transaction, List<? extends Request> requests, Runnable writes) {
        try {
            writes.run();
        } catch (RuntimeException | Error e) {
            // Whatever it was, a bug included: nobody may be left waiting.
            rollBack(transaction);
            refuse(
                    requests,
                    Causes.isFull(e)
                            ? new StorageException.DiskFull(e)
                            : new StorageException("the database can't be written: " + Causes.reason(e), e));
            return false;
        }
        long beginNanos = System.nanoTime();
        try {
            transaction.commit();
        } catch (DbClientException e) {
            if (Causes.isFull(e)) {
                refuse(requests, new StorageException.DiskFull(e));
            } else {
                endWriting(requests, e);
            }
            return false;
        } catch (UncheckedIOException e) {
            committed.lose();
            endWriting(requests, e);
            return false;
        }
        if (transaction.hasBegun()) {
            observer.committed(System.nanoTime() - beginNanos);
        }
        if (failure.isPresent()) {
            failure = Optional.empty();
            reclaiming = true;
            LOG.log(Level.INFO, "store.write-recovered");
        }
        return true;
    }

    private void endWriting(List<? extends Request> requests, RuntimeException cause) {
        queue.stop("a commit failed, and writing has ended until the server is restarted: " + Causes.reason(cause));
        refuse(
                requests,
                new StorageException.OutcomeUnknown(
                        "nobody knows whether it is stored: " + Causes.reason(cause), cause));
    }

    // Logged once and not for every request: a full disk refuses thousands a second.
    private void refuse(List<? extends Request> requests, StorageException why) {
        rows.forget();
        // What can't be reclaimed now is tried again after the next commit that succeeds, not at once and for ever.
        reclaiming = false;
        if (failure.isEmpty()) {
            LOG.log(Level.ERROR, "store.write-failed reason=" + why.getMessage());
        }
        failure = Optional.of(String.valueOf(why.getMessage()));
        requests.forEach(request -> request.fail(why));
    }

    private static void rollBack(Transaction transaction) {
        try {
            transaction.rollback();
        } catch (DbClientException e) {
            LOG.log(Level.WARNING, "store.rollback-failed reason=" + Causes.reason(e));
        }
    }

    StoreHealth health() {
        return queue.whyStopped()
                .<StoreHealth>map(StoreHealth.Ended::new)
                .or(() -> failure.map(StoreHealth.Refusing::new))
                .orElseGet(StoreHealth.Writing::new);
    }

    /// Writes what was accepted, then ends.
    void close() throws InterruptedException {
        queue.stopWhenEmpty();
        thread.join();
    }
}
