package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One row for each stream that isn't deleted, or is kept for its forks. How a row becomes a [StreamRow] stands in
/// [StreamColumns].
///
/// `path` is the key; `id` is what events are kept under, never given twice. Of the events nothing is said here, so
/// that neither an append nor its settling needs to touch the row.
///
/// `trimmed` is where retention lets the stream begin, the least offset where it dropped nothing; `retain_seconds`,
/// `retain_bytes` and `retain_events` are what the stream was created to keep, null where it says nothing of that.
///
/// A stream that expires has `expires_millis`, the earliest moment at which it may; where that slides,
/// `ttl_seconds` and `touched_millis`, too. A fork has `parent`, and of the point that was asked for `fork_anchor`
/// and `fork_sub`; that came to all events of the parent below `fork_offset`, of the last one at most
/// `fork_cut_bytes`. `forks` counts the streams whose parent this one is.
final class StreamTable {
    static final String CREATE = """
            CREATE TABLE stream (
              id             INTEGER PRIMARY KEY,
              path           TEXT    NOT NULL UNIQUE,
              created        BLOB    NOT NULL,
              content_type   TEXT    NOT NULL,
              trimmed        BLOB    NOT NULL,
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
              forks          INTEGER NOT NULL DEFAULT 0,
              fork_anchor    BLOB,
              fork_sub       INTEGER,
              retain_seconds INTEGER,
              retain_bytes   INTEGER,
              retain_events  INTEGER
            )""";
    static final String CREATE_EXPIRY =
            "CREATE INDEX stream_expiry ON stream (expires_millis) WHERE expires_millis IS NOT NULL";
    private static final String IS_RETAINED =
            "(retain_seconds IS NOT NULL OR retain_bytes IS NOT NULL OR retain_events IS NOT NULL)";
    static final String CREATE_RETAINED = "CREATE INDEX stream_retained ON stream (path) WHERE " + IS_RETAINED;
    /// What one of version 4 lacks, too.
    static final String CREATE_FORKS = "CREATE INDEX stream_forks ON stream (parent, path) WHERE parent IS NOT NULL";
    /// What a database of version 1 lacks.
    static final List<String> SINCE_1 =
            List.of("ALTER TABLE stream ADD COLUMN fork_anchor BLOB", "ALTER TABLE stream ADD COLUMN fork_sub INTEGER");
    /// What one of version 2 has and nobody needs.
    static final List<String> SINCE_2 = List.of(
            "ALTER TABLE stream DROP COLUMN last",
            "ALTER TABLE stream DROP COLUMN events",
            "ALTER TABLE stream DROP COLUMN bytes");

    /// What one of version 3 lacks.
    static final List<String> SINCE_3 = List.of(
            "ALTER TABLE stream ADD COLUMN retain_seconds INTEGER",
            "ALTER TABLE stream ADD COLUMN retain_bytes INTEGER",
            "ALTER TABLE stream ADD COLUMN retain_events INTEGER",
            CREATE_RETAINED);

    private static final Sql FIND = new Sql("stream.find", StreamColumns.SELECT + "WHERE path = ?");
    private static final Sql FIND_BY_ID = new Sql("stream.find-by-id", StreamColumns.SELECT + "WHERE id = ?");
    // A path is ASCII below 7F, which therefore is behind every path that begins with the prefix.
    private static final Sql LIST = new Sql("stream.list", StreamColumns.SELECT + """
            WHERE path > ?1 AND path >= ?2 AND path < ?2 || char(127) AND state <> 'SOFT_DELETED'
            ORDER BY path LIMIT ?3""");
    private static final Sql FORKS_OF = new Sql(
            "stream.forks-of",
            "SELECT path FROM stream WHERE parent = ? AND state <> 'SOFT_DELETED' ORDER BY path LIMIT ?");
    private static final Sql RETAINED = new Sql(
            "stream.retained", StreamColumns.SELECT + "WHERE path > ? AND " + IS_RETAINED + " ORDER BY path LIMIT ?");
    private static final Sql EXPIRED = new Sql("stream.expired", """
            SELECT path FROM stream
            WHERE expires_millis <= ? AND state <> 'SOFT_DELETED' ORDER BY expires_millis LIMIT ?""");
    private static final Sql INSERT = new Sql("stream.insert", """
            INSERT INTO stream
              (id, path, created, content_type, trimmed, state, closer, closer_epoch, closer_seq,
               ttl_seconds, expires_millis, touched_millis, parent, fork_anchor, fork_sub, fork_offset, fork_cut_bytes,
               retain_seconds, retain_bytes, retain_events)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""");
    private static final Sql STATE = new Sql(
            "stream.state", "UPDATE stream SET state = ?, closer = ?, closer_epoch = ?, closer_seq = ? WHERE id = ?");
    private static final Sql WRITER_SEQ = new Sql("stream.writer-seq", "UPDATE stream SET stream_seq = ? WHERE id = ?");
    private static final Sql TRIMMED = new Sql("stream.trimmed", "UPDATE stream SET trimmed = ? WHERE id = ?");
    private static final Sql FORKS = new Sql("stream.forks", "UPDATE stream SET forks = ? WHERE id = ?");
    private static final Sql TOUCH = new Sql("stream.touch", """
            UPDATE stream SET touched_millis = max(touched_millis, ?1),
              expires_millis = max(touched_millis, ?1) + ttl_seconds * 1000
            WHERE path = ?2 AND ttl_seconds IS NOT NULL""");
    private static final Sql DELETE = new Sql("stream.delete", "DELETE FROM stream WHERE id = ?");
    private static final Sql LINE =
            new Sql("stream.line", """
            WITH RECURSIVE line (ancestor, depth) AS (
              SELECT ?, 1
              UNION ALL SELECT parent, depth + 1 FROM line JOIN stream ON id = ancestor WHERE parent IS NOT NULL)
            """ + StreamColumns.SELECT + "JOIN line ON id = ancestor ORDER BY depth");

