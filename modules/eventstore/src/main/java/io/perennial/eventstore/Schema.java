package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// The tables' version, and how they come into being.
///
/// `user_version` in the file's header is the version: 0 is a file without tables. Each table's statement stands
/// with the class that reads and writes it. An older database is brought up to date when it is opened, after a
/// copy of it was laid beside it; there is no way back but that copy.
final class Schema {
    private static final Logger LOG = System.getLogger(Schema.class.getName());
    private static final int VERSION = 5;
    private static final List<String> EVENTS = List.of(ChunkTable.CREATE, ChunkTable.CREATE_INDEX, JournalTable.CREATE);
    private static final List<String> OTHERS = List.of(
            MintTable.CREATE,
            StreamTable.CREATE,
            StreamTable.CREATE_EXPIRY,
            StreamTable.CREATE_RETAINED,
            StreamTable.CREATE_FORKS,
            ProducerTable.CREATE,
            ReclaimTable.CREATE,
            DocumentTable.CREATE);

    private Schema() {}

    /// @param file the database's, beside which the copy of an older one is laid
    /// @throws StorageException where the file is of a newer version, or another program's
    static void prepare(Database database, Path file) throws IOException {
        long version = number(database.direct(), "PRAGMA user_version");
        if (version > VERSION) {
            throw new StorageException("the database has version " + version + ", and this program knows up to "
                    + VERSION + ": it was written by a newer one");
        }
        database.direct().dml(ChunkTable.CREATE_SETTLING);
        if (version == 0) {
            if (number(database.direct(), "SELECT count(*) FROM sqlite_schema") > 0) {
                throw new StorageException("the database was written by another program");
            }
            giveBack(database);
            write(database, execute -> {
                OTHERS.forEach(execute::dml);
                EVENTS.forEach(execute::dml);
            });
        } else if (version < VERSION) {
            Path copy = file.resolveSibling(file.getFileName() + ".v" + version);
            // One that was broken off, or is of a migration that was.
            Files.deleteIfExists(copy);
            new Sql("schema.copy", "VACUUM INTO ?").run(database.direct(), copy.toString());
            write(database, execute -> migrate(execute, version));
            giveBack(database);
            LOG.log(Level.INFO, "store.migrated from=" + version + " to=" + VERSION + " copy=" + copy);
        }
    }

    /// @throws StorageException where it isn't of the version that this program writes
    static void requireCurrent(Database database) {
        long version = number(database.direct(), "PRAGMA user_version");
        if (version != VERSION) {
            throw new StorageException("the database has version " + version + ", and this program reads " + VERSION
                    + ": a server of this version that is started on it brings it up to date");
        }
    }

    private static void migrate(DbExecute execute, long version) {
        if (version == 1) {
            StreamTable.SINCE_1.forEach(execute::dml);
            execute.dml(StreamTable.CREATE_EXPIRY);
            execute.dml(DocumentTable.CREATE);
        }
        if (version < 3) {
            StreamTable.SINCE_2.forEach(execute::dml);
            EVENTS.forEach(execute::dml);
            SingleEvents.settle(execute);
        } else if (version == 3) {
            ChunkTable.SINCE_3.forEach(execute::dml);
        }
        if (version < 4) {
            StreamTable.SINCE_3.forEach(execute::dml);
        }
        execute.dml(StreamTable.CREATE_FORKS);
    }

    // From now on the file can be made shorter where blocks are free. It takes a rewrite of the whole file, which is
    // why it is done where there is none or it was rewritten just now.
    private static void giveBack(Database database) {
        database.direct().dml("PRAGMA auto_vacuum = INCREMENTAL");
        database.direct().dml("VACUUM");
    }

    private static void write(Database database, Consumer<DbExecute> statements) {
        Transaction transaction = database.begin();
        try {
            statements.accept(transaction.execute());
            transaction.execute().dml("PRAGMA user_version = " + VERSION);
        } catch (RuntimeException e) {
            transaction.rollback();
            throw e;
        }
        transaction.commit();
    }

    private static long number(DbExecute execute, String query) {
        return execute.get(query).orElseThrow().column(1).get(Number.class).longValue();
    }
}
