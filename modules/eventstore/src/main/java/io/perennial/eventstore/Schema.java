package io.perennial.eventstore;

import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.DbExecute;
import java.util.List;

/// The tables' version, and how they come into being.
///
/// `user_version` in the file's header is the version: 0 is a file without tables. Each table's statement stands with
/// the class that reads and writes it.
final class Schema {
    private static final int VERSION = 1;
    private static final List<String> TABLES = List.of(
            MintTable.CREATE,
            StreamTable.CREATE,
            EventTable.CREATE,
            EventTable.CREATE_RECENT,
            ProducerTable.CREATE,
            ReclaimTable.CREATE);

    private Schema() {}

    /// @throws StorageException where the file is of a newer version, or another program's
    static void prepare(Database database) {
        long version = number(database.direct(), "PRAGMA user_version");
        if (version > VERSION) {
            throw new StorageException("the database has version " + version + ", and this program knows up to "
                    + VERSION + ": it was written by a newer one");
        }
        if (version < VERSION && number(database.direct(), "SELECT count(*) FROM sqlite_schema") > 0) {
            throw new StorageException("the database was written by another program");
        }
        if (version < VERSION) {
            create(database);
        }
    }

    private static void create(Database database) {
        Transaction transaction = database.begin();
        try {
            TABLES.forEach(statement -> transaction.execute().dml(statement));
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
