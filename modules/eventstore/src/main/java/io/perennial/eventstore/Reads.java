package io.perennial.eventstore;

import io.helidon.dbclient.DbClientException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/// Reads what is committed: from memory what was written or read lately, the rest from a snapshot of the database.
///
/// Thread-safe.
final class Reads {
    private static final Logger LOG = System.getLogger(Reads.class.getName());

    private final Database database;
    private final Committed committed;
    private final PageCache pages;
    private final Touches touches;
    private final InstantSource clock;
    private final Consumer<StreamKey> expired;
    private final StoreObserver observer;
    private volatile boolean ended;

    /// @param expired is told of a stream that has expired, before anybody else is
    Reads(
            Database database,
            Committed committed,
            PageCache pages,
            Touches touches,
            InstantSource clock,
            Consumer<StreamKey> expired,
            StoreObserver observer) {
        this.database = database;
        this.committed = committed;
        this.pages = pages;
        this.touches = touches;
        this.clock = clock;
        this.expired = expired;
        this.observer = observer;
    }

    /// From now on every read says that the store is closed.
    void end() {
        ended = true;
    }

    List<Document> documents(String collection, String after, int limit) {
        return snapshot("documents", disk -> DocumentTable.list(disk.execute(), collection, after, limit));
    }

    List<StreamInfo> streams(String prefix, String after, int limit) {
        List<StreamInfo> found = new ArrayList<>();
        Optional<String> last = Optional.of(after);
        // Those that have expired leave room for more.
        while (last.isPresent() && found.size() < limit) {
            last = addStreams(prefix, last.get(), limit - found.size(), found);
        }
        return found;
    }

    // Returns the path of the last one looked at, where there may be more behind it.
    private Optional<String> addStreams(String prefix, String after, int most, List<StreamInfo> found) {
        long now = clock.millis();
        Committed.Look blind = committed.blind();
        List<StreamRow> rows = snapshot("streams", disk -> StreamTable.list(disk.execute(), prefix, after, most));
        for (StreamRow row : rows) {
            boolean isCurrent = committed.confirms(blind, row.key());
            if (isCurrent && !Rules.isExpired(row, touches.lastMillis(row.key()), now)) {
                found.add(row.info());
            } else if (head(row.key()) instanceof HeadOutcome.Found(StreamInfo stream)) {
                // It changed, or its touch was on the way from memory to the disk.
                found.add(stream);
            }
        }
        return rows.size() < most
                ? Optional.empty()
                : Optional.of(rows.getLast().key().path());
    }

    Optional<StreamSurvey> survey(StreamKey stream, int most) {
        Sight sight = sight(stream);
        return look(
                stream,
                _ -> Optional.empty(),
                (disk, row) -> row.filter(found -> standing(found, sight) == Standing.ALIVE)
                        .map(found -> Survey.of(disk.execute(), found, committed.fresh(found.id()), most)));
    }

    HeadOutcome head(StreamKey stream) {
        Sight sight = sight(stream);
        return look(stream, row -> Optional.of(head(row, sight)), (_, row) -> head(row, sight));
    }

    private HeadOutcome head(Optional<StreamRow> row, Sight sight) {
        return row.<HeadOutcome>map(found -> switch (standing(found, sight)) {
                    case ALIVE -> new HeadOutcome.Found(found.info());
                    case KEPT -> new HeadOutcome.SoftDeleted();
                    case GONE -> new HeadOutcome.Absent();
                })
                .orElseGet(HeadOutcome.Absent::new);
    }

    // What a read found, and how the observer is told where.
    private record Found(ReadOutcome outcome, Runnable told) {}

    ReadOutcome read(StreamKey stream, ReadFrom from, int pageBytes) {
        Sight sight = sight(stream);
        Found found = look(
                stream,
                row -> read(row, sight, live -> inMemory(live, from, pageBytes))
                        .map(outcome -> new Found(outcome, observer::readFromMemory)),
                (disk, row) -> new Found(
                        read(row, sight, live -> Optional.of(onDisk(disk, live, from, pageBytes)))
                                .orElseThrow(),
                        observer::readFromDisk));
        ReadOutcome outcome = found.outcome();
        if (outcome instanceof ReadOutcome.Read) {
            found.told().run();
        }
        if (!from.moves()
                && outcome instanceof ReadOutcome.Read(StreamInfo info, Page page)
                && !page.events().isEmpty()) {
            pages.keep(info.created(), from, pageBytes, page);
        }
        return outcome;
    }

    private Optional<ReadOutcome> read(
            Optional<StreamRow> row, Sight sight, Function<StreamRow, Optional<ReadOutcome>> whereAlive) {
        return row.map(found -> switch (standing(found, sight)) {
                    case ALIVE -> {
                        touchWhereItSlides(found, sight);
                        yield whereAlive.apply(found);
                    }
                    case KEPT -> Optional.<ReadOutcome>of(new ReadOutcome.SoftDeleted());
                    case GONE -> Optional.<ReadOutcome>of(new ReadOutcome.Absent());
                })
                .orElseGet(() -> Optional.of(new ReadOutcome.Absent()));
    }

