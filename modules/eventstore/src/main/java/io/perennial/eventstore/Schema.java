package io.perennial.eventstore;

import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.DbExecute;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The tables' version, and how they come into being.
///
/// `user_version` in the file's header is the version: 0 is a file without tables. Each table's statement stands
/// with the class that reads and writes it. An older database is brought up to date when it is opened, after a
/// copy of it was laid beside it; there is no way back but that copy.
final class Schema {
    private static final Logger LOG = System.getLogger(Schema.class.getName());
    private static final int VERSION = 3;
    private static final List<String> TABLES = List.of(
            MintTable.CREATE,
            StreamTable.CREATE,
            StreamTable.CREATE_EXPIRY,
            EventTable.CREATE,
            EventTable.CREATE_RECENT,
            ProducerTable.CREATE,
            ReclaimTable.CREATE,
            DocumentTable.CREATE);
    private static final List<String> SINCE_1 = Stream.concat(
                    StreamTable.SINCE_1.stream(), Stream.of(StreamTable.CREATE_EXPIRY, DocumentTable.CREATE))
            .toList();
    private static final List<String> SINCE_2 = EventTable.SINCE_2;

    private Schema() {}

    /// @param file the database's, beside which the copy of an older one is laid
    /// @throws StorageException where the file is of a newer version, or another program's
    static void prepare(Database database, Path file) throws IOException {
        long version = number(database.direct(), "PRAGMA user_version");
        if (version > VERSION) {
            throw new StorageException("the database has version " + version + ", and this program knows up to "
                    + VERSION + ": it was written by a newer one");
        }
        if (version == 0) {
            if (number(database.direct(), "SELECT count(*) FROM sqlite_schema") > 0) {
                throw new StorageException("the database was written by another program");
            }
            write(database, TABLES);
        } else if (version < VERSION) {
            Path copy = file.resolveSibling(file.getFileName() + ".v" + version);
            // One that was broken off, or is of a migration that was.
            Files.deleteIfExists(copy);
            new Sql("schema.copy", "VACUUM INTO ?").run(database.direct(), copy.toString());
            write(
                    database,
                    version == 1
                            ? Stream.concat(SINCE_1.stream(), SINCE_2.stream()).toList()
                            : SINCE_2);
            LOG.log(Level.INFO, "store.migrated from=" + version + " to=" + VERSION + " copy=" + copy);
        }
    }

    private static void write(Database database, List<String> statements) {
        Transaction transaction = database.begin();
        try {
            statements.forEach(statement -> transaction.execute().dml(statement));
            transaction.execute().dml("PRAGMA user_version = " + VERSION);
        } catch (DbClientException e) {
            transaction.rollback();
            throw e;
        }
        transaction.commit();
    }

    private static long number(DbExecute execute, String query) {
        return execute.get(query).orElseThrow().column(1).get(Number.class).longValue();
    }
}
