package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tables of events up to version 2, which had a row for each: read once, when such a database is opened.
final class SingleEvents {
    private static final long TOGETHER_BYTES = 8L * 1024 * 1024;

    private static final Sql ALL = new Sql("single-events.all", """
            SELECT stream, offset, rest, data FROM event
            UNION ALL SELECT stream, offset, rest, data FROM recent
            ORDER BY stream, offset""");

    private final DbExecute execute;
    private final Map<Long, List<Event>> waiting = new LinkedHashMap<>();
    private long waitingBytes;

    private SingleEvents(DbExecute execute) {
        this.execute = execute;
    }

    /// Moves all of them to chunks, and drops the tables.
    static void settle(DbExecute execute) {
        SingleEvents events = new SingleEvents(execute);
        ALL.all(execute).forEach(events::take);
        events.settle();
        execute.dml("DROP TABLE event");
        execute.dml("DROP TABLE recent");
    }

    private void take(DbRow row) {
        Event event = new Event(
                Offset.of(row.column(2).get(byte[].class)),
                row.column(4).get(byte[].class),
                row.column(3).get(Number.class).intValue());
        waiting.computeIfAbsent(row.column(1).get(Number.class).longValue(), _ -> new ArrayList<>())
                .add(event);
        waitingBytes += event.data().length;
        if (waitingBytes >= TOGETHER_BYTES) {
            settle();
        }
    }

    private void settle() {
        ChunkTable.settle(execute, waiting);
        waiting.clear();
        waitingBytes = 0;
    }
}
