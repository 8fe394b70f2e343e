package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Events where they stay: many in a row, so that a page of a stream lies in few.
///
/// A chunk holds the events of one stream from `first` to `last`, without a gap to the chunk before; `data` are runs
/// ([Packed]), and `events` and `bytes` tell how much that is, without it. What settles is put behind a stream's last
/// chunk as long as that is small, so that a stream which grows by one event now and then has few chunks, too. Rows lie
/// in the order in which they came: clustered by stream, half of each block would stay empty, since SQLite splits
/// blocks in the middle.
final class ChunkTable {
    static final String CREATE = """
            CREATE TABLE chunk (
              id     INTEGER PRIMARY KEY,
              stream INTEGER NOT NULL,
              first  BLOB    NOT NULL,
              last   BLOB    NOT NULL,
              events INTEGER NOT NULL,
              bytes  INTEGER NOT NULL,
              data   BLOB    NOT NULL
            )""";
    static final String CREATE_INDEX = "CREATE UNIQUE INDEX chunk_first ON chunk (stream, first)";
    /// The last event of the stream `stream.id`, for queries of streams.
    static final String LAST_OF_STREAM =
            "(SELECT chunk.last FROM chunk WHERE chunk.stream = stream.id ORDER BY first DESC LIMIT 1)";
    /// Where settling events lie while it is found out which chunks take them; gone with its connection.
    static final String CREATE_SETTLING = """
            CREATE TEMP TABLE IF NOT EXISTS settling (
              stream INTEGER NOT NULL,
              first  BLOB    NOT NULL,
              last   BLOB    NOT NULL,
              events INTEGER NOT NULL,
              bytes  INTEGER NOT NULL,
              data   BLOB    NOT NULL,
              joins  INTEGER NOT NULL,
              chunk  INTEGER
            )""";

    private static final int CHUNK_BYTES = 32 * 1024;
    private static final int SMALL_BYTES = 2 * 1024;
    private static final int MOST_CHUNKS = 64;

    private static final Sql ARRIVE = new Sql(
            "chunk.arrive",
            "INSERT INTO settling (stream, first, last, events, bytes, data, joins) VALUES (?, ?, ?, ?, ?, ?, ?)");
    private static final Sql MATCH = new Sql("chunk.match", """
            UPDATE settling SET chunk =
              (SELECT id FROM chunk WHERE chunk.stream = settling.stream AND bytes < ?1
                 AND first = (SELECT max(first) FROM chunk WHERE chunk.stream = settling.stream))
            WHERE joins""");
    private static final Sql LENGTHEN = new Sql("chunk.lengthen", """
            UPDATE chunk
            SET last = settling.last, events = chunk.events + settling.events, bytes = chunk.bytes + settling.bytes,
              data = CAST(chunk.data || settling.data AS BLOB)
            FROM settling WHERE chunk.id = settling.chunk""");
    private static final Sql ADD = new Sql("chunk.add", """
            INSERT INTO chunk (stream, first, last, events, bytes, data)
            SELECT stream, first, last, events, bytes, data FROM settling WHERE chunk IS NULL ORDER BY rowid""");
    private static final Sql LEAVE = new Sql("chunk.leave", "DELETE FROM settling");

    // Begins with the chunk that may hold the offset in its middle.
    private static final Sql FROM = new Sql("chunk.from", """
            SELECT data FROM chunk
            WHERE stream = ?1 AND first < ?3 AND last >= ?2
              AND first >= coalesce((SELECT max(first) FROM chunk WHERE stream = ?1 AND first <= ?2), ?2)
            ORDER BY first LIMIT ?4""");
    private static final Sql BEFORE = new Sql("chunk.before", """
            SELECT data FROM chunk WHERE stream = ?1 AND first < ?2 ORDER BY first DESC LIMIT 1""");
    private static final Sql DELETE_SOME = new Sql("chunk.delete-some", """
            DELETE FROM chunk WHERE id IN (SELECT id FROM chunk WHERE stream = ? ORDER BY first LIMIT ?)""");

    private ChunkTable() {}

    /// Puts events where they stay, those of each stream behind all it has here.
    static void settle(DbExecute execute, Map<Long, List<Event>> streams) {
        streams.forEach((stream, events) -> arrive(execute, stream, events));
        MATCH.run(execute, SMALL_BYTES);
        LENGTHEN.run(execute);
        ADD.run(execute);
        LEAVE.run(execute);
    }

    private static void arrive(DbExecute execute, long stream, List<Event> events) {
        int begin = 0;
        while (begin < events.size()) {
            int end = begin;
            long bytes = 0;
            while (end < events.size() && bytes < CHUNK_BYTES) {
                bytes += events.get(end).data().length;
                end++;
            }
            List<Event> chunk = events.subList(begin, end);
            ARRIVE.run(
                    execute,
                    stream,
                    chunk.getFirst().offset().bytes(),
                    chunk.getLast().offset().bytes(),
                    chunk.size(),
                    bytes,
                    Packed.run(chunk),
                    begin == 0 && bytes < SMALL_BYTES ? 1 : 0);
            begin = end;
        }
    }

    /// Some events, and whether these are all that were asked for.
    record Events(List<Event> events, boolean areAll) {}

    /// The first events of a stream at an offset or after it and below another, in order: as many bytes as asked for,
    /// or some of them.
    static Events events(DbExecute execute, long stream, Offset from, Offset below, int bytes) {
        int most = Math.min(MOST_CHUNKS, bytes / CHUNK_BYTES + 1);
        List<Event> events = new ArrayList<>();
        List<DbRow> chunks =
                FROM.all(execute, stream, from.bytes(), below.bytes(), most).toList();
        chunks.forEach(row -> addAll(row, events));
        int begin = Event.firstAt(events, from);
        int end = Math.max(begin, Event.firstAt(events, below));
        return new Events(events.subList(begin, end), chunks.size() < most || end < events.size());
    }

    /// The last event of a stream below an offset, and those of its chunk before it; none where there is none.
    static List<Event> before(DbExecute execute, long stream, Offset below) {
        List<Event> events = new ArrayList<>();
        BEFORE.get(execute, stream, below.bytes()).ifPresent(row -> addAll(row, events));
        return events.subList(0, Event.firstAt(events, below));
    }

    private static void addAll(DbRow row, List<Event> events) {
        ByteBuffer data = ByteBuffer.wrap(row.column(1).get(byte[].class));
        while (data.hasRemaining()) {
            events.addAll(Packed.read(data));
        }
    }

    /// Deletes the first chunks of a stream. Returns how many there were, at most `most`.
    static long deleteSome(DbExecute execute, long stream, int most) {
        return DELETE_SOME.run(execute, stream, most);
    }
}
