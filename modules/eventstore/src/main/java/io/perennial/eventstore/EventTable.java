package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/// The events, in two tables of the same columns.
///
/// `recent` takes them in the order in which they are committed, so that a commit writes few blocks however many
/// streams it touches; from time to time all of it moves over to `event`, clustered by stream and offset, so that
/// a page of a stream lies in few blocks, too. Whatever a stream has in `recent` is behind all it has in `event`.
/// Readers find the recent ones in memory ([Fresh]): here they have no index, which would cost a commit more blocks
/// than the events. Writing to `event` at once was rejected: 48 appends to as many streams then commit four times as
/// slowly.
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
              data   BLOB    NOT NULL
            )""";
    /// What makes a table of version 2, where it had an index, one of today.
    static final List<String> SINCE_2 = List.of(
            "ALTER TABLE recent RENAME TO indexed",
            CREATE_RECENT,
            "INSERT INTO recent SELECT * FROM indexed ORDER BY rowid",
            "DROP TABLE indexed");

    private static final int ROWS = 16;
    private static final String INSERT = "INSERT INTO recent (stream, offset, rest, size, data) VALUES ";
    private static final String VALUES = "(?, ?, ?, ?, ?)";
    private static final Sql INSERT_ONE = new Sql("event.insert", INSERT + VALUES);
    // Half the cost for each.
    private static final Sql INSERT_MANY =
            new Sql("event.insert-many", INSERT + String.join(", ", Collections.nCopies(ROWS, VALUES)));
    private static final Sql RECENT = new Sql("event.recent", "SELECT stream, offset, data FROM recent ORDER BY rowid");
    // But for those of streams that are no more.
    private static final Sql SETTLE = new Sql("event.settle", """
            INSERT INTO event (stream, offset, rest, size, data)
            SELECT stream, offset, rest, size, data FROM recent WHERE stream IN (SELECT id FROM stream)
            ORDER BY stream, offset""");
    private static final Sql EMPTY_RECENT = new Sql("event.empty-recent", "DELETE FROM recent");

    // The inner query finds where the page ends by sizes alone and touches no data.
    private static final Sql PAGE = new Sql("event.page", """
            SELECT CAST(group_concat(offset || printf('%08x', size) || data, '') AS BLOB)
            FROM (SELECT offset, size, data FROM event
                  WHERE stream = ?1 AND offset >= ?2 AND offset <=
                    (SELECT max(offset) FROM
                      (SELECT offset, sum(size) OVER (ORDER BY offset ROWS UNBOUNDED PRECEDING) - size AS before FROM
                        (SELECT offset, size FROM event
                         WHERE stream = ?1 AND offset >= ?2 AND offset < ?3 ORDER BY offset LIMIT ?4))
                     WHERE before < ?5)
                  ORDER BY offset)""");

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

    /// The most events of one page, whatever their size.
    private static final int MOST_EVENTS = 10_000;

    private static final int SIZE_DIGITS = 8;

    private EventTable() {}

    /// An event on its way into the table.
    ///
    /// @param rest how many events of the same append are behind it
    record Row(long stream, Event event, int rest) {
        void addTo(List<Object> values) {
            values.addAll(List.of(stream, event.offset().bytes(), rest, event.data().length, event.data()));
        }
    }

    /// Writes events that are committed now.
    static void insert(DbExecute execute, List<Row> rows) {
        int many = rows.size() - rows.size() % ROWS;
        for (int i = 0; i < many; i += ROWS) {
            insert(execute, INSERT_MANY, rows.subList(i, i + ROWS));
        }
        for (int i = many; i < rows.size(); i++) {
            insert(execute, INSERT_ONE, rows.subList(i, i + 1));
        }
    }

    private static void insert(DbExecute execute, Sql statement, List<Row> rows) {
        List<Object> values = new ArrayList<>();
        rows.forEach(row -> row.addTo(values));
        statement.run(execute, values.toArray());
    }

    /// The events that haven't settled, of each stream in their order.
    static Map<Long, List<Event>> recent(DbExecute execute) {
        return RECENT.all(execute)
                .collect(Collectors.groupingBy(
                        row -> row.column(1).get(Number.class).longValue(),
                        Collectors.mapping(
                                row -> new Event(
                                        Offset.of(row.column(2).get(byte[].class)),
                                        row.column(3).get(byte[].class)),
                                Collectors.toList())));
    }

    /// Moves every recent event to its place, and forgets those of streams that are no more.
    static void settle(DbExecute execute) {
        SETTLE.run(execute);
        EMPTY_RECENT.run(execute);
    }

    /// The first events at `from` or after it: until `pageBytes` are reached, at least one. May be fewer where events
    /// are much smaller there than elsewhere.
    ///
    /// @param fresh what hasn't settled of a stream, by its id
    static List<Event> page(
            DbExecute execute, List<Segment> segments, LongFunction<Fresh> fresh, Offset from, int pageBytes) {
        List<Event> page = new ArrayList<>();
        for (Segment segment : segments) {
            if (from.isBefore(segment.below())
                    && !readWhole(execute, segment, fresh.apply(segment.stream()), from, pageBytes, page)) {
                break;
            }
        }
        return page;
    }

    /// Adds the events of one part to the page. Returns whether these were all, and there is room for more.
    private static boolean readWhole(
            DbExecute execute, Segment segment, Fresh fresh, Offset from, int pageBytes, List<Event> page) {
        if (segment.events() > 0) {
            int missingBytes = room(page, pageBytes);
            int most = mostEvents(segment, missingBytes);
            List<Event> settled = page(execute, segment, from, most, missingBytes);
            page.addAll(settled);
            if (settled.size() == most || room(page, pageBytes) == 0) {
                return false;
            }
        }
        Offset next = page.isEmpty() ? from : page.getLast().offset().next();
        List<Event> rest = fresh.between(next.isBefore(from) ? from : next, segment.below());
        List<Event> recent = first(rest, room(page, pageBytes));
        recent.forEach(event -> page.add(segment.cut(event)));
        return recent.size() == rest.size() && room(page, pageBytes) > 0;
    }

    private static int room(List<Event> page, int pageBytes) {
        return (int) Math.max(0, pageBytes - bytes(page));
    }

    /// The first of these events until so many bytes are reached, and not many more than a page may have.
    static List<Event> first(List<Event> events, int pageBytes) {
        int count = 0;
        long bytes = 0;
        while (count < Math.min(events.size(), MOST_EVENTS) && bytes < pageBytes) {
            bytes += events.get(count).data().length;
            count++;
        }
        return events.subList(0, count);
    }

    private static List<Event> page(DbExecute execute, Segment segment, Offset from, int most, int pageBytes) {
        byte[] packed = PAGE.get(
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

    /// Deletes the first of a stream's settled events. Returns how many there were, at most `most`.
    static long deleteSome(DbExecute execute, long stream, int most) {
        return DELETE_SOME.run(execute, stream, most);
    }
}
