package io.perennial.eventstore;

import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.DbExecute;
import io.perennial.bus.Bus;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The one thread that writes. It takes whatever waits, decides and writes it in one transaction, commits, tells the
/// followers, then the callers. A lone append commits at once; a crowd shares one fsync. Nothing waits for company.
///
/// A failed commit whose fate nobody knows ends all writing: what the system's cache holds after a failed fsync need
/// not
/// be what the disk holds, so nothing more is acknowledged until a restart has read the disk again.
final class Writer {
    private static final Logger LOG = System.getLogger(Writer.class.getName());
    private static final int GROUP_APPENDS = 1_024;
    private static final int GROUP_BYTES = 8 * 1024 * 1024;
    private static final int RECLAIMED_EVENTS = 512;
    // That many small events, or 8 MiB of large ones.
    private static final int SETTLED_WEIGHT = 2_000;

    private final Database database;
    private final Bus<Commit> bus;
    private final OffsetGenerator offsets;
    private final Rows rows = new Rows();
    private final BlockingQueue<Request> queue;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final long mostQueuedBytes;
    private final Thread thread = Thread.ofPlatform().name("perennial-writer").unstarted(this::run);
    private volatile Optional<String> stopped = Optional.empty();
    private long lastStream;
    private long recent;
    private boolean reclaiming = true;
    private boolean failing;

    Writer(
            Database database,
            Bus<Commit> bus,
            OffsetGenerator offsets,
            long lastStream,
            long recent,
            StoreConfig config) {
        this.database = database;
        this.bus = bus;
        this.offsets = offsets;
        this.lastStream = lastStream;
        this.recent = recent;
        this.queue = new ArrayBlockingQueue<>(config.queuedAppends());
        this.mostQueuedBytes = config.queuedBytes();
        thread.start();
    }

    AppendOutcome append(Append append) {
        CompletableFuture<AppendOutcome> answer = new CompletableFuture<>();
        return offer(new Request.Appending(append, answer))
                ? await(answer)
                : new AppendOutcome.Rejected(new Rejection.Busy());
    }

    DeleteOutcome delete(StreamKey stream) {
        CompletableFuture<DeleteOutcome> answer = new CompletableFuture<>();
        put(new Request.Deleting(stream, answer));
        return await(answer);
    }

    private boolean offer(Request request) {
        refuseWhereStopped();
        // The queue may run over by what arrives at the same moment, never by more than one request each.
        if (queuedBytes.get() > mostQueuedBytes || !queue.offer(request)) {
            return false;
        }
        queuedBytes.addAndGet(request.bytes());
        takeBackWhereStopped(request);
        return true;
    }

