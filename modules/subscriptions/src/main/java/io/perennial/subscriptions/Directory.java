package io.perennial.subscriptions;

import io.perennial.bus.Bus;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.StreamInfo;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Which subscriptions there are. Thread-safe.
///
/// As long as there is one, the streams are watched; a server without subscriptions doesn't even follow its bus. A
/// subscription is in here, and hears news, before it looks for the streams that are there already: so none is missed
/// that comes into being meanwhile.
final class Directory implements AutoCloseable {
    private static final int PAGE = 1000;

    private final Means means;
    private final Destinations destinations;
    private final Bus<Commit> bus;
    private final Map<SubscriptionId, Cell> cells = new ConcurrentHashMap<>();

    // Held while subscriptions come and go.
    private final ReentrantLock lock = new ReentrantLock();
    private boolean hasStarted;

    // Changed under the lock, read without it.
    private volatile Optional<Watch> watch = Optional.empty();

    Directory(Means means, Destinations destinations, Bus<Commit> bus) {
        this.means = means;
        this.destinations = destinations;
        this.bus = bus;
    }

    /// Brings back what is on disk.
    void open() {
        lock.lock();
        try {
            means.shelf().forEachSubscription((id, kept) -> {
                cells.put(id, new Cell(id, kept, means));
            });
            means.shelf().forEachLink((id, link) -> find(id).ifPresent(cell -> cell.restore(link)));
            if (!cells.isEmpty()) {
                Watch watching = watch();
                watching.rescan();
                cells.values().forEach(Cell::kept);
            }
        } finally {
            lock.unlock();
        }
    }

    void start() {
        lock.lock();
        try {
            hasStarted = true;
            cells.values().forEach(Cell::awake);
        } finally {
            lock.unlock();
        }
    }

    Optional<Cell> find(SubscriptionId id) {
        return Optional.ofNullable(cells.get(id));
    }

    /// Lets every subscription know of all that was committed before.
    void catchUp() {
        watch.ifPresent(Watch::catchUp);
    }

    PutOutcome put(SubscriptionId id, SubscriptionSpec spec, String owner, Subscriptions.Check check) {
        Optional<PutOutcome> existing = existing(id, spec, owner, check);
        if (existing.isPresent()) {
            return existing.get();
        }
        // Not under the lock: it asks a name server.
        if (spec.channel() instanceof Channel.Webhook(URI url)
                && destinations.judge(url) instanceof Destinations.Rejected(String reason)) {
            return new PutOutcome.UrlRejected(reason);
        }
        lock.lock();
        try {
            return existing(id, spec, owner, check).orElseGet(() -> create(id, spec, owner));
        } finally {
            lock.unlock();
        }
    }

    private Optional<PutOutcome> existing(
            SubscriptionId id, SubscriptionSpec spec, String owner, Subscriptions.Check check) {
        return find(id).flatMap(cell -> Fingerprint.of(cell.spec()).equals(Fingerprint.of(spec))
                ? cell.adopted(owner, check).map(PutOutcome.Confirmed::new)
                : cell.view(check).map(_ -> new PutOutcome.Differs()));
    }

    private PutOutcome create(SubscriptionId id, SubscriptionSpec spec, String owner) {
        if (cells.size() >= means.config().subscriptions()) {
            return new PutOutcome.TooMany(means.config().subscriptions());
        }
        if (!owner.equals(Subscriptions.EVERYBODY)
                && cells.values().stream().filter(cell -> cell.isOf(owner)).count()
                        >= means.config().subscriptionsOfOne()) {
            return new PutOutcome.TooManyOfOne(means.config().subscriptionsOfOne());
        }
        Cell cell = new Cell(
                id, new SubscriptionJson.Kept(means.clock().instant(), List.of(owner), spec, State.FRESH), means);
        cells.put(id, cell);
        boolean isKept = false;
        try {
            watch();
            List<Link> first = first(spec);
            if (first.size() > means.config().links()) {
                return new PutOutcome.TooManyLinks(means.config().links());
            }
            cell.create(first);
            isKept = true;
        } finally {
            if (!isKept) {
                cells.remove(id, cell);
                rest();
            }
        }
        if (hasStarted) {
            cell.awake();
        }
        Linking.lookAgain(means.store(), cell, spec.streams());
        return new PutOutcome.Created(cell.view().orElseThrow());
    }

    /// One more than there may be, at most.
    private List<Link> first(SubscriptionSpec spec) {
        int most = means.config().links() + 1;
        Map<String, Link> first = new LinkedHashMap<>();
        spec.streams().stream()
                .limit(most)
                .forEach(stream -> first.put(stream.path(), Linking.explicit(means.store(), stream)));
        String prefix = spec.pattern().prefix();
        List<StreamInfo> page = spec.pattern() instanceof Pattern.Nothing
                ? List.of()
                : means.store().streams(prefix, "", PAGE);
        while (!page.isEmpty() && first.size() < most) {
            page.stream()
                    .filter(stream -> spec.finds(stream.key()))
                    .limit(most)
                    .forEach(stream -> first.putIfAbsent(
                            stream.key().path(),
                            Link.at(stream.key(), EnumSet.of(LinkType.GLOB), stream.created(), stream.tail())));
            page = means.store().streams(prefix, page.getLast().key().path(), PAGE);
        }
        return new ArrayList<>(first.values());
    }

    /// @throws StorageException where nothing, or nobody knows what, is on disk
    void delete(SubscriptionId id, Subscriptions.Check check) {
        lock.lock();
        try {
            find(id).ifPresent(cell -> {
                cell.delete(check);
                cells.remove(id, cell);
                rest();
            });
        } finally {
            lock.unlock();
        }
    }

    private Watch watch() {
        return watch.orElseGet(() -> {
            Watch watching = new Watch(means.store(), bus, cells::values, means.log());
            watching.start();
            watch = Optional.of(watching);
            return watching;
        });
    }

    private void rest() {
        if (cells.isEmpty()) {
            watch.ifPresent(Watch::close);
            watch = Optional.empty();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            cells.values().forEach(Cell::stop);
            cells.clear();
            rest();
        } finally {
            lock.unlock();
        }
    }
}
