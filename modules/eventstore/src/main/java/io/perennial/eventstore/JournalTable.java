package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What was committed and hasn't settled: a row for each commit, in their order, so that a commit writes few blocks
/// however many streams it touches. Nobody reads it but a start: until they settle, events are in memory, too.
///
/// `events` are runs ([Packed]), each behind the id of its stream (8 bytes).
final class JournalTable {
    static final String CREATE = """
            CREATE TABLE journal (
              id     INTEGER PRIMARY KEY,
              events BLOB    NOT NULL
            )""";

    private static final Sql APPEND = new Sql("journal.append", "INSERT INTO journal (events) VALUES (?)");
    private static final Sql READ = new Sql("journal.read", "SELECT events FROM journal ORDER BY id");
    private static final Sql CLEAR = new Sql("journal.clear", "DELETE FROM journal");

    private JournalTable() {}

    /// Adds what one commit brings.
    static void append(Transaction transaction, List<News.Grown> grown) {
        List<News.Grown> longer =
                grown.stream().filter(change -> !change.events.isEmpty()).toList();
        if (longer.isEmpty()) {
            return;
        }
        ByteBuffer events = ByteBuffer.allocate(longer.stream()
                .mapToInt(change -> Long.BYTES + Packed.size(change.events))
                .reduce(0, Math::addExact));
        for (News.Grown change : longer) {
            events.putLong(change.row.id());
            Packed.write(change.events, events);
        }
        APPEND.run(transaction.execute(), events.array());
    }

    /// All of it: the events of each stream in their order, by its id.
    static Map<Long, List<Event>> read(DbExecute execute) {
        Map<Long, List<Event>> read = new LinkedHashMap<>();
        READ.all(execute).forEach(row -> {
            ByteBuffer events = ByteBuffer.wrap(row.column(1).get(byte[].class));
            while (events.hasRemaining()) {
                read.computeIfAbsent(events.getLong(), _ -> new ArrayList<>()).addAll(Packed.read(events));
            }
        });
        return read;
    }

    static void clear(DbExecute execute) {
        CLEAR.run(execute);
    }
}
