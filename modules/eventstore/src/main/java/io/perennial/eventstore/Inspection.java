package io.perennial.eventstore;

import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import io.perennial.eventstore.ChunkTable.Sum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Looks at everything in a database, as of one moment: that the blocks are sound, that each stream's events are whole
/// and in order, and that the tables agree with each other.
final class Inspection {
    private static final int STREAMS = 256;
    private static final int CHUNKS = 64;

    private static final Sql SOUND = new Sql("inspection.sound", "PRAGMA integrity_check(100)");
    private static final Sql ALL =
            new Sql("inspection.streams", StreamColumns.SELECT + "WHERE id > ? ORDER BY id LIMIT ?");
    private static final Sql OF_STREAM = new Sql("inspection.chunks", """
            SELECT data, first, last, events, bytes, events_before, bytes_before FROM chunk
            WHERE stream = ? AND first > ? ORDER BY first LIMIT ?""");
    // Each gives the ids, or paths, for which something doesn't hold.
    private static final Map<String, Sql> RULES = Map.of(
            "belongs to no stream",
            new Sql("inspection.orphans", """
                    SELECT DISTINCT 'the chunks of stream ' || stream FROM chunk
                    WHERE stream NOT IN (SELECT id FROM stream) AND stream NOT IN (SELECT stream FROM reclaim)"""),
            "is of a stream that isn't there, or has numbers that no producer has",
            new Sql("inspection.producers", """
                    SELECT 'the producer ' || id || ' of stream ' || stream FROM producer
                    WHERE stream NOT IN (SELECT id FROM stream) OR epoch NOT BETWEEN 0 AND 9007199254740991
                       OR seq NOT BETWEEN 0 AND 9007199254740991"""),
            "has another number of forks than it counts",
            new Sql("inspection.forks", """
                    SELECT 'the stream ' || path FROM stream
                    WHERE forks <> (SELECT count(*) FROM stream AS fork WHERE fork.parent = stream.id)"""),
            "has a source that isn't there",
            new Sql("inspection.sources", """
                    SELECT 'the fork ' || path FROM stream
                    WHERE parent IS NOT NULL AND parent NOT IN (SELECT id FROM stream)"""));

    private final DbExecute execute;
    private final List<String> problems = new ArrayList<>();
    private long streams;
    private long events;
    private long bytes;

    private Inspection(DbExecute execute) {
        this.execute = execute;
    }

    static Verification of(DbExecute execute) {
        Inspection inspection = new Inspection(execute);
        inspection.look("the database", inspection::blocks);
        RULES.forEach((rule, query) -> inspection.look("the database", () -> inspection.rule(rule, query)));
        inspection.look("the database", inspection::streams);
        return new Verification(inspection.streams, inspection.events, inspection.bytes, inspection.problems);
    }

    // What can't be read is a problem like any other, and keeps nobody from looking at the rest.
    private void look(String what, Runnable work) {
        try {
            work.run();
        } catch (DbClientException | DamagedException e) {
            problem(what + " can't be read: " + Causes.reason(e));
        }
    }

    private void problem(String sentence) {
        if (problems.size() < Verification.MOST_PROBLEMS) {
            problems.add(sentence);
        }
    }

    private void blocks() {
        SOUND.all(execute)
                .map(row -> row.column(1).get(String.class))
                .filter(line -> !line.equals("ok"))
                .forEach(line -> problem("the database: " + line));
    }

    private void rule(String rule, Sql query) {
        query.all(execute).forEach(row -> problem(row.column(1).get(String.class) + " " + rule));
    }

    private void streams() {
        MintTable.Mint mint = MintTable.read(execute);
        Map<Long, List<Event>> unsettled = JournalTable.read(execute);
        long after = 0;
        List<StreamRow> rows;
        do {
            rows = ALL.all(execute, after, STREAMS).map(StreamColumns::row).toList();
            for (StreamRow row : rows) {
                after = row.id();
                look("the stream " + row.key(), () -> stream(row, unsettled.getOrDefault(row.id(), List.of()), mint));
            }
        } while (rows.size() == STREAMS);
        if (after > mint.lastStream()) {
            problem("the stream ids go to " + after + ", and only " + mint.lastStream() + " were given");
        }
    }

    private void stream(StreamRow row, List<Event> unsettled, MintTable.Mint mint) {
        streams++;
        Line line = new Line(row.key());
        byte[] after = new byte[0];
        List<DbRow> chunks;
        do {
            chunks = OF_STREAM.all(execute, row.id(), after, CHUNKS).toList();
            for (DbRow chunk : chunks) {
                after = chunk.column(2).get(byte[].class);
                line.chunk(chunk);
            }
        } while (chunks.size() == CHUNKS);
        line.follow(unsettled);
        line.end(row, mint.highWater());
    }

    /// The events of one stream, one behind the other.
    private final class Line {
        private final StreamKey stream;
        private Offset last = Offset.LEAST;
        private int rest;
        private Sum before = Sum.NOTHING;
        private boolean hasBegun;

        Line(StreamKey stream) {
            this.stream = stream;
        }

        void chunk(DbRow row) {
            List<Event> held = ChunkTable.events(row);
            Sum begin = new Sum(number(row, 6), number(row, 7));
            Sum end = begin.and(held);
            boolean isAsSaid = !held.isEmpty()
                    && held.getFirst().offset().equals(offset(row, 2))
                    && held.getLast().offset().equals(offset(row, 3))
                    && end.equals(new Sum(begin.events() + number(row, 4), begin.bytes() + number(row, 5)));
            if (!isAsSaid) {
                wrong("the chunk at " + offset(row, 2) + " holds something else than it says");
            }
            if (hasBegun && !begin.equals(before)) {
                wrong("the chunk at " + offset(row, 2) + " doesn't follow the one before it");
            }
            before = end;
            follow(held);
        }

        void follow(List<Event> more) {
            for (Event event : more) {
                if (!last.isBefore(event.offset())) {
                    wrong(event.offset() + " comes after " + last);
                }
                if (hasBegun && rest > 0 && event.rest() != rest - 1) {
                    wrong("the append before " + event.offset() + " isn't whole");
                }
                last = event.offset();
                rest = event.rest();
                hasBegun = true;
                events++;
                bytes += event.data().length;
            }
        }

        void end(StreamRow row, Offset highWater) {
            if (rest > 0) {
                wrong("the append at its end isn't whole");
            }
            if (highWater.isBefore(last) || highWater.isBefore(row.created())) {
                wrong("it has offsets beyond " + highWater + ", the greatest that was given");
            }
        }

        private void wrong(String sentence) {
            problem("the stream " + stream + ": " + sentence);
        }
    }

    private static long number(DbRow row, int column) {
        return row.column(column).get(Number.class).longValue();
    }

    private static Offset offset(DbRow row, int column) {
        return Offset.of(row.column(column).get(byte[].class));
    }
}