    private void put(Request request) {
        refuseWhereStopped();
        try {
            queue.put(request);
            takeBackWhereStopped(request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted before the request reached the writer", e);
        }
    }

    private void refuseWhereStopped() {
        stopped.ifPresent(reason -> {
            throw new StorageException(reason);
        });
    }

    // The writer may have ended between the look at it and the queue: then nobody would ever answer.
    private void takeBackWhereStopped(Request request) {
        if (stopped.isPresent() && queue.remove(request)) {
            refuseWhereStopped();
        }
    }

    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StorageException failure ? failure : e;
        }
    }

    private void run() {
        while (stopped.isEmpty()) {
            try {
                round();
            } catch (InterruptedException e) {
                stop("the store's writer was interrupted");
            }
        }
        Request left;
        while ((left = queue.poll()) != null) {
            left.fail(new StorageException(stopped.orElseThrow()));
        }
    }

    private void round() throws InterruptedException {
        Request first = reclaiming ? queue.poll() : queue.take();
        switch (first) {
            case null -> reclaim();
            case Request.Appending appending -> write(group(appending));
            case Request.Deleting deleting -> delete(deleting);
            case Request.Stopping _ -> stop("the store is closed");
        }
        if (recent >= SETTLED_WEIGHT) {
            settle();
        }
    }

    private List<Request.Appending> group(Request.Appending first) {
        List<Request.Appending> group = new ArrayList<>();
        group.add(first);
        long bytes = first.bytes();
        while (group.size() < GROUP_APPENDS && bytes < GROUP_BYTES && queue.peek() instanceof Request.Appending next) {
            queue.remove();
            group.add(next);
            bytes += next.bytes();
        }
        queuedBytes.addAndGet(-bytes);
        return group;
    }

    private void write(List<Request.Appending> appendings) {
        Transaction transaction = database.begin();
        List<AppendOutcome> outcomes = new ArrayList<>(appendings.size());
        Group group = new Group(transaction, rows, offsets, lastStream);
        boolean done = commit(transaction, appendings, () -> {
            appendings.forEach(appending -> outcomes.add(group.add(appending.append())));
            group.finish();
        });
        if (done) {
            lastStream = group.lastStream();
            recent += group.weight();
            announce(() -> group.announce(bus));
            for (int i = 0; i < outcomes.size(); i++) {
                appendings.get(i).answer().complete(outcomes.get(i));
            }
        }
    }

    // Between two groups, when it pays: once for many events.
    private void settle() {
        Transaction transaction = database.begin();
        if (commit(transaction, List.of(), () -> settle(transaction.execute()))) {
            recent = 0;
        }
    }

    private static void settle(DbExecute execute) {
        StreamTable.settle(execute);
        EventTable.settle(execute);
    }

    private void delete(Request.Deleting deleting) {
        Transaction transaction = database.begin();
        List<StreamRow> deleted = new ArrayList<>();
        CompletableFuture<DeleteOutcome> outcome = new CompletableFuture<>();
        boolean done = commit(transaction, List.of(deleting), () -> {
            Optional<StreamRow> row = rows.stream(transaction, deleting.stream());
            outcome.complete(Rules.delete(row));
            if (outcome.join() == DeleteOutcome.DELETED) {
                deleted.add(row.orElseThrow());
                delete(transaction, row.orElseThrow().id());
            }
        });
        if (done) {
            rows.forget(deleting.stream());
            reclaiming = true;
            deleted.forEach(row ->
                    announce(() -> bus.publish(row.key().path(), new Commit.Deleted(row.key(), row.created()))));
            deleting.answer().complete(outcome.join());
        }
    }

    private static void delete(Transaction transaction, long id) {
        StreamTable.delete(transaction.execute(), id);
        ProducerTable.delete(transaction.execute(), id);
        ReclaimTable.add(transaction.execute(), id);
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

    // One piece, so that whoever waits in the queue waits no longer than for one.
    private void reclaim() {
        Transaction transaction = database.begin();
        commit(transaction, List.of(), () -> {
            Optional<Long> stream = ReclaimTable.first(transaction.execute());
            reclaiming = stream.isPresent();
            stream.ifPresent(id -> {
                if (EventTable.deleteSome(transaction.execute(), id, RECLAIMED_EVENTS) < RECLAIMED_EVENTS) {
                    ReclaimTable.remove(transaction.execute(), id);
                }
            });
        });
    }

    private boolean commit(Transaction transaction, List<? extends Request> requests, Runnable writes) {
        try {
            writes.run();
        } catch (RuntimeException | Error e) {
            // Whatever it was, a bug included: nobody may be left waiting.
            rollBack(transaction);
            refuse(requests, new StorageException("the database can't be written: " + root(e), e));
            return false;
        }
        try {
            transaction.commit();
        } catch (DbClientException e) {
            if (isFull(e)) {
                refuse(requests, new StorageException("the disk is full", e));
            } else {
                stop("a commit failed, and writing has ended until the server is restarted: " + root(e));
                refuse(
                        requests,
                        new StorageException.OutcomeUnknown("nobody knows whether it is stored: " + root(e), e));
            }
            return false;
        }
        if (failing) {
            failing = false;
            reclaiming = true;
            LOG.log(Level.INFO, "store.write-recovered");
        }
        return true;
    }

    // Logged once and not for every request: a full disk refuses thousands a second.
    private void refuse(List<? extends Request> requests, StorageException failure) {
        rows.forget();
        // What can't be reclaimed now is tried again after the next commit that succeeds, not at once and for ever.
        reclaiming = false;
        requests.forEach(request -> request.fail(failure));
        if (!failing) {
            failing = true;
            LOG.log(Level.ERROR, "store.write-failed reason=" + failure.getMessage());
        }
    }

    private static void rollBack(Transaction transaction) {
        try {
            transaction.rollback();
        } catch (DbClientException e) {
            LOG.log(Level.WARNING, "store.rollback-failed reason=" + root(e));
        }
    }

    private static boolean isFull(Throwable failure) {
        return failure.getCause() instanceof SQLiteException sqlite
                && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
    }

    private static String root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    private void stop(String reason) {
        stopped = Optional.of(reason);
    }

    /// Writes what was accepted, then ends.
    public void close() throws InterruptedException {
        if (stopped.isEmpty()) {
            queue.put(new Request.Stopping());
        }
        thread.join();
    }
}
