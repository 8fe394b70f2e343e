package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import java.util.Optional;

/// Deleted streams whose events still take room: they are removed piece by piece between commits, also after a
/// restart, so that the deletion of a long stream holds nobody up.
final class ReclaimTable {
    static final String CREATE = "CREATE TABLE reclaim (stream INTEGER PRIMARY KEY)";

    private static final Sql ADD = new Sql("reclaim.add", "INSERT INTO reclaim (stream) VALUES (?)");
    private static final Sql FIRST = new Sql("reclaim.first", "SELECT stream FROM reclaim ORDER BY stream LIMIT 1");
    private static final Sql REMOVE = new Sql("reclaim.remove", "DELETE FROM reclaim WHERE stream = ?");

    private ReclaimTable() {}

    static void add(DbExecute execute, long stream) {
        ADD.run(execute, stream);
    }

    static Optional<Long> first(DbExecute execute) {
        return FIRST.get(execute).map(row -> row.column(1).get(Number.class).longValue());
    }

    static void remove(DbExecute execute, long stream) {
        REMOVE.run(execute, stream);
    }
}
