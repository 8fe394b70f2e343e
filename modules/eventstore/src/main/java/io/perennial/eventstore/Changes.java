package io.perennial.eventstore;

import io.perennial.bus.Bus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a group adds to streams, and which of them it removes, in that order: for the journal, the readers and the
/// followers.
///
/// A stream that is removed and made anew within one group has two changes: each life has an id of its own.
final class Changes {
    private final Map<Long, News.Grown> byStream = new HashMap<>();
    private final List<News> news = new ArrayList<>();
    private final List<News.Grown> grown = new ArrayList<>();

    /// The change of a stream, which the group begins where it hasn't yet.
    ///
    /// @param row as it is now
    News.Grown of(StreamRow row) {
        News.Grown change = byStream.computeIfAbsent(row.id(), _ -> {
            News.Grown first = new News.Grown(row);
            news.add(first);
            grown.add(first);
            return first;
        });
        change.row = row;
        return change;
    }

    /// What the group added to it before is told all the same, and first.
    void remove(StreamRow row) {
        news.add(new News.Removed(row.key(), row.created()));
        byStream.remove(row.id());
    }

    /// What hasn't settled of a stream, with what the group adds to it.
    ///
    /// @param committed without that
    Fresh fresh(long stream, Fresh committed) {
        Fresh fresh = committed;
        for (News.Grown change : grown) {
            if (change.row.id() == stream) {
                fresh = fresh.copy().and(change.events);
            }
        }
        return fresh;
    }

    List<News.Grown> grown() {
        return grown;
    }

    void announce(Bus<Commit> bus) {
        for (News told : news) {
            if (bus.isFollowed(told.stream().path())) {
                bus.publish(told.stream().path(), told.commit());
            }
        }
    }
}
