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
import java.util.List;
import java.util.random.RandomGenerator;

/// The store in one SQLite file.
final class SqliteStore implements EventStore {
    private static final Logger LOG = System.getLogger(SqliteStore.class.getName());
    private static final String FILE = "events.db";

    private final DirectoryLock lock;
    private final Database database;
    private final Writer writer;
    private final Bus<Commit> bus;
    private boolean closed;

    private SqliteStore(DirectoryLock lock, Database database, Writer writer, Bus<Commit> bus) {
        this.lock = lock;
        this.database = database;
        this.writer = writer;
        this.bus = bus;
    }

    static SqliteStore open(StoreConfig config, InstantSource clock, Bus<Commit> bus) {
        Path directory = config.directory();
        try {
            Files.createDirectories(directory);
            DirectoryLock lock = DirectoryLock.take(directory);
            try {
                return open(lock, Database.open(directory.resolve(FILE), config.readers()), config, clock, bus);
            } catch (SQLException | RuntimeException e) {
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
            Schema.prepare(database);
            sync(config.directory());
            MintTable.Mint mint = MintTable.read(database.direct());
            OffsetGenerator offsets = new OffsetGenerator(mint.highWater(), clock, RandomGenerator.getDefault());
            long recent = EventTable.recent(database.direct());
            Writer writer = new Writer(database, bus, offsets, mint.lastStream(), recent, config);
            return new SqliteStore(lock, database, writer, bus);
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
    public AppendOutcome append(Append append) {
        return writer.append(append);
    }

    @Override
    public DeleteOutcome delete(StreamKey stream) {
        return writer.delete(stream);
    }

    @Override
    public ReadOutcome read(StreamKey stream, ReadFrom from, int pageBytes) {
        requirePositive(pageBytes);
        try {
            return database.snapshot(execute -> StreamTable.find(execute, stream)
                    .map(row -> read(execute, row, from, pageBytes))
                    .orElseGet(ReadOutcome.Absent::new));
        } catch (DbClientException e) {
            LOG.log(Level.ERROR, "store.read-failed stream=" + stream + " reason=" + reason(e));
            throw new StorageException("the stream " + stream + " can't be read: " + reason(e), e);
        }
    }

    private static ReadOutcome read(DbExecute execute, StreamRow row, ReadFrom from, int pageBytes) {
        if (row.state() == StreamRow.State.SOFT_DELETED) {
            return new ReadOutcome.SoftDeleted();
        }
        Offset begin = switch (from) {
            case ReadFrom.Start _ -> row.trimmed();
            case ReadFrom.At(Offset offset) -> offset;
            case ReadFrom.Tail _ -> row.tail();
        };
        if (begin.isBefore(row.trimmed())) {
            return new ReadOutcome.Trimmed(row.trimmed());
        }
        List<Event> events = begin.isBefore(row.tail()) ? EventTable.page(execute, row, begin, pageBytes) : List.of();
        return new ReadOutcome.Read(row.info(), page(row, events));
    }

    private static Page page(StreamRow row, List<Event> events) {
        Offset next = events.isEmpty() ? row.tail() : events.getLast().offset().next();
        return new Page(events, next, next.isBefore(row.tail()) ? Ending.MORE : row.ending());
    }

    @Override
    public Follow follow(StreamKey stream, ReadFrom from, int pageBytes) {
        requirePositive(pageBytes);
        return new Follow(this, bus.subscribe(stream.path()), stream, from, pageBytes);
    }

    private static void requirePositive(int pageBytes) {
        if (pageBytes < 1) {
            throw new IllegalArgumentException("pageBytes is positive, and not " + pageBytes);
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
