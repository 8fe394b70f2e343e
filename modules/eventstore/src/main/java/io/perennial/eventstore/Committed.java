package io.perennial.eventstore;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/// What the last commits left behind, in memory: so that who reads near the tail, or asks where it is, needs no disk.
///
/// Events wait here ([Unsettled]) until they settle in chunks ([ChunkTable]), and with them the rows of the streams
/// that they belong to; other rows stay as long as there is room. All of it is on disk as well, but what hasn't
/// settled can't be looked up there.
///
/// A reader looks here first, then reads what it misses from a snapshot of the database, and then asks whether the two
/// fit together ([#confirms]). They don't where in between events settled, or the stream changed that wasn't here, or
/// was removed or trimmed, or a commit that changes it is visible in the database and not yet here. Then the reader
/// begins anew. Nobody but the writer changes anything, and nobody waits for a read.
///
/// Thread-safe.
final class Committed {
    private static final int MOST_KNOWN = 16_384;

    private final Lock lock = new ReentrantLock();
    private final Condition published = lock.newCondition();
    private final Unsettled unsettled = new Unsettled();
    // Of streams that haven't changed since.
    private final Map<StreamKey, StreamRow> settled = new Recent<>(MOST_KNOWN);
    private Set<StreamKey> committing = Set.of();
    private long settlings;
    private boolean lost;

    /// What was known at one moment.
    record Look(Known known, long settlings) {
        boolean isKnown() {
            return !(known instanceof Known.Unknown);
        }

        /// The row of a stream that is there, as far as that is known.
        Optional<StreamRow> row() {
            return known instanceof Known.There(StreamRow row) ? Optional.of(row) : Optional.empty();
        }
    }

    Look look(StreamKey stream) {
        lock.lock();
        try {
            return new Look(known(stream), settlings);
        } finally {
            lock.unlock();
        }
    }

    private Known known(StreamKey stream) {
        Known known = unsettled.known(stream);
        if (!(known instanceof Known.Unknown)) {
            return known;
        }
        StreamRow row = settled.get(stream);
        return row == null ? Known.UNKNOWN : new Known.There(row);
    }

    Fresh fresh(long stream) {
        lock.lock();
        try {
            return unsettled.fresh(stream);
        } finally {
            lock.unlock();
        }
    }

    /// A look at nothing, after which the database is asked for many streams.
    Look blind() {
        lock.lock();
        try {
            return new Look(Known.UNKNOWN, settlings);
        } finally {
            lock.unlock();
        }
    }

    /// Whether what was read from the database after the look belongs to it.
    boolean confirms(Look look, StreamKey stream) {
        lock.lock();
        try {
            return isAsSeen(look, stream);
        } finally {
            lock.unlock();
        }
    }

    /// The same, and keeps the row that was read where nothing was known. Not one whose lifetime slides: the touch that
    /// lengthens it changes no more than the row on disk.
    boolean confirms(Look look, StreamRow read) {
        lock.lock();
        try {
            boolean isAsSeen = isAsSeen(look, read.key());
            if (isAsSeen && look.known() instanceof Known.Unknown && !(read.lifetime() instanceof Lifetime.Sliding)) {
                settled.put(read.key(), read);
            }
            return isAsSeen;
        } finally {
            lock.unlock();
        }
    }

    private boolean isAsSeen(Look look, StreamKey stream) {
        if (look.settlings() != settlings) {
            return false;
        }
        return switch (look.known()) {
            case Known.There(StreamRow row) ->
                known(stream) instanceof Known.There(StreamRow now)
                        && now.id() == row.id()
                        && now.trimmed().equals(row.trimmed());
            case Known.Gone _ -> true;
            case Known.Unknown _ -> {
                boolean isInFlight = committing.contains(stream);
                while (committing.contains(stream) && !lost) {
                    published.awaitUninterruptibly();
                }
                if (committing.contains(stream)) {
                    throw new StorageException("nobody knows what is stored of " + stream + " since a commit failed");
                }
                yield !isInFlight && unsettled.known(stream) instanceof Known.Unknown;
            }
        };
    }

    /// A commit begins that changes these streams. From here on the database may show what isn't here.
    void begin(Set<StreamKey> streams) {
        lock.lock();
        try {
            committing = streams;
        } finally {
            lock.unlock();
        }
    }

    /// It has failed.
    void giveUp() {
        if (!lost) {
            publish(Map.of(), List.of());
        }
    }

    /// Nobody knows what became of it, though the database shows it.
    void lose() {
        lock.lock();
        try {
            lost = true;
            published.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// It is done.
    void publish(Map<StreamKey, Known> rows, Collection<News.Grown> grown) {
        lock.lock();
        try {
            committing = Set.of();
            rows.forEach(this::replace);
            grown.forEach(unsettled::add);
            published.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void replace(StreamKey stream, Known row) {
        settled.remove(stream);
        unsettled.replace(stream, row);
    }

    /// Begins with the events that an earlier process left to settle. Before anybody else looks.
    ///
    /// @param left by the ids of their streams
    /// @param rows the row of a stream, as far as its events have settled
    void load(Map<Long, List<Event>> left, LongFunction<Optional<StreamRow>> rows) {
        Map<StreamKey, Known> there = new HashMap<>();
        List<News.Grown> grown = new ArrayList<>();
        left.forEach((id, waiting) -> {
            Optional<StreamRow> row = rows.apply(id);
            row.ifPresent(found -> {
                News.Grown change = new News.Grown(found);
                change.events.addAll(waiting);
                grown.add(change);
                there.put(
                        found.key(),
                        new Known.There(found.grown(waiting.getLast().offset().next())));
            });
            if (row.isEmpty()) {
                unsettled.addOrphans();
            }
        });
        publish(there, grown);
    }

    /// The row of a stream that nobody changes meanwhile. For the writer alone.
    void learn(StreamRow row) {
        lock.lock();
        try {
            settled.put(row.key(), row);
        } finally {
            lock.unlock();
        }
    }

    /// A stream was touched, as the disk knows now.
    void touched(StreamKey stream, long millis) {
        lock.lock();
        try {
            settled.computeIfPresent(stream, (_, row) -> row.touched(millis));
            unsettled.touched(stream, millis);
        } finally {
            lock.unlock();
        }
    }

    /// What hasn't settled, of each stream by its id.
    Map<Long, List<Event>> fresh() {
        lock.lock();
        try {
            return unsettled.all();
        } finally {
            lock.unlock();
        }
    }

    /// Every event has settled.
    void settle() {
        lock.lock();
        try {
            settlings++;
            unsettled.settle(row -> settled.put(row.key(), row));
        } finally {
            lock.unlock();
        }
    }

    Unsettled.Waiting waiting() {
        lock.lock();
        try {
            return unsettled.waiting();
        } finally {
            lock.unlock();
        }
    }
}
