package io.perennial.eventstore;

import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.DbExecute;
import io.perennial.bus.Bus;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// The store in one SQLite file.
final class SqliteStore implements EventStore {
    private static final Logger LOG = System.getLogger(SqliteStore.class.getName());
    private static final String FILE = "events.db";

    private final DirectoryLock lock;
    private final Database database;
    private final WriteQueue queue;
    private final Writer writer;
    private final Bus<Commit> bus;
    private final Touches touches;
    private final InstantSource clock;
    private boolean closed;

    private SqliteStore(
            DirectoryLock lock, Database database, StoreConfig config, InstantSource clock, Bus<Commit> bus) {
        this.lock = lock;
        this.database = database;
        this.bus = bus;
        this.clock = clock;
        this.touches = new Touches(clock);
        this.queue = new WriteQueue(config.queuedAppends(), config.queuedBytes());
        MintTable.Mint mint = MintTable.read(database.direct());
        OffsetGenerator offsets = new OffsetGenerator(mint.highWater(), clock, RandomGenerator.getDefault());
        Writer.Begin begin = new Writer.Begin(mint.lastStream(), EventTable.recent(database.direct()));
        this.writer = new Writer(database, bus, offsets, touches, clock, queue, begin);
    }

    static SqliteStore open(StoreConfig config, InstantSource clock, Bus<Commit> bus) {
        Path directory = config.directory();
        try {
            Files.createDirectories(directory);
            DirectoryLock lock = DirectoryLock.take(directory);
            try {
                return open(lock, Database.open(directory.resolve(FILE), config.readers()), config, clock, bus);
            } catch (IOException | SQLException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (StorageException.DirectoryInUse e) {
            throw e;
        } catch (IOException | SQLException | RuntimeException e) {
            // A file that is damaged fails in many ways, some of which look like a caller's mistake.
            throw new StorageException("the data directory " + directory + " can't be used: " + reason(e), e);
        }
    }

    private static String reason(Exception e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof IOException ? root.toString() : String.valueOf(root.getMessage());
    }

    private static SqliteStore open(
            DirectoryLock lock, Database database, StoreConfig config, InstantSource clock, Bus<Commit> bus)
            throws SQLException, IOException {
        try {
            Schema.prepare(database, config.directory().resolve(FILE));
            sync(config.directory());
            return new SqliteStore(lock, database, config, clock, bus);
        } catch (IOException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    // The new file's name has to survive a loss of power, too.
    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public CreateOutcome create(Create create) {
        return queue.offer(group -> group.create(create), create.bytes()).orElseGet(CreateOutcome.Busy::new);
    }

    @Override
    public AppendOutcome append(Append append) {
        return queue.offer(group -> group.append(append), append.bytes())
                .orElseGet(() -> new AppendOutcome.Rejected(new Rejection.Busy()));
    }

    @Override
    public DeleteOutcome delete(StreamKey stream) {
        return queue.put(group -> group.delete(stream));
    }

    @Override
    public void edit(List<Document.Edit> edits) {
        queue.put(group -> edits.stream().map(group::edit).toList());
    }

    @Override
    public List<Document> documents(String collection, String after, int limit) {
        requirePositive("limit", limit);
        return snapshot("documents", execute -> DocumentTable.list(execute, collection, after, limit));
    }

    @Override
    public List<StreamInfo> streams(String prefix, String after, int limit) {
        requirePositive("limit", limit);
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
        List<StreamRow> rows = snapshot("streams", execute -> StreamTable.list(execute, prefix, after, most));
        for (StreamRow row : rows) {
            if (!Rules.isExpired(row, touches.lastMillis(row.key()), now)) {
                found.add(row.info());
            } else if (head(row.key()) instanceof HeadOutcome.Found(StreamInfo stream)) {
                // Its touch was on the way from memory to the disk.
                found.add(stream);
            }
        }
        return rows.size() < most
                ? Optional.empty()
                : Optional.of(rows.getLast().key().path());
    }

    @Override
    public HeadOutcome head(StreamKey stream) {
        Sight sight = sight(stream);
        return snapshot(stream.path(), execute -> StreamTable.find(execute, stream))
                .<HeadOutcome>map(row -> switch (sight.standing(row)) {
                    case ALIVE -> new HeadOutcome.Found(row.info());
                    case KEPT -> new HeadOutcome.SoftDeleted();
                    case GONE -> new HeadOutcome.Absent();
                })
                .orElseGet(HeadOutcome.Absent::new);
    }

    @Override
    public ReadOutcome read(StreamKey stream, ReadFrom from, int pageBytes) {
        requirePositive("pageBytes", pageBytes);
        Sight sight = sight(stream);
        return snapshot(
                stream.path(),
                execute -> StreamTable.find(execute, stream)
                        .map(row -> switch (sight.standing(row)) {
                            case ALIVE -> {
                                touchWhereItSlides(row, sight);
                                yield read(execute, row, from, pageBytes);
                            }
                            case KEPT -> new ReadOutcome.SoftDeleted();
                            case GONE -> new ReadOutcome.Absent();
                        })
                        .orElseGet(ReadOutcome.Absent::new));
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

    private <T> T snapshot(String what, Function<DbExecute, T> reads) {
        try {
            return database.snapshot(reads);
        } catch (DbClientException e) {
            LOG.log(Level.ERROR, "store.read-failed stream=" + what + " reason=" + reason(e));
            throw new StorageException(what + " can't be read: " + reason(e), e);
        }
    }

    private static ReadOutcome read(DbExecute execute, StreamRow row, ReadFrom from, int pageBytes) {
        Offset trimmed = row.extent().trimmed();
        Offset begin = switch (from) {
            case ReadFrom.Start _ -> trimmed;
            case ReadFrom.At(Offset offset) -> offset;
            case ReadFrom.Tail _ -> row.tail();
        };
        if (begin.isBefore(trimmed)) {
            return new ReadOutcome.Trimmed(trimmed);
        }
        return new ReadOutcome.Read(row.info(), page(row, events(execute, row, begin, pageBytes)));
    }

    private static List<Event> events(DbExecute execute, StreamRow row, Offset begin, int pageBytes) {
        return begin.isBefore(row.tail())
                ? EventTable.page(execute, Segment.of(StreamTable.line(execute, row)), begin, pageBytes)
                : List.of();
    }

    private static Page page(StreamRow row, List<Event> events) {
        Offset next = events.isEmpty() ? row.tail() : events.getLast().offset().next();
        return new Page(events, next, next.isBefore(row.tail()) ? Ending.MORE : row.ending());
    }

    @Override
    public Follow follow(StreamKey stream, ReadFrom from, int pageBytes) {
        requirePositive("pageBytes", pageBytes);
        return new Follow(this::read, bus.subscribe(stream.path()), touches.follow(stream), stream, from, pageBytes);
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is positive, and not " + value);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        try {
            writer.close();
            database.close();
            lock.close();
            closed = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while closing the store", e);
        } catch (IOException | SQLException e) {
            throw new StorageException("the store can't be closed: " + e.getMessage(), e);
        }
    }
}
