package io.perennial.eventstore;

import io.helidon.dbclient.DbClientException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

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
    private volatile boolean ended;

    Reads(Database database, Committed committed, PageCache pages, Touches touches, InstantSource clock) {
        this.database = database;
        this.committed = committed;
        this.pages = pages;
        this.touches = touches;
        this.clock = clock;
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

    HeadOutcome head(StreamKey stream) {
        Sight sight = sight(stream);
        return look(
                stream,
                (_, row) -> row.<HeadOutcome>map(found -> switch (sight.standing(found)) {
                            case ALIVE -> new HeadOutcome.Found(found.info());
                            case KEPT -> new HeadOutcome.SoftDeleted();
                            case GONE -> new HeadOutcome.Absent();
                        })
                        .orElseGet(HeadOutcome.Absent::new));
    }

    ReadOutcome read(StreamKey stream, ReadFrom from, int pageBytes) {
        Sight sight = sight(stream);
        ReadOutcome outcome = look(
                stream,
                (disk, row) -> row.map(found -> switch (sight.standing(found)) {
                            case ALIVE -> {
                                touchWhereItSlides(found, sight);
                                yield read(disk, found, from, pageBytes);
                            }
                            case KEPT -> new ReadOutcome.SoftDeleted();
                            case GONE -> new ReadOutcome.Absent();
                        })
                        .orElseGet(ReadOutcome.Absent::new));
        if (outcome instanceof ReadOutcome.Read(StreamInfo info, Page page)
                && !page.events().isEmpty()) {
            pages.keep(info.created(), from, pageBytes, page);
        }
        return outcome;
    }

    private record Seen<T>(Optional<StreamRow> row, T value) {}

    /// Looks at a stream in memory, and on the disk for what isn't there: again, where the two don't fit together.
    private <T> T look(StreamKey stream, BiFunction<Transaction, Optional<StreamRow>, T> reading) {
        while (true) {
            requireOpen();
            Committed.Look look = committed.look(stream);
            Seen<T> seen = snapshot(stream.path(), disk -> {
                Optional<StreamRow> row = row(look.known(), disk, stream);
                return new Seen<>(row, reading.apply(disk, row));
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

    private static Optional<StreamRow> row(Committed.Known known, Transaction disk, StreamKey stream) {
        return switch (known) {
            case Committed.Known.There(StreamRow row) -> Optional.of(row);
            case Committed.Known.Gone _ -> Optional.empty();
            case Committed.Known.Unknown _ -> StreamTable.find(disk.execute(), stream);
        };
    }

    private enum Standing {
        ALIVE,
        KEPT,
        GONE
    }

    /// The moment at which a stream is looked at, and its last touch. However long the look at the disk takes, nothing
    /// expires by that.
    private record Sight(long nowMillis, long touchedMillis) {
        Standing standing(StreamRow row) {
            if (row.state() == StreamRow.State.SOFT_DELETED) {
                return Standing.KEPT;
            }
            if (!Rules.isExpired(row, touchedMillis, nowMillis)) {
                return Standing.ALIVE;
            }
            return row.forks() > 0 ? Standing.KEPT : Standing.GONE;
        }
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
        } catch (DbClientException e) {
            LOG.log(Level.ERROR, "store.read-failed stream=" + what + " reason=" + Writer.root(e));
            throw new StorageException(what + " can't be read: " + Writer.root(e), e);
        }
    }

    private ReadOutcome read(Transaction disk, StreamRow row, ReadFrom from, int pageBytes) {
        Offset trimmed = row.extent().trimmed();
        Offset begin = switch (from) {
            case ReadFrom.Start _ -> trimmed;
            case ReadFrom.At(Offset offset) -> offset;
            case ReadFrom.Tail _ -> row.tail();
        };
        if (begin.isBefore(trimmed)) {
            return new ReadOutcome.Trimmed(trimmed);
        }
        Page page = pages.page(row, from, pageBytes).orElseGet(() -> page(row, events(disk, row, begin, pageBytes)));
        return new ReadOutcome.Read(row.info(), page);
    }

    private List<Event> events(Transaction disk, StreamRow row, Offset begin, int pageBytes) {
        if (!begin.isBefore(row.tail())) {
            return List.of();
        }
        Fresh fresh = committed.fresh(row.id());
        if (fresh.beginsAtOrBefore(begin)) {
            return EventTable.first(fresh.between(begin, row.tail()), pageBytes);
        }
        List<Segment> segments = Segment.of(StreamTable.line(disk, row));
        return EventTable.page(disk.execute(), segments, committed::fresh, begin, pageBytes);
    }

    private static Page page(StreamRow row, List<Event> events) {
        Offset next = events.isEmpty() ? row.tail() : events.getLast().offset().next();
        return new Page(events, next, next.isBefore(row.tail()) ? Ending.MORE : row.ending());
    }
}
