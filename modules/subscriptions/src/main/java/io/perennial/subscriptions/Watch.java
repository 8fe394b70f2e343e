package io.perennial.subscriptions;

import io.perennial.bus.Bus;
import io.perennial.bus.Delivery;
import io.perennial.bus.Subscription;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.StreamInfo;
import io.perennial.eventstore.StreamKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Brings the news of all streams to the subscriptions.
///
/// The bus is followed twice. Where one subscription of it stands, everything before has been told; it is moved under a
/// lock by whoever comes, since a request that follows an append of the same client has to know of that append
/// ([#catchUp]). The other one is the bell that wakes the thread which comes when nobody else does.
///
/// Who falls behind the bus's window, and who begins, asks the store instead: whatever the listing misses is told by
/// the bus afterwards, and news that come twice, or late, change nothing.
final class Watch implements AutoCloseable {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final int PAGE = 1000;

    private final EventStore store;
    private final Supplier<Collection<Cell>> cells;
    private final Logger log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Subscription<Commit> bell;
    private final Subscription<Commit> news;
    private final Thread thread;

    // Guarded by the lock.
    private boolean isBehind;

    Watch(EventStore store, Bus<Commit> bus, Supplier<Collection<Cell>> cells, Logger log) {
        this.store = store;
        this.cells = cells;
        this.log = log;
        this.news = bus.subscribeAll();
        this.bell = bus.subscribeAll();
        this.thread = Thread.ofPlatform().daemon().name("subscriptions-watch").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!(bell.await(isBehind() ? AGAIN : LONG) instanceof Delivery.Closed)) {
                try {
                    catchUp();
                } catch (StorageException e) {
                    log.log(Level.WARNING, "subscriptions.rescan-failed reason=" + e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            // Nobody has this thread, so nobody does that; if one day someone does, it can only mean the end.
            log.log(Level.WARNING, "subscriptions.watch-interrupted", e);
        }
    }

    private boolean isBehind() {
        lock.lock();
        try {
            return isBehind;
        } finally {
            lock.unlock();
        }
    }

    /// Tells all that has been published before.
    ///
    /// @throws StorageException where the store has to be asked, and fails; it is asked again
    void catchUp() {
        lock.lock();
        try {
            Delivery<Commit> delivery = news.await(Duration.ZERO);
            while (!(delivery instanceof Delivery.Idle || delivery instanceof Delivery.Closed)) {
                switch (delivery) {
                    case Delivery.Messages<Commit>(List<Commit> commits) -> tell(commits);
                    case Delivery.Lagged<Commit> _ -> isBehind = true;
                    case Delivery.Idle<Commit> _, Delivery.Closed<Commit> _ -> {
                        // Not here.
                    }
                }
                delivery = news.await(Duration.ZERO);
            }
            if (isBehind) {
                rescan();
                isBehind = false;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void tell(List<Commit> commits) {
        Map<StreamKey, News> latest = new HashMap<>();
        for (Commit commit : commits) {
            latest.merge(
                    commit.stream(),
                    switch (commit) {
                        case Commit.Appended appended ->
                            new News.Grown(
                                    appended.created(),
                                    appended.from(),
                                    appended.page().next());
                        case Commit.Deleted(StreamKey _, Offset created) -> new News.Gone(created);
                    },
                    News::and);
        }
        Collection<Cell> told = cells.get();
        latest.forEach((stream, one) -> told.forEach(cell -> cell.hear(stream, one)));
    }

    /// Tells where all streams are now.
    ///
    /// @throws StorageException where the store fails
    void rescan() {
        Collection<Cell> told = cells.get();
        Map<Cell, Set<StreamKey>> missing = new HashMap<>();
        told.forEach(cell -> missing.put(cell, new HashSet<>(cell.streams())));
        List<StreamInfo> page = store.streams("", "", PAGE);
        while (!page.isEmpty()) {
            for (StreamInfo stream : page) {
                told.forEach(cell -> {
                    cell.hear(stream.key(), News.Grown.sinceCreation(stream));
                    missing.getOrDefault(cell, Set.of()).remove(stream.key());
                });
            }
            page = store.streams("", page.getLast().key().path(), PAGE);
        }
        // The listing is no snapshot, so what it hasn't is asked for by name.
        missing.forEach((cell, streams) -> streams.forEach(stream -> askFor(cell, stream)));
    }

    private void askFor(Cell cell, StreamKey stream) {
        cell.find(stream).flatMap(link -> Linking.news(store, link)).ifPresent(news -> cell.hear(stream, news));
    }

    @Override
    public void close() {
        bell.close();
        news.close();
    }
}
