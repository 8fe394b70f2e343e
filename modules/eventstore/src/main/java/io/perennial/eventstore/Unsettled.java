package io.perennial.eventstore;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What was committed since events last settled, in memory: those events, and of every stream that changed what became
/// of it. Nothing is dropped before it settles: the database can't be asked for it.
///
/// Not thread-safe: [Committed] guards it.
final class Unsettled {
    private final Map<StreamKey, Known> changed = new HashMap<>();
    private final Map<Long, Fresh> fresh = new HashMap<>();
    private long events;
    private long bytes;
    private boolean hasOrphans;

    /// What became of a stream; unknown where it didn't change.
    Known known(StreamKey stream) {
        return changed.getOrDefault(stream, Known.UNKNOWN);
    }

    Fresh fresh(long stream) {
        return fresh.getOrDefault(stream, Fresh.NONE);
    }

    /// The events of each stream by its id.
    Map<Long, List<Event>> all() {
        Map<Long, List<Event>> all = new HashMap<>();
        fresh.forEach((stream, events) -> all.put(stream, events.all()));
        return all;
    }

    void replace(StreamKey stream, Known row) {
        if (known(stream) instanceof Known.There(StreamRow before)
                && !isOf(before.id(), row)
                && fresh.remove(before.id()) != null) {
            hasOrphans = true;
        }
        changed.put(stream, row);
    }

    private static boolean isOf(long id, Known known) {
        return known instanceof Known.There(StreamRow now) && now.id() == id;
    }

    /// Adds what a commit brought, once the rows that it changed are replaced.
    void add(News.Grown change) {
        if (change.events.isEmpty()) {
            return;
        }
        if (isOf(change.row.id(), known(change.row.key()))) {
            fresh.merge(change.row.id(), Fresh.NONE.and(change.events), (shorter, _) -> shorter.and(change.events));
        } else {
            hasOrphans = true;
        }
        events += change.events.size();
        for (Event event : change.events) {
            bytes += event.data().length;
        }
    }

    /// There are events on disk whose stream is gone.
    void addOrphans() {
        hasOrphans = true;
    }

    void touched(StreamKey stream, long millis) {
        changed.computeIfPresent(
                stream,
                (_, known) ->
                        known instanceof Known.There(StreamRow row) ? new Known.There(row.touched(millis)) : known);
    }

    /// Forgets all, since every event has settled.
    ///
    /// @param rows is given the rows of the streams that are there
    void settle(Consumer<StreamRow> rows) {
        changed.values().forEach(known -> {
            if (known instanceof Known.There(StreamRow row)) {
                rows.accept(row);
            }
        });
        changed.clear();
        fresh.clear();
        events = 0;
        bytes = 0;
        hasOrphans = false;
    }

    /// What waits to settle.
    ///
    /// @param changes events, or changed streams where these are more
    /// @param hasOrphans whether events of removed streams take room until then
    record Waiting(long changes, long bytes, boolean hasOrphans) {}

    Waiting waiting() {
        return new Waiting(Math.max(events, changed.size()), bytes, hasOrphans);
    }
}
