package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The events, clustered by stream and offset, so that a page lies in few blocks of the file.
///
/// `rest` counts the events of the same append behind this one: where an append ends is where it is 0.
///
/// A page is read as one value, which SQLite puts together: for each event 16 bytes of offset, 8 hexadecimal digits of
/// length, and the data. Row by row DbClient would look up each column's type for each row again, at about six times
/// the
/// cost.
final class EventTable {
    static final String CREATE = """
            CREATE TABLE event (
              stream INTEGER NOT NULL,
              offset BLOB    NOT NULL,
              rest   INTEGER NOT NULL,
              size   INTEGER NOT NULL,
              data   BLOB    NOT NULL,
              PRIMARY KEY (stream, offset)
            ) WITHOUT ROWID""";

    private static final String INSERT = "INSERT INTO event (stream, offset, rest, size, data) VALUES (?, ?, ?, ?, ?)";

    // The inner query finds where the page ends by sizes alone and touches no data.
    private static final String PAGE = """
            SELECT CAST(group_concat(offset || printf('%08x', size) || data, '') AS BLOB)
            FROM (SELECT offset, size, data FROM event
                  WHERE stream = ?1 AND offset >= ?2 AND offset <=
                    (SELECT max(offset) FROM
                      (SELECT offset, sum(size) OVER (ORDER BY offset ROWS UNBOUNDED PRECEDING) - size AS before FROM
                        (SELECT offset, size FROM event
                         WHERE stream = ?1 AND offset >= ?2 AND offset < ?3 ORDER BY offset LIMIT ?4))
                     WHERE before < ?5)
                  ORDER BY offset)""";

    private static final String DELETE_SOME = """
            DELETE FROM event WHERE stream = ?1 AND offset <=
              (SELECT max(offset) FROM (SELECT offset FROM event WHERE stream = ?1 ORDER BY offset LIMIT ?2))""";

    /// The most events of one page, whatever their size.
    private static final int MOST_EVENTS = 10_000;

    private static final int SIZE_DIGITS = 8;

    private EventTable() {}

    static void insert(DbExecute execute, long stream, Event event, int rest) {
        execute.createInsert(INSERT)
                .addParam(stream)
                .addParam(event.offset().bytes())
                .addParam(rest)
                .addParam(event.data().length)
                .addParam(event.data())
                .execute();
    }

    /// The stream's first events at `from` or after it: until `pageBytes` are reached, at least one. May be fewer where
    /// events are much smaller there than in the rest of the stream.
    static List<Event> page(DbExecute execute, StreamRow stream, Offset from, int pageBytes) {
        byte[] packed = execute.createGet(PAGE)
                .addParam(stream.id())
                .addParam(from.bytes())
                .addParam(stream.tail().bytes())
                .addParam(mostEvents(stream, pageBytes))
                .addParam(pageBytes)
                .execute()
                .orElseThrow()
                .column(1)
                .get(byte[].class);
        return packed == null ? List.of() : unpack(ByteBuffer.wrap(packed));
    }

    // Twice what the page would hold of the stream's average events, so that the sizes of a long stream aren't summed
    // up
    // for a short page.
    private static long mostEvents(StreamRow stream, int pageBytes) {
        long expected = 2L * pageBytes * stream.events() / Math.max(1, stream.bytes()) + 1;
        return Math.min(expected, MOST_EVENTS);
    }

    private static List<Event> unpack(ByteBuffer packed) {
        List<Event> events = new ArrayList<>();
        while (packed.hasRemaining()) {
            Offset offset = Offset.of(take(packed, Offset.BYTES));
            int size = Integer.parseUnsignedInt(new String(take(packed, SIZE_DIGITS), StandardCharsets.US_ASCII), 16);
            events.add(new Event(offset, take(packed, size)));
        }
        return events;
    }

    private static byte[] take(ByteBuffer packed, int count) {
        byte[] bytes = new byte[count];
        packed.get(bytes);
        return bytes;
    }

    /// Deletes the first events of a stream. Returns how many there were, at most `most`.
    static long deleteSome(DbExecute execute, long stream, int most) {
        return execute.dml(DELETE_SOME, stream, most);
    }
}
