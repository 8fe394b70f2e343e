package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The events, in two tables of the same columns.
///
/// `recent` takes them in the order in which they are committed, so that a commit writes few blocks however many
/// streams
/// it touches; from time to time all of it moves over to `event`, clustered by stream and offset, so that a page of a
/// stream lies in few blocks, too. Whatever a stream has in `recent` is behind all it has in `event`. Writing to
/// `event`
/// at once was rejected: 48 appends to as many streams then commit four times as slowly.
///
/// `rest` counts the events of the same append behind this one: where an append ends is where it is 0.
///
/// A page is read as one value, which SQLite puts together: for each event 16 bytes of offset, 8 hexadecimal digits of
/// length, and the data. Row by row DbClient would look up each column's type for each row again, at about six times
/// the cost.
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
    static final String CREATE_RECENT = """
            CREATE TABLE recent (
              stream INTEGER NOT NULL,
              offset BLOB    NOT NULL,
              rest   INTEGER NOT NULL,
              size   INTEGER NOT NULL,
              data   BLOB    NOT NULL,
              UNIQUE (stream, offset)
            )""";

    private static final Sql INSERT =
            new Sql("event.insert", "INSERT INTO recent (stream, offset, rest, size, data) VALUES (?, ?, ?, ?, ?)");
    private static final Sql COUNT_RECENT = new Sql("event.count-recent", "SELECT count(*) FROM recent");
    private static final Sql SETTLE = new Sql("event.settle", """
            INSERT INTO event (stream, offset, rest, size, data)
            SELECT stream, offset, rest, size, data FROM recent ORDER BY stream, offset""");
    private static final Sql EMPTY_RECENT = new Sql("event.empty-recent", "DELETE FROM recent");

    // The inner query finds where the page ends by sizes alone and touches no data.
    private static final String PAGE = """
            SELECT CAST(group_concat(offset || printf('%%08x', size) || data, '') AS BLOB)
            FROM (SELECT offset, size, data FROM %1$s
                  WHERE stream = ?1 AND offset >= ?2 AND offset <=
                    (SELECT max(offset) FROM
                      (SELECT offset, sum(size) OVER (ORDER BY offset ROWS UNBOUNDED PRECEDING) - size AS before FROM
                        (SELECT offset, size FROM %1$s
                         WHERE stream = ?1 AND offset >= ?2 AND offset < ?3 ORDER BY offset LIMIT ?4))
                     WHERE before < ?5)
                  ORDER BY offset)""";
    private static final Sql PAGE_OF_EVENT = new Sql("event.page", PAGE.formatted("event"));
    private static final Sql PAGE_OF_RECENT = new Sql("event.page-recent", PAGE.formatted("recent"));

    private static final Sql DELETE_SOME = new Sql("event.delete-some", """
            DELETE FROM event WHERE stream = ?1 AND offset <=
              (SELECT max(offset) FROM (SELECT offset FROM event WHERE stream = ?1 ORDER BY offset LIMIT ?2))""");
    private static final Sql DELETE_RECENT = new Sql("event.delete-recent", "DELETE FROM recent WHERE stream = ?");

    /// The most events of one page, whatever their size.
    private static final int MOST_EVENTS = 10_000;

    private static final int SIZE_DIGITS = 8;
    private static final int BLOCK_BYTES = 4096;

    private EventTable() {}

    static void insert(DbExecute execute, long stream, Event event, int rest) {
        INSERT.run(execute, stream, event.offset().bytes(), rest, event.data().length, event.data());
    }

    /// What settling the events would cost: one for each, and one for each block of their data.
    static long weight(List<Event> events) {
        return events.size() + bytes(events) / BLOCK_BYTES;
    }

    /// How many events wait to be settled. Asks the index alone, so that a damaged block of data stops no start.
    static long recent(DbExecute execute) {
        return COUNT_RECENT
                .get(execute)
                .orElseThrow()
                .column(1)
                .get(Number.class)
                .longValue();
    }

    /// Moves every recent event to its place.
    static void settle(DbExecute execute) {
        SETTLE.run(execute);
        EMPTY_RECENT.run(execute);
    }

    /// The stream's first events at `from` or after it: until `pageBytes` are reached, at least one. May be fewer where
    /// events are much smaller there than in the rest of the stream.
    static List<Event> page(DbExecute execute, StreamRow stream, Offset from, int pageBytes) {
        int most = mostEvents(stream, pageBytes);
        List<Event> settled =
                stream.events() == 0 ? List.of() : page(execute, PAGE_OF_EVENT, stream, from, most, pageBytes);
        long missingBytes = pageBytes - bytes(settled);
        if (settled.size() == most || missingBytes <= 0) {
            return settled;
        }
        List<Event> recent = page(execute, PAGE_OF_RECENT, stream, from, MOST_EVENTS, (int) missingBytes);
        return Stream.concat(settled.stream(), recent.stream()).toList();
    }

    private static List<Event> page(
            DbExecute execute, Sql query, StreamRow stream, Offset from, int most, int pageBytes) {
        byte[] packed = query.get(
                        execute, stream.id(), from.bytes(), stream.tail().bytes(), most, pageBytes)
                .orElseThrow()
                .column(1)
                .get(byte[].class);
        return packed == null ? List.of() : unpack(ByteBuffer.wrap(packed));
    }

    // Twice what the page would hold of the stream's average events, so that the sizes of a long stream aren't summed
    // up
    // for a short page.
    private static int mostEvents(StreamRow stream, int pageBytes) {
        long expected = 2L * pageBytes * stream.events() / Math.max(1, stream.bytes()) + 1;
        return (int) Math.min(expected, MOST_EVENTS);
    }

    private static long bytes(List<Event> events) {
        return events.stream().mapToLong(event -> event.data().length).sum();
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

    /// Deletes the recent events of a stream, and the first of the others. Returns how many of those there were, at
    /// most
    /// `most`.
    static long deleteSome(DbExecute execute, long stream, int most) {
        DELETE_RECENT.run(execute, stream);
        return DELETE_SOME.run(execute, stream, most);
    }
}
