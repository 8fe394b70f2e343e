package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import io.perennial.eventstore.ChunkTable.Place;
import io.perennial.eventstore.ChunkTable.Sum;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/// Goes round the streams that keep only some of their events, and finds out what is to be dropped: a few streams at a
/// time, so that nobody waits for long.
///
/// A stream begins later first, and only on a later turn its chunks are deleted: in between, every reader who believed
/// in the earlier beginning learns that it read a stream which is no more ([Committed#confirms]).
///
/// For the writer's thread.
final class Trimming {
    private static final int STREAMS = 128;
    private static final int CHUNKS = 64;

    /// Gives the streams of a kind behind a path, in order.
    @FunctionalInterface
    private interface Kind {
        List<StreamRow> after(DbExecute execute, String path, int most);
    }

    private final List<RetentionRule> rules;
    private final Optional<Chronicle> chronicle;
    private final InstantSource clock;
    private final List<Kind> kinds = new ArrayList<>();
    private int kind;
    private String path = "";
    private boolean isUnderWay;

    Trimming(List<RetentionRule> rules, Optional<Chronicle> chronicle, InstantSource clock) {
        this.rules = rules;
        this.chronicle = chronicle;
        this.clock = clock;
        kinds.add(StreamTable::retained);
        rules.forEach(rule -> kinds.add(beginning(rule.prefix())));
        chronicle.ifPresent(told -> kinds.add(beginning(told.stream().path())));
    }

    private static Kind beginning(String prefix) {
        return (execute, after, most) -> StreamTable.list(execute, prefix, after, most);
    }

    /// Begins a round, where none is under way.
    void begin() {
        isUnderWay = true;
    }

    /// Ends the round. The next one begins anew.
    void end() {
        kind = 0;
        path = "";
        isUnderWay = false;
    }

    boolean isUnderWay() {
        return isUnderWay;
    }

    /// What is to be done for one stream.
    ///
    /// @param row as it is
    /// @param begin where it shall begin, where that is later than now
    /// @param hasRest whether chunks can be deleted
    /// @param hasMore whether others can be after this
    record Trim(StreamRow row, Optional<Offset> begin, boolean hasRest, boolean hasMore) {
        void perform(Group group) {
            if (hasRest) {
                group.discard(row, CHUNKS);
            }
            begin.ifPresent(offset -> group.trim(row, offset));
        }
    }

    /// Looks at the next few streams of the round.
    ///
    /// @return what is to be done about them
    List<Trim> next(DbExecute execute, Committed committed) {
        List<StreamRow> streams = kinds.get(kind).after(execute, path, STREAMS);
        while (streams.isEmpty() && kind + 1 < kinds.size()) {
            kind++;
            path = "";
            streams = kinds.get(kind).after(execute, path, STREAMS);
        }
        List<Trim> trims = streams.stream()
                .map(row -> committed.look(row.key()).row().orElse(row))
                // What a fork reads stays.
                .filter(row -> row.state() != StreamRow.State.SOFT_DELETED && row.forks() == 0)
                .map(row -> trim(execute, row, committed::fresh))
                .filter(trim -> trim.begin().isPresent() || trim.hasRest())
                .toList();
        if (trims.stream().noneMatch(Trim::hasMore)) {
            goOn(streams);
        }
        return trims;
    }

    private void goOn(List<StreamRow> streams) {
        if (streams.size() == STREAMS) {
            path = streams.getLast().key().path();
        } else if (kind + 1 < kinds.size()) {
            path = "";
            kind++;
        } else {
            end();
        }
    }

    private Trim trim(DbExecute execute, StreamRow row, LongFunction<Fresh> fresh) {
        Retention kept = kept(row);
        List<Place> places = ChunkTable.places(execute, row.id(), CHUNKS);
        Offset begin = row.trimmed();
        if (kept.ageSeconds() != Retention.ALL) {
            begin = Offset.later(begin, ofAge(execute, row, kept.ageSeconds(), fresh));
        }
        if (kept.events() != Retention.ALL || kept.bytes() != Retention.ALL) {
            begin = Offset.later(begin, ofSize(execute, row.id(), kept, places, fresh));
        }
        long now = wholly(places, row.trimmed());
        return new Trim(
                row,
                row.trimmed().isBefore(begin) ? Optional.of(begin) : Optional.empty(),
                now > 0,
                now == CHUNKS || wholly(places, begin) > now);
    }

    private Retention kept(StreamRow row) {
        Retention kept = RetentionRule.of(rules, row);
        return chronicle
                .filter(told -> told.stream().equals(row.key()))
                .map(told -> kept.and(told.retention()))
                .orElse(kept);
    }

    // How many of the places lie in front of an offset.
    private static long wholly(List<Place> places, Offset begin) {
        return places.stream().filter(place -> place.last().isBefore(begin)).count();
    }

    private Offset ofAge(DbExecute execute, StreamRow row, long seconds, LongFunction<Fresh> fresh) {
        Instant oldest = clock.instant().minusSeconds(seconds);
        return oldest.isBefore(Instant.EPOCH)
                ? Offset.LEAST
                : new History(execute, Segment.of(StreamTable.line(execute, row)), fresh).end(Offset.since(oldest));
    }

    // As far as these places tell: where there are more, the rest is found on a later turn.
    private static Offset ofSize(
            DbExecute execute, long stream, Retention kept, List<Place> places, LongFunction<Fresh> fresh) {
        List<Event> unsettled = fresh.apply(stream).all();
        Sum settled = ChunkTable.sum(execute, stream);
        Sum all = settled.and(unsettled);
        Sum excess = new Sum(all.events() - kept.events(), all.bytes() - kept.bytes());
        Offset begin = Offset.LEAST;
        Offset newest = Offset.LEAST;
        for (Place place : places) {
            if (!place.before().isBelow(excess)) {
                return begin;
            }
            newest = place.last();
            begin = place.end().events() <= excess.events() || place.end().bytes() <= excess.bytes()
                    ? newest.next()
                    : behind(ChunkTable.events(execute, stream, place), place.before(), excess, begin);
        }
        if (places.size() == CHUNKS) {
            return begin;
        }
        begin = behind(unsettled, settled, excess, begin);
        return Offset.earlier(
                begin, unsettled.isEmpty() ? newest : unsettled.getLast().offset());
    }

    // The next offset after the last of these events that is too much.
    private static Offset behind(List<Event> events, Sum before, Sum excess, Offset otherwise) {
        Offset behind = otherwise;
        Sum passed = before;
        for (Event event : events) {
            if (!passed.isBelow(excess)) {
                return behind;
            }
            behind = event.offset().next();
            passed = passed.and(List.of(event));
        }
        return behind;
    }
}
