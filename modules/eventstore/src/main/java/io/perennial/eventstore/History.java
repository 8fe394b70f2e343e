package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/// A stream's events, its own and those that it inherits, wherever they lie.
///
/// @param segments the parts, in the order of their events
/// @param fresh what hasn't settled, by the id of a stream. Asked before the database, since events may settle
///     meanwhile: then they are seen twice, and not never
record History(DbExecute execute, List<Segment> segments, LongFunction<Fresh> fresh) {
    /// The most events of one page, whatever their size.
    private static final int MOST_EVENTS = 10_000;

    private static final int WALK_BYTES = 64 * 1024;

    /// The first events at `from` or after it: until `pageBytes` are reached, at least one. May be fewer where events
    /// are very small.
    List<Event> page(Offset from, int pageBytes) {
        List<Event> page = new ArrayList<>();
        for (Segment segment : segments) {
            if (from.isBefore(segment.below())) {
                add(page, segment, from, pageBytes);
            }
        }
        return page;
    }

    private void add(List<Event> page, Segment segment, Offset from, int pageBytes) {
        Fresh unsettled = fresh.apply(segment.stream());
        Offset next = from;
        ChunkTable.Events settled;
        do {
            int missing = missing(page, pageBytes);
            if (missing == 0) {
                return;
            }
            settled = ChunkTable.events(execute, segment.stream(), next, segment.below(), missing);
            next = addFirst(page, segment, settled.events(), pageBytes).orElse(next);
        } while (!settled.areAll());
        addFirst(page, segment, unsettled.between(next, segment.below()), pageBytes);
    }

    // Returns the next offset after those that had room.
    private static Optional<Offset> addFirst(List<Event> page, Segment segment, List<Event> events, int pageBytes) {
        List<Event> fitting = first(events, missing(page, pageBytes));
        fitting.forEach(event -> page.add(segment.cut(event)));
        return fitting.isEmpty()
                ? Optional.empty()
                : Optional.of(fitting.getLast().offset().next());
    }

    private static int missing(List<Event> page, int pageBytes) {
        long bytes = 0;
        for (Event event : page) {
            bytes += event.data().length;
        }
        return page.size() < MOST_EVENTS ? (int) Math.max(0, pageBytes - bytes) : 0;
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

    /// An event, and the part that it is of.
    record Place(Segment segment, Event event) {}

    /// The first event at `from` or after it.
    Optional<Place> place(Offset from) {
        return segments.stream()
                .filter(segment -> from.isBefore(segment.below()))
                .flatMap(segment -> within(segment, from, 1).stream().limit(1).map(event -> new Place(segment, event)))
                .findFirst();
    }

    private List<Event> within(Segment segment, Offset from, int bytes) {
        return new History(execute, List.of(segment), fresh).page(from, bytes);
    }

    /// How far a walk came.
    ///
    /// @param count at least 1
    record Walk(long count, Offset last) {}

    /// Goes over at most so many events of one append, its first being at the place, as far as the stream has them.
    Walk walk(Place begin, long most) {
        long count = 1;
        Event last = begin.event();
        while (true) {
            List<Event> more = within(begin.segment(), last.offset().next(), WALK_BYTES);
            if (more.isEmpty()) {
                return new Walk(count, last.offset());
            }
            for (Event event : more) {
                if (count == most || last.rest() == 0) {
                    return new Walk(count, last.offset());
                }
                count++;
                last = event;
            }
        }
    }

    /// The next offset after the last event below another; the least offset where there is none.
    Offset end(Offset below) {
        return segments.reversed().stream()
                .flatMap(segment -> last(segment, below).stream())
                .findFirst()
                .map(Offset::next)
                .orElse(Offset.LEAST);
    }

    /// Where the last so many events begin; the least offset where there are fewer.
    Offset last(int count) {
        int missing = count;
        for (Segment segment : segments.reversed()) {
            Offset end = segment.below();
            List<Event> events = fresh.apply(segment.stream()).between(Offset.LEAST, end);
            do {
                if (events.size() >= missing) {
                    return events.get(events.size() - missing).offset();
                }
                missing -= events.size();
                end = events.isEmpty() ? end : events.getFirst().offset();
                events = ChunkTable.before(execute, segment.stream(), end);
            } while (!events.isEmpty());
        }
        return Offset.LEAST;
    }

    private Optional<Offset> last(Segment segment, Offset below) {
        Offset end = below.isBefore(segment.below()) ? below : segment.below();
        List<Event> unsettled = fresh.apply(segment.stream()).between(Offset.LEAST, end);
        List<Event> last = unsettled.isEmpty() ? ChunkTable.before(execute, segment.stream(), end) : unsettled;
        return last.isEmpty() ? Optional.empty() : Optional.of(last.getLast().offset());
    }
}