    private record Seen<T>(Optional<StreamRow> row, T value) {}

    /// Looks at a stream in memory and, where that doesn't do, on the disk: again, where the two don't fit together.
    private <T> T look(
            StreamKey stream,
            Function<Optional<StreamRow>, Optional<T>> memory,
            BiFunction<Transaction, Optional<StreamRow>, T> disk) {
        while (true) {
            requireOpen();
            Committed.Look look = committed.look(stream);
            Optional<T> known = look.isKnown() ? memory.apply(look.row()) : Optional.empty();
            if (known.isPresent()) {
                return known.get();
            }
            Seen<T> seen = snapshot(stream.path(), transaction -> {
                Optional<StreamRow> row = look.isKnown() ? look.row() : StreamTable.find(transaction.execute(), stream);
                return new Seen<>(row, disk.apply(transaction, row));
            });
            boolean fits = seen.row().isPresent()
                    ? committed.confirms(look, seen.row().get())
                    : committed.confirms(look, stream);
            if (fits) {
                return seen.value();
            }
        }
    }

    private void requireOpen() {
        if (ended) {
            throw new StorageException("the store is closed");
        }
    }

    private enum Standing {
        ALIVE,
        KEPT,
        GONE
    }

    /// The moment at which a stream is looked at, and its last touch. However long the look at the disk takes, nothing
    /// expires by that.
    private record Sight(long nowMillis, long touchedMillis) {}

    private Standing standing(StreamRow row, Sight sight) {
        if (row.state() == StreamRow.State.SOFT_DELETED) {
            return Standing.KEPT;
        }
        if (!Rules.isExpired(row, sight.touchedMillis(), sight.nowMillis())) {
            return Standing.ALIVE;
        }
        expired.accept(row.key());
        return row.forks() > 0 ? Standing.KEPT : Standing.GONE;
    }

    private Sight sight(StreamKey stream) {
        return new Sight(clock.millis(), touches.lastMillis(stream));
    }

    private void touchWhereItSlides(StreamRow row, Sight sight) {
        if (row.lifetime() instanceof Lifetime.Sliding) {
            touches.touch(row.key(), sight.nowMillis());
        }
    }

    private <T> T snapshot(String what, Function<Transaction, T> reads) {
        try {
            return database.snapshot(reads);
        } catch (DbClientException | DamagedException e) {
            LOG.log(Level.ERROR, "store.read-failed stream=" + what + " reason=" + Causes.reason(e));
            throw new StorageException(what + " can't be read: " + Causes.reason(e), e);
        }
    }

    // Empty where it can't be told where the last so many begin.
    private static Optional<Offset> begin(StreamRow row, ReadFrom from, IntFunction<Optional<Offset>> last) {
        return switch (from) {
            case ReadFrom.Start _ -> Optional.of(row.trimmed());
            case ReadFrom.At(Offset offset) -> Optional.of(offset);
            case ReadFrom.Tail _ -> Optional.of(row.tail());
            case ReadFrom.Last(int events) -> last.apply(events).map(offset -> Offset.later(offset, row.trimmed()));
        };
    }

    private Optional<ReadOutcome> inMemory(StreamRow row, ReadFrom from, int pageBytes) {
        return begin(row, from, count -> committed.fresh(row.id()).last(count, row.tail()))
                .flatMap(begin -> inMemory(row, from, begin, pageBytes));
    }

    private Optional<ReadOutcome> inMemory(StreamRow row, ReadFrom from, Offset begin, int pageBytes) {
        if (begin.isBefore(row.trimmed())) {
            return Optional.of(new ReadOutcome.Trimmed(row.trimmed()));
        }
        return pages.page(row, from, pageBytes)
                .or(() -> fresh(row, begin, pageBytes))
                .map(page -> new ReadOutcome.Read(row.info(), page));
    }

    private Optional<Page> fresh(StreamRow row, Offset begin, int pageBytes) {
        if (!begin.isBefore(row.tail())) {
            return Optional.of(page(row, List.of()));
        }
        Fresh fresh = committed.fresh(row.id());
        return fresh.beginsAtOrBefore(begin)
                ? Optional.of(page(row, History.first(fresh.between(begin, row.tail()), pageBytes)))
                : Optional.empty();
    }

    private ReadOutcome onDisk(Transaction disk, StreamRow row, ReadFrom from, int pageBytes) {
        return inMemory(row, from, pageBytes).orElseGet(() -> {
            List<Segment> segments = Segment.of(StreamTable.line(disk.execute(), row));
            History history = new History(disk.execute(), segments, committed::fresh);
            Offset begin =
                    begin(row, from, count -> Optional.of(history.last(count))).orElseThrow();
            return new ReadOutcome.Read(row.info(), page(row, history.page(begin, pageBytes)));
        });
    }

    private static Page page(StreamRow row, List<Event> events) {
        Offset next = events.isEmpty() ? row.tail() : events.getLast().offset().next();
        return new Page(events, next, next.isBefore(row.tail()) ? Ending.MORE : row.ending());
    }
}
