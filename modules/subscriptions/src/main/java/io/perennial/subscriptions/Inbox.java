package io.perennial.subscriptions;

import io.perennial.eventstore.StreamKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The news that a subscription hasn't taken in yet: one for each stream, however much happens. Thread-safe.
final class Inbox {
    private final Map<StreamKey, News> news = new ConcurrentHashMap<>();

    void add(StreamKey stream, News latest) {
        news.merge(stream, latest, News::and);
    }

    /// All there is, which isn't in here any more.
    Map<StreamKey, News> take() {
        Map<StreamKey, News> taken = new HashMap<>();
        for (StreamKey stream : List.copyOf(news.keySet())) {
            News latest = news.remove(stream);
            if (latest != null) {
                taken.put(stream, latest);
            }
        }
        return taken;
    }

    /// Puts back what could not be taken in, behind what came since.
    void putBack(Map<StreamKey, News> taken) {
        taken.forEach(this::add);
    }
}
