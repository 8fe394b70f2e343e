package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import java.util.List;

/// What is known of each producer on each stream; kept as long as the stream.
final class ProducerTable {
    static final String CREATE = """
            CREATE TABLE producer (
              stream INTEGER NOT NULL,
              id     TEXT    NOT NULL,
              epoch  INTEGER NOT NULL,
              seq    INTEGER NOT NULL,
              PRIMARY KEY (stream, id)
            ) WITHOUT ROWID""";

    private static final Sql FIND =
            new Sql("producer.find", "SELECT epoch, seq FROM producer WHERE stream = ? AND id = ?");
    private static final Sql WRITE = new Sql("producer.write", """
            INSERT INTO producer (stream, id, epoch, seq) VALUES (?, ?, ?, ?)
            ON CONFLICT (stream, id) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq""");
    private static final Sql LIST =
            new Sql("producer.list", "SELECT id, epoch, seq FROM producer WHERE stream = ? ORDER BY id LIMIT ?");
    private static final Sql DELETE = new Sql("producer.delete", "DELETE FROM producer WHERE stream = ?");

    private ProducerTable() {}

    static ProducerRow find(DbExecute execute, long stream, String id) {
        return FIND.get(execute, stream, id)
                .<ProducerRow>map(row -> new ProducerRow.Known(
                        row.column(1).get(Number.class).longValue(),
                        row.column(2).get(Number.class).longValue()))
                .orElse(ProducerRow.UNKNOWN);
    }

    /// All that are known on a stream, with their last appends, in the order of their ids.
    static List<Producer.Idempotent> list(DbExecute execute, long stream, int limit) {
        return LIST.all(execute, stream, limit)
                .map(row -> new Producer.Idempotent(
                        row.column(1).get(String.class),
                        row.column(2).get(Number.class).longValue(),
                        row.column(3).get(Number.class).longValue()))
                .toList();
    }

    static void write(DbExecute execute, long stream, Producer.Idempotent append) {
        WRITE.run(execute, stream, append.id(), append.epoch(), append.seq());
    }

    static void delete(DbExecute execute, long stream) {
        DELETE.run(execute, stream);
    }
}
