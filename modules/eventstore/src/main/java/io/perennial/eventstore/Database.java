package io.perennial.eventstore;

import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.jdbc.JdbcClientBuilder;
import io.helidon.dbclient.jdbc.JdbcParametersConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;

/// One SQLite file: a connection that writes, and some that read.
///
/// A commit is on disk when it returns, and reads go on beside it on the state of the last one. SQLite writes it to its
/// log (WAL), and syncs that itself only around checkpoints (`synchronous=NORMAL`); every commit is synced here, by
/// fdatasync: the driver's SQLite is built to use fsync, which writes the log's time of change to another place of the
/// disk each time. So a commit can be seen in the database a moment before it is durable; [Committed] keeps it from
/// readers until then.
///
/// Reads run on threads of their own. SQLite holds on to the thread that calls it: a virtual one would keep its
/// carrier, of which there are no more than processors, and a few slow reads would stop every other request.
final class Database implements AutoCloseable {
    /// What the log's name adds to the database's.
    static final String LOG = "-wal";

    private static final int PAGE_BYTES = 4096;
    // Negative: in KiB.
    private static final int WRITER_CACHE_KIB = -65_536;
    private static final int READER_CACHE_KIB = -8_192;
    private static final int BUSY_MILLIS = 5_000;
    private static final String CHECKPOINT_PAGES = "8000";

    private static final long LEAST_ROOM_BYTES = 1024 * 1024;
    private static final String GIVE_BACK = "PRAGMA incremental_vacuum(256)";
    private static final int FEW_BLOCKS = 2_048;
    private static final int SMALL_PART = 16;
    private static final Sql FREE_BLOCKS = new Sql("database.free-blocks", "PRAGMA freelist_count");
    private static final Sql BLOCKS = new Sql("database.blocks", "PRAGMA page_count");

    private final Connections writing;
    private final Connections reading;
    private final DbClient writer;
    private final DbClient reader;
    private final ExecutorService readers;
    private final Path logFile;
    // Of the thread that commits.
    private Optional<FileChannel> log = Optional.empty();

    private Database(Connections writing, Connections reading, int readers, Path logFile) {
        this.logFile = logFile;
        this.readers = Executors.newFixedThreadPool(
                readers,
                Thread.ofPlatform().daemon().name("perennial-reader-", 1).factory());
        this.writing = writing;
        this.reading = reading;
        this.writer = client(writing);
        this.reader = client(reading);
    }

    static Database open(Path file, int readers) throws SQLException {
        Connections writing = Connections.open(file, pragmas(WRITER_CACHE_KIB), 1);
        try {
            Path log = file.resolveSibling(file.getFileName() + LOG);
            return new Database(writing, Connections.open(file, pragmas(READER_CACHE_KIB), readers), readers, log);
        } catch (SQLException e) {
            writing.close();
            throw e;
        }
    }

    private static SQLiteConfig pragmas(int cacheKib) {
        SQLiteConfig config = new SQLiteConfig();
        config.setPageSize(PAGE_BYTES);
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.NORMAL);
        config.setCacheSize(cacheKib);
        config.setTempStore(TempStore.MEMORY);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, CHECKPOINT_PAGES);
        // Asking for the row id after every insert costs more than the insert.
        config.setGetGeneratedKeys(false);
        return config;
    }

    private static DbClient client(Connections connections) {
        return JdbcClientBuilder.create()
                .connectionPool(connections)
                // Streams for what is in memory already would only copy it.
                .parametersSetter(JdbcParametersConfig.builder()
                        .useByteArrayBinding(false)
                        .useStringBinding(false)
                        .build())
                .build();
    }

    /// Whether the disk has room for more than a few blocks.
    boolean hasRoom() {
        try {
            return Files.getFileStore(logFile).getUsableSpace() >= LEAST_ROOM_BYTES;
        } catch (IOException _) {
            // It can't be asked: a commit shows.
            return true;
        }
    }

    /// Runs statements one by one, each on its own.
    DbExecute direct() {
        return writer.execute();
    }

    /// Whether so many blocks are free that it pays to give some back: a good part of the file. The others are used
    /// again.
    boolean hasManyFreeBlocks() {
        long free = number(FREE_BLOCKS);
        return free > FEW_BLOCKS && free > number(BLOCKS) / SMALL_PART;
    }

    private long number(Sql query) {
        return query.get(direct()).orElseThrow().column(1).get(Number.class).longValue();
    }

    /// Moves some blocks from the end of the file to free ones, and cuts it off there: it gets shorter with the next
    /// checkpoint. Nobody needs to know, so nothing is synced.
    void giveBlocksBack() {
        // Not as a query: SQLite reports each block as a row, of no columns, and DbClient asks for the first alone.
        try (Connection connection = writing.connection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(GIVE_BACK);
        } catch (SQLException e) {
            throw new StorageException("free blocks can't be given back: " + e.getMessage(), e);
        }
    }

    /// Begins a transaction that may write. For one thread at a time.
    Transaction begin() {
        return new Transaction(writer, this::sync);
    }

    private void sync() {
        try {
            if (log.isEmpty()) {
                // The commit has made it, and SQLite keeps it as long as a connection is open.
                log = Optional.of(FileChannel.open(logFile, StandardOpenOption.WRITE));
            }
            log.get().force(false);
        } catch (IOException e) {
            throw new UncheckedIOException("the log can't be synced", e);
        }
    }

    /// Runs statements that all see the same state: that of the first one's moment.
    ///
    /// @throws StorageException once it is closed, and where the caller is interrupted
    <T> T snapshot(Function<Transaction, T> reads) {
        return onReadersThread(() -> read(reads));
    }

    /// Runs something long where it keeps no request waiting.
    <T> T onReadersThread(Callable<T> work) {
        try {
            return result(readers.submit(work));
        } catch (RejectedExecutionException e) {
            throw new StorageException("the store is closed", e);
        }
    }

    private static <T> T result(Future<T> read) {
        try {
            return read.get();
        } catch (InterruptedException e) {
            read.cancel(false);
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while waiting for a read", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    private <T> T read(Function<Transaction, T> reads) {
        Transaction transaction = new Transaction(reader, () -> {});
        try {
            return reads.apply(transaction);
        } finally {
            // There is nothing to commit, and after some errors that can be got over, nothing that could be.
            transaction.rollback();
        }
    }

    /// Lets the reads end that have begun or wait.
    @Override
    public void close() throws SQLException {
        readers.close();
        reading.close();
        writing.close();
        try {
            if (log.isPresent()) {
                log.get().close();
            }
        } catch (IOException e) {
            throw new SQLException("the log can't be closed", e);
        }
    }
}