    private StreamTable() {}

    static Optional<StreamRow> find(DbExecute execute, StreamKey key) {
        return FIND.get(execute, key.path()).map(StreamColumns::row);
    }

    static Optional<StreamRow> find(DbExecute execute, long id) {
        return FIND_BY_ID.get(execute, id).map(StreamColumns::row);
    }

    /// The streams whose path begins with a prefix and comes after another, in order.
    static List<StreamRow> list(DbExecute execute, String prefix, String after, int limit) {
        return LIST.all(execute, after, prefix, limit).map(StreamColumns::row).toList();
    }

    /// The streams whose source this one is, in the order of their paths.
    static List<StreamKey> forks(DbExecute execute, long stream, int limit) {
        return FORKS_OF.all(execute, stream, limit)
                .map(row -> new StreamKey(row.column(1).get(String.class)))
                .toList();
    }

    /// The streams that were created with a retention, after a path, in order.
    static List<StreamRow> retained(DbExecute execute, String after, int limit) {
        return RETAINED.all(execute, after, limit).map(StreamColumns::row).toList();
    }

    /// Streams that may have expired, the longest dead first.
    static List<StreamKey> expired(DbExecute execute, long nowMillis, int limit) {
        return EXPIRED.all(execute, nowMillis, limit)
                .map(row -> new StreamKey(row.column(1).get(String.class)))
                .toList();
    }

    /// A stream, its source, the source's source, and so on; of these the tails as far as their events have settled.
    static List<StreamRow> line(DbExecute execute, StreamRow row) {
        return switch (row.birth().lineage()) {
            case Lineage.Root _ -> List.of(row);
            case Lineage.Forked fork -> {
                List<StreamRow> line = new ArrayList<>(List.of(row));
                LINE.all(execute, fork.parent()).map(StreamColumns::row).forEach(line::add);
                yield line;
            }
        };
    }

    static void insert(DbExecute execute, StreamRow row) {
        INSERT.run(execute, StreamColumns.values(row));
    }

    static void writeState(DbExecute execute, StreamRow row) {
        StreamColumns.Closer closer = StreamColumns.Closer.of(row.closer());
        STATE.run(execute, row.state().name(), closer.id(), closer.epoch(), closer.seq(), row.id());
    }

    static void writeWriterSeq(DbExecute execute, StreamRow row) {
        WRITER_SEQ.run(execute, StreamColumns.bytes(row.writerSeq()), row.id());
    }

    static void writeTrimmed(DbExecute execute, StreamRow row) {
        TRIMMED.run(execute, row.trimmed().bytes(), row.id());
    }

    static void writeForks(DbExecute execute, StreamRow row) {
        FORKS.run(execute, row.forks(), row.id());
    }

    static void touch(DbExecute execute, Map.Entry<StreamKey, Long> touch) {
        TOUCH.run(execute, touch.getValue(), touch.getKey().path());
    }

    static void delete(DbExecute execute, long id) {
        DELETE.run(execute, id);
    }
}
