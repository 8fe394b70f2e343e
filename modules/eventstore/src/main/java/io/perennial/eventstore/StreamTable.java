package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import io.helidon.dbclient.DbStatementDml;
import io.perennial.eventstore.Producer.Idempotent;
import io.perennial.eventstore.StreamRow.State;
import java.util.Optional;

/// One row for each stream that isn't deleted.
///
/// `path` is the key; `id` is what events are kept under, never given twice. The columns from `stream_seq` on are for
/// writer sequences, expiry and forks: `forks` counts the streams that read from this one below `fork_offset`, and
/// `fork_cut_bytes` is how much of the event there belongs to the fork.
final class StreamTable {
    static final String CREATE = """
            CREATE TABLE stream (
              id             INTEGER PRIMARY KEY,
              path           TEXT    NOT NULL UNIQUE,
              created        BLOB    NOT NULL,
              content_type   TEXT    NOT NULL,
              tail           BLOB    NOT NULL,
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

    private static final String FIND = """
            SELECT id, created, content_type, tail, trimmed, events, bytes, state, closer, closer_epoch, closer_seq
            FROM stream WHERE path = ?""";
    private static final String INSERT = """
            INSERT INTO stream
              (id, path, created, content_type, tail, trimmed, events, bytes, state, closer, closer_epoch, closer_seq)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";
    private static final String UPDATE = """
            UPDATE stream SET tail = ?, events = ?, bytes = ?, state = ?, closer = ?, closer_epoch = ?, closer_seq = ?
            WHERE id = ?""";
    private static final String DELETE = "DELETE FROM stream WHERE id = ?";

    private StreamTable() {}

    static Optional<StreamRow> find(DbExecute execute, StreamKey key) {
        return execute.get(FIND, key.path()).map(row -> row(key, row));
    }

    private static StreamRow row(StreamKey key, DbRow row) {
        return new StreamRow(
                number(row, 1),
                key,
                Offset.of(row.column(2).get(byte[].class)),
                new ContentType(row.column(3).get(String.class)),
                Offset.of(row.column(4).get(byte[].class)),
                Offset.of(row.column(5).get(byte[].class)),
                number(row, 6),
                number(row, 7),
                State.valueOf(row.column(8).get(String.class)),
                row.column(9).get(String.class) == null
                        ? Producer.ANONYMOUS
                        : new Idempotent(row.column(9).get(String.class), number(row, 10), number(row, 11)));
    }

    private static long number(DbRow row, int column) {
        return row.column(column).get(Number.class).longValue();
    }

    static void insert(DbExecute execute, StreamRow row) {
        var statement = execute.createInsert(INSERT)
                .addParam(row.id())
                .addParam(row.key().path())
                .addParam(row.created().bytes())
                .addParam(row.contentType().value())
                .addParam(row.tail().bytes())
                .addParam(row.trimmed().bytes())
                .addParam(row.events())
                .addParam(row.bytes())
                .addParam(row.state().name());
        closer(statement, row.closer()).execute();
    }

    static void update(DbExecute execute, StreamRow row) {
        var statement = execute.createUpdate(UPDATE)
                .addParam(row.tail().bytes())
                .addParam(row.events())
                .addParam(row.bytes())
                .addParam(row.state().name());
        closer(statement, row.closer()).addParam(row.id()).execute();
    }

    private static DbStatementDml closer(DbStatementDml statement, Producer closer) {
        return switch (closer) {
            case Producer.Anonymous _ ->
                statement.addParam((Object) null).addParam((Object) null).addParam((Object) null);
            case Idempotent(String id, long epoch, long seq) ->
                statement.addParam(id).addParam(epoch).addParam(seq);
        };
    }

    static void delete(DbExecute execute, long id) {
        execute.dml(DELETE, id);
    }
}
