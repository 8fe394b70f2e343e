package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The events, in two tables of the same columns.
///
/// `recent` takes them in the order in which they are committed, so that a commit writes few blocks however many
/// streams it touches; from time to time all of it moves over to `event`, clustered by stream and offset, so that
/// a page of a stream lies in few blocks, too. Whatever a stream has in `recent` is behind all it has in `event`.
/// Writing to `event` at once was rejected: 48 appends to as many streams then commit four times as slowly.
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

    private static final Sql PLACE = new Sql("event.place", """
            SELECT offset, size, rest FROM
              (SELECT offset, size, rest FROM event WHERE stream = ?1 AND offset >= ?2 AND offset < ?3
               UNION ALL
               SELECT offset, size, rest FROM recent WHERE stream = ?1 AND offset >= ?2 AND offset < ?3)
            ORDER BY offset LIMIT 1 OFFSET ?4""");
    private static final Sql COUNT = new Sql("event.count", """
            SELECT count(*) FROM
              (SELECT 1 FROM event WHERE stream = ?1 AND offset >= ?2 AND offset < ?3
               UNION ALL
               SELECT 1 FROM recent WHERE stream = ?1 AND offset >= ?2 AND offset < ?3
               LIMIT ?4)""");
    private static final Sql LAST = new Sql("event.last", """
            SELECT max(offset) FROM
              (SELECT max(offset) AS offset FROM event WHERE stream = ?1 AND offset < ?2
               UNION ALL
               SELECT max(offset) FROM recent WHERE stream = ?1 AND offset < ?2)""");

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

    /// What settling an event costs: one, and one for each block of its data.
    static long weight(Event event) {
        return 1L + event.data().length / BLOCK_BYTES;
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

    /// The first events at `from` or after it: until `pageBytes` are reached, at least one. May be fewer where events
    /// are much smaller there than elsewhere.
    static List<Event> page(DbExecute execute, List<Segment> segments, Offset from, int pageBytes) {
        List<Event> page = new ArrayList<>();
        for (Segment segment : segments) {
            if (from.isBefore(segment.below()) && !readWhole(execute, segment, from, pageBytes, page)) {
                break;
            }
        }
        return page;
    }

    /// Adds the events of one part to the page. Returns whether these were all, and there is room for more.
    private static boolean readWhole(DbExecute execute, Segment segment, Offset from, int pageBytes, List<Event> page) {
        int missingBytes = room(page, pageBytes);
        if (segment.events() > 0) {
            int most = mostEvents(segment, missingBytes);
            List<Event> settled = page(execute, PAGE_OF_EVENT, segment, from, most, missingBytes);
            page.addAll(settled);
            missingBytes = room(page, pageBytes);
            if (settled.size() == most || missingBytes == 0) {
                return false;
            }
        }
        List<Event> recent = page(execute, PAGE_OF_RECENT, segment, from, MOST_EVENTS, missingBytes);
        page.addAll(recent);
        return recent.size() < MOST_EVENTS && room(page, pageBytes) > 0;
    }

    private static int room(List<Event> page, int pageBytes) {
        return (int) Math.max(0, pageBytes - bytes(page));
    }

    private static List<Event> page(
            DbExecute execute, Sql query, Segment segment, Offset from, int most, int pageBytes) {
        byte[] packed = query.get(
                        execute, segment.stream(), from.bytes(), segment.below().bytes(), most, pageBytes)
                .orElseThrow()
                .column(1)
                .get(byte[].class);
        return packed == null ? List.of() : unpack(segment, ByteBuffer.wrap(packed));
    }

    // Twice what the page would hold of the part's average events, so that the sizes of a long stream aren't summed up
    // for a short page.
    private static int mostEvents(Segment segment, int pageBytes) {
        long expected = 2L * pageBytes * segment.events() / Math.max(1, segment.bytes()) + 1;
        return (int) Math.min(expected, MOST_EVENTS);
    }

    /// An event as a place in the append that it came with.
    ///
    /// @param rest how many events of the same append are behind it
    record Place(Segment segment, Offset offset, int bytes, long rest) {}

    /// The place of the first event at `from` or after it.
    static Optional<Place> place(DbExecute execute, List<Segment> segments, Offset from) {
        return segments.stream()
                .filter(segment -> from.isBefore(segment.below()))
                .flatMap(segment -> place(execute, segment, from, 0).stream())
                .findFirst();
    }

    /// The place of the event that is so many behind another of the same append, where the stream has that much of it.
    static Optional<Place> behind(DbExecute execute, Place place, long events) {
        return events > place.rest() ? Optional.empty() : place(execute, place.segment(), place.offset(), events);
    }

    /// How many events the stream has of the place's append, from there on.
    static long count(DbExecute execute, Place place) {
        Segment segment = place.segment();
        byte[] from = place.offset().bytes();
        return COUNT.get(execute, segment.stream(), from, segment.below().bytes(), place.rest() + 1)
                .orElseThrow()
                .column(1)
                .get(Number.class)
                .longValue();
    }

    /// The next offset after the last event below another; the least offset where there is none.
    static Offset end(DbExecute execute, List<Segment> segments, Offset below) {
        return segments.reversed().stream()
                .flatMap(segment -> last(execute, segment, below).stream())
                .findFirst()
                .map(Offset::next)
                .orElse(Offset.LEAST);
    }

    private static Optional<Offset> last(DbExecute execute, Segment segment, Offset below) {
        Offset end = below.isBefore(segment.below()) ? below : segment.below();
        return LAST.get(execute, segment.stream(), end.bytes())
                .map(row -> row.column(1).get(byte[].class))
                .map(Offset::of);
    }

    private static Optional<Place> place(DbExecute execute, Segment segment, Offset from, long skipped) {
        return PLACE.get(
                        execute, segment.stream(), from.bytes(), segment.below().bytes(), skipped)
                .map(row -> {
                    Offset offset = Offset.of(row.column(1).get(byte[].class));
                    int size = row.column(2).get(Number.class).intValue();
                    int bytes = offset.next().equals(segment.below()) ? Math.min(size, segment.lastBytes()) : size;
                    long rest = row.column(3).get(Number.class).longValue();
                    return new Place(segment, offset, bytes, rest);
                });
    }

    private static long bytes(List<Event> events) {
        return events.stream().mapToLong(event -> event.data().length).sum();
    }

    private static List<Event> unpack(Segment segment, ByteBuffer packed) {
        List<Event> events = new ArrayList<>();
        while (packed.hasRemaining()) {
            Offset offset = Offset.of(take(packed, Offset.BYTES));
            int size = Integer.parseUnsignedInt(new String(take(packed, SIZE_DIGITS), StandardCharsets.US_ASCII), 16);
            events.add(segment.cut(new Event(offset, take(packed, size))));
        }
        return events;
    }

    private static byte[] take(ByteBuffer packed, int count) {
        byte[] bytes = new byte[count];
        packed.get(bytes);
        return bytes;
    }

    /// Deletes the recent events of a stream, and the first of the others. Returns how many of those there were,
    /// at most `most`.
    static long deleteSome(DbExecute execute, long stream, int most) {
        DELETE_RECENT.run(execute, stream);
        return DELETE_SOME.run(execute, stream, most);
    }
}
