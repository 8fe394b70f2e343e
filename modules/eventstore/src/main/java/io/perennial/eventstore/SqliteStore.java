package io.perennial.eventstore;

import io.perennial.bus.Bus;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The store in one SQLite file.
final class SqliteStore implements EventStore {
    static final String FILE = "events.db";

    private final DirectoryLock lock;
    private final Database database;
    private final WriteQueue queue;
    private final Writer writer;
    private final Bus<Commit> bus;
    private final Touches touches;
    private final Reads reads;
    private final Copies copies;
    private final StoreObserver observer;
    private final Path file;
    private boolean closed;

    private SqliteStore(
            DirectoryLock lock,
            Database database,
            StoreConfig config,
            InstantSource clock,
            Bus<Commit> bus,
            StoreObserver observer) {
        this.observer = observer;
        this.file = config.directory().resolve(FILE);
        this.copies = new Copies(config.directory());
        this.lock = lock;
        this.database = database;
        this.bus = bus;
        this.touches = new Touches(clock);
        this.queue = new WriteQueue(config.queuedAppends(), config.queuedBytes());
        MintTable.Mint mint = MintTable.read(database.direct());
        OffsetGenerator offsets = new OffsetGenerator(mint.highWater(), clock, RandomGenerator.getDefault());
        Committed committed = new Committed();
        committed.load(JournalTable.read(database.direct()), id -> StreamTable.find(database.direct(), id));
        Trimming trimming = new Trimming(config.retention(), config.chronicle(), clock);
        this.writer = new Writer(
                database,
                bus,
                offsets,
                touches,
                clock,
                queue,
                committed,
                trimming,
                config.chronicle(),
                observer,
                mint.lastStream());
        PageCache pages = new PageCache(config.pageCacheBytes());
        this.reads = new Reads(database, committed, pages, touches, clock, this::remove, observer);
    }

    // Whom it was called gone doesn't find it back after a crash: no lifetime counts the time that the store is closed,
    // so that it has to be gone from the disk, too.
    private void remove(StreamKey expired) {
        try {
            queue.put(group -> group.live(expired));
        } catch (StorageException _) {
            // The writer has said why, and its reader is answered all the same.
        }
    }

    static SqliteStore open(StoreConfig config, InstantSource clock, Bus<Commit> bus, StoreObserver observer) {
        Path directory = config.directory();
        try {
            make(directory);
            DirectoryLock lock = DirectoryLock.take(directory);
            try {
                OwnerOnly.make(directory.resolve(FILE));
                Database database = Database.open(directory.resolve(FILE), config.readers());
                return open(lock, database, config, clock, bus, observer);
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

    // A new directory's name has to survive a loss of power, as what is in it.
    private static void make(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(directory)) {
            make(parent);
            Files.createDirectories(directory, OwnerOnly.DIRECTORY);
            sync(parent);
        }
    }

    private static String reason(Exception e) {
        Throwable root = Causes.root(e);
        return root instanceof IOException ? root.toString() : String.valueOf(root.getMessage());
    }

    private static SqliteStore open(
            DirectoryLock lock,
            Database database,
            StoreConfig config,
            InstantSource clock,
            Bus<Commit> bus,
            StoreObserver observer)
            throws SQLException, IOException {
        try {
            Path file = config.directory().resolve(FILE);
            Schema.prepare(database, file);
            OwnerOnly.take(file);
            sync(config.directory());
            new Copies(config.directory()).clean();
            return new SqliteStore(lock, database, config, clock, bus, observer);
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
        try {
            AppendOutcome outcome = queue.offer(group -> group.append(append), append.bytes())
                    .orElseGet(() -> new AppendOutcome.Rejected(new Rejection.Busy()));
            if (outcome instanceof AppendOutcome.Rejected(Rejection reason)) {
                observer.rejected(reason);
            }
            return outcome;
        } catch (StorageException e) {
            observer.failed(e);
            throw e;
        }
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
        return reads.documents(collection, after, limit);
    }

    @Override
    public List<StreamInfo> streams(String prefix, String after, int limit) {
        requirePositive("limit", limit);
        return reads.streams(prefix, after, limit);
    }

    @Override
    public Optional<StreamSurvey> survey(StreamKey stream, int most) {
        return reads.survey(stream, most);
    }

    @Override
    public HeadOutcome head(StreamKey stream) {
        return reads.head(stream);
    }

    @Override
    public ReadOutcome read(StreamKey stream, ReadFrom from, int pageBytes) {
        requirePositive("pageBytes", pageBytes);
        return reads.read(stream, from, pageBytes);
    }

    @Override
    public Follow follow(StreamKey stream, ReadFrom from, int pageBytes) {
        requirePositive("pageBytes", pageBytes);
        return new Follow(reads::read, bus.subscribe(stream.path()), touches.follow(stream), stream, from, pageBytes);
    }

    @Override
    public Verification verify() {
        return copies.verify();
    }

    @Override
    public void backup(OutputStream to) {
        copies.backup(to);
    }

    @Override
    public StoreHealth health() {
        return writer.health();
    }

    @Override
    public StoreLoad load() {
        File log = new File(file + Database.LOG);
        return new StoreLoad(
                queue.waiting(), queue.waitingBytes(), file.toFile().length(), log.length());
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
        reads.end();
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
