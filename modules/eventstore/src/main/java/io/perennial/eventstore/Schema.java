package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import java.util.List;

/// The tables' version, and how they come into being.
///
/// `user_version` in the file's header is the version: 0 is a file without tables. Each table's statement stands with
/// the class that reads and writes it.
final class Schema {
    private static final int VERSION = 1;

    private Schema() {}

    static void prepare(Database database) {
        DbExecute execute = database.direct();
        long version = execute.get("PRAGMA user_version")
                .orElseThrow()
                .column(1)
                .get(Number.class)
                .longValue();
        if (version > VERSION) {
            throw new StorageException("the database has version " + version + ", and this program knows up to "
                    + VERSION + ": it was written by a newer one");
        }
        if (version == 0) {
            var transaction = database.begin();
            List.of(MintTable.CREATE, StreamTable.CREATE, EventTable.CREATE, ProducerTable.CREATE, ReclaimTable.CREATE)
                    .forEach(transaction.execute()::dml);
            transaction.execute().dml("PRAGMA user_version = " + VERSION);
            transaction.commit();
        }
    }
}
