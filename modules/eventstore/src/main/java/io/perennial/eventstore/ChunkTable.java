package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Events where they stay: many in a row, so that a page of a stream lies in few.
///
/// A chunk holds the events of one stream from `first` to `last`, without a gap to the chunk before; `data` are runs
/// ([Packed]), and `events` and `bytes` tell how much that is, without it. `events_before` and `bytes_before` are
/// the sums of the stream's chunks before this one, also of those that retention dropped since: the difference of two
/// chunks is what lies between them. What settles is put behind a stream's last
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
              events_before INTEGER NOT NULL,
              bytes_before  INTEGER NOT NULL,
              data   BLOB    NOT NULL
            )""";
    static final String CREATE_INDEX = "CREATE UNIQUE INDEX chunk_first ON chunk (stream, first)";
    /// The last event of the stream `stream.id`, for queries of streams.
    static final String LAST_OF_STREAM =
            "(SELECT chunk.last FROM chunk WHERE chunk.stream = stream.id ORDER BY first DESC LIMIT 1)";
    /// What a database of version 3 lacks.
    static final List<String> SINCE_3 = List.of(
            "DROP INDEX chunk_first",
            "ALTER TABLE chunk RENAME TO chunk_3",
            CREATE,
            """
            INSERT INTO chunk (id, stream, first, last, events, bytes, events_before, bytes_before, data)
            SELECT id, stream, first, last, events, bytes,
                   sum(events) OVER line - events, sum(bytes) OVER line - bytes, data
            FROM chunk_3 WINDOW line AS (PARTITION BY stream ORDER BY first)""",
            "DROP TABLE chunk_3",
            CREATE_INDEX);
    /// Where settling events lie while it is found out which chunks take them; gone with its connection.
    static final String CREATE_SETTLING = """
            CREATE TEMP TABLE IF NOT EXISTS settling (
              stream INTEGER NOT NULL,
              first  BLOB    NOT NULL,
              last   BLOB    NOT NULL,
              events INTEGER NOT NULL,
              bytes  INTEGER NOT NULL,
              events_before INTEGER NOT NULL,
              bytes_before  INTEGER NOT NULL,
              data   BLOB    NOT NULL,
              joins  INTEGER NOT NULL,
              chunk  INTEGER
            )""";

    private static final int CHUNK_BYTES = 32 * 1024;
    private static final int SMALL_BYTES = 2 * 1024;
    private static final int MOST_CHUNKS = 64;

    private static final Sql ARRIVE = new Sql(
            "chunk.arrive",
            "INSERT INTO settling (stream, first, last, events, bytes, events_before, bytes_before, data, joins)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    private static final Sql MATCH = new Sql("chunk.match", """
            UPDATE settling
            SET chunk = iif(joins AND end.bytes < ?1, end.id, NULL),
              events_before = settling.events_before + end.events_before + end.events,
              bytes_before = settling.bytes_before + end.bytes_before + end.bytes
            FROM chunk AS end
            WHERE end.stream = settling.stream
              AND end.first = (SELECT max(first) FROM chunk WHERE chunk.stream = settling.stream)""");
    private static final Sql LENGTHEN = new Sql("chunk.lengthen", """
            UPDATE chunk
            SET last = settling.last, events = chunk.events + settling.events, bytes = chunk.bytes + settling.bytes,
              data = CAST(chunk.data || settling.data AS BLOB)
            FROM settling WHERE chunk.id = settling.chunk""");
    private static final Sql ADD = new Sql("chunk.add", """
            INSERT INTO chunk (stream, first, last, events, bytes, events_before, bytes_before, data)
            SELECT stream, first, last, events, bytes, events_before, bytes_before, data
            FROM settling WHERE chunk IS NULL ORDER BY rowid""");
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
            DELETE FROM chunk WHERE id IN
              (SELECT id FROM chunk WHERE stream = ?1 AND first < ?2 AND last < ?2 ORDER BY first LIMIT ?3)""");
    private static final String PLACES =
            "SELECT first, last, events, bytes, events_before, bytes_before FROM chunk WHERE stream = ? ";
    private static final Sql BEGINNING = new Sql("chunk.beginning", PLACES + "ORDER BY first LIMIT ?");
    private static final Sql END = new Sql("chunk.end", PLACES + "ORDER BY first DESC LIMIT 1");

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
        long bytesBefore = 0;
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
                    begin,
                    bytesBefore,
                    Packed.run(chunk),
                    begin == 0 && bytes < SMALL_BYTES ? 1 : 0);
            begin = end;
            bytesBefore += bytes;
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

    /// Those of a row that begins with `data`.
    static List<Event> events(DbRow row) {
        List<Event> events = new ArrayList<>();
        addAll(row, events);
        return events;
    }

    /// The events of one chunk.
    static List<Event> events(DbExecute execute, long stream, Place place) {
        return events(execute, stream, place.first(), place.last().next(), 1).events();
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

    /// How much a stream's chunks came to since its beginning, or since it had none.
    record Sum(long events, long bytes) {
        static final Sum NOTHING = new Sum(0, 0);

        /// With these events.
        Sum and(List<Event> more) {
            long sum = bytes;
            for (Event event : more) {
                sum += event.data().length;
            }
            return new Sum(events + more.size(), sum);
        }

        boolean isBelow(Sum other) {
            return events < other.events || bytes < other.bytes;
        }
    }

    static Sum sum(DbExecute execute, long stream) {
        return last(execute, stream).map(Place::end).orElse(Sum.NOTHING);
    }

    /// Where a chunk lies.
    ///
    /// @param before how much lies in front of it
    /// @param end the same with its own
    record Place(Offset first, Offset last, Sum before, Sum end) {}

    /// The first chunks of a stream.
    static List<Place> places(DbExecute execute, long stream, int most) {
        return BEGINNING.all(execute, stream, most).map(ChunkTable::place).toList();
    }

    /// The last chunk of a stream.
    static Optional<Place> last(DbExecute execute, long stream) {
        return END.get(execute, stream).map(ChunkTable::place);
    }

    private static Place place(DbRow row) {
        Sum before = new Sum(number(row, 5), number(row, 6));
        return new Place(
                Offset.of(row.column(1).get(byte[].class)),
                Offset.of(row.column(2).get(byte[].class)),
                before,
                new Sum(before.events() + number(row, 3), before.bytes() + number(row, 4)));
    }

    private static long number(DbRow row, int column) {
        return row.column(column).get(Number.class).longValue();
    }

    /// Deletes the first chunks of a stream. Returns how many there were, at most `most`.
    static long deleteSome(DbExecute execute, long stream, int most) {
        return deleteSome(execute, stream, Offset.GREATEST, most);
    }

    /// The same, of those that lie wholly in front of an offset.
    static long deleteSome(DbExecute execute, long stream, Offset below, int most) {
        return DELETE_SOME.run(execute, stream, below.bytes(), most);
    }
}
