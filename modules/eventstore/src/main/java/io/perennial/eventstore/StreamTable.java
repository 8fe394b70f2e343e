package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import io.perennial.eventstore.Producer.Idempotent;
import io.perennial.eventstore.StreamRow.State;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One row for each stream that isn't deleted.
///
/// `path` is the key; `id` is what events are kept under, never given twice. `last`, `events` and `bytes` speak of the
/// settled events alone, so that an append needn't touch the row; `last` is null before the first.
///
/// The columns from `stream_seq` on are for writer sequences, expiry and forks: `forks` counts the streams that read
/// from this one below `fork_offset`, and `fork_cut_bytes` is how much of the event there belongs to the fork.
final class StreamTable {
    static final String CREATE = """
            CREATE TABLE stream (
              id             INTEGER PRIMARY KEY,
              path           TEXT    NOT NULL UNIQUE,
              created        BLOB    NOT NULL,
              content_type   TEXT    NOT NULL,
              last           BLOB,
              trimmed        BLOB    NOT NULL,
              events         INTEGER NOT NULL,
              bytes          INTEGER NOT NULL,
              state          TEXT    NOT NULL,
              closer         TEXT,
              closer_epoch   INTEGER,
              closer_seq     INTEGER,
              stream_seq     BLOB,
              ttl_seconds    INTEGER,
              expires_millis INTEGER,
              touched_millis INTEGER,
              parent         INTEGER REFERENCES stream (id),
              fork_offset    BLOB,
              fork_cut_bytes INTEGER,
              forks          INTEGER NOT NULL DEFAULT 0
            )""";

    private static final Sql FIND = new Sql("stream.find", """
            SELECT id, created, content_type,
                   coalesce((SELECT max(offset) FROM recent WHERE recent.stream = stream.id), last),
                   trimmed, events, bytes, state, closer, closer_epoch, closer_seq
            FROM stream WHERE path = ?""");
    private static final Sql INSERT = new Sql("stream.insert", """
            INSERT INTO stream
              (id, path, created, content_type, trimmed, events, bytes, state, closer, closer_epoch, closer_seq)
            VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?)""");
    private static final Sql CLOSE = new Sql(
            "stream.close", "UPDATE stream SET state = ?, closer = ?, closer_epoch = ?, closer_seq = ? WHERE id = ?");
    private static final Sql SETTLE = new Sql("stream.settle", """
            UPDATE stream
            SET last = settled.last, events = stream.events + settled.events, bytes = stream.bytes + settled.bytes
            FROM (SELECT stream, max(offset) AS last, count(*) AS events, sum(size) AS bytes
                  FROM recent GROUP BY stream) AS settled
            WHERE stream.id = settled.stream""");
    private static final Sql DELETE = new Sql("stream.delete", "DELETE FROM stream WHERE id = ?");

    private StreamTable() {}

    static Optional<StreamRow> find(DbExecute execute, StreamKey key) {
        return FIND.get(execute, key.path()).map(row -> row(key, row));
    }

    private static StreamRow row(StreamKey key, DbRow row) {
        return new StreamRow(
                number(row, 1),
                key,
                Offset.of(row.column(2).get(byte[].class)),
                new ContentType(row.column(3).get(String.class)),
                tail(row),
                Offset.of(row.column(5).get(byte[].class)),
                number(row, 6),
                number(row, 7),
                State.valueOf(row.column(8).get(String.class)),
                row.column(9).get(String.class) == null
                        ? Producer.ANONYMOUS
                        : new Idempotent(row.column(9).get(String.class), number(row, 10), number(row, 11)));
    }

    private static Offset tail(DbRow row) {
        byte[] last = row.column(4).get(byte[].class);
        return last == null
                ? Offset.of(row.column(2).get(byte[].class))
                : Offset.of(last).next();
    }

    private static long number(DbRow row, int column) {
        return row.column(column).get(Number.class).longValue();
    }

    static void insert(DbExecute execute, StreamRow row) {
        Closer closer = Closer.of(row.closer());
        INSERT.run(
                execute,
                row.id(),
                row.key().path(),
                row.created().bytes(),
                row.contentType().value(),
                row.trimmed().bytes(),
                row.state().name(),
                closer.id(),
                closer.epoch(),
                closer.seq());
    }

    static void close(DbExecute execute, StreamRow row) {
        Closer closer = Closer.of(row.closer());
        CLOSE.run(execute, row.state().name(), closer.id(), closer.epoch(), closer.seq(), row.id());
    }

    /// Brings the rows up to date with the recent events, which are about to be settled.
    static void settle(DbExecute execute) {
        SETTLE.run(execute);
    }

    /// The three columns of the append that closed the stream, which are null where it had no producer.
    private record Closer(
            @Nullable String id,
            @Nullable Long epoch,
            @Nullable Long seq) {
        static Closer of(Producer producer) {
            return switch (producer) {
                case Producer.Anonymous _ -> new Closer(null, null, null);
                case Idempotent(String id, long epoch, long seq) -> new Closer(id, epoch, seq);
            };
        }
    }

    static void delete(DbExecute execute, long id) {
        DELETE.run(execute, id);
    }
}
