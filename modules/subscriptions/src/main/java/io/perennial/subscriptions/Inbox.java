package io.perennial.subscriptions;

import io.perennial.eventstore.StreamKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The news that a subscription hasn't taken in yet: one for each stream, however much happens. Thread-safe, but for
/// [#tell].
final class Inbox {
    private final SubscriptionSpec spec;
    private final Links links;
    private final int limit;
    private final Map<StreamKey, News> news = new ConcurrentHashMap<>();
    private boolean isFull;

    /// @param links the ones that the subscription has, as they change
    /// @param limit the most that it may have
    Inbox(SubscriptionSpec spec, Links links, int limit) {
        this.spec = spec;
        this.links = links;
        this.limit = limit;
    }

    /// Whether news of a stream are for this subscription: what isn't taken in yet may link the stream.
    boolean isConcernedBy(StreamKey stream) {
        return links.knows(stream) || spec.finds(stream) || news.containsKey(stream);
    }

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

    /// Lets a draft take in what was taken from here.
    ///
    /// @return the first stream for which there was no room, where that never happened before
    Optional<StreamKey> tell(Draft draft, Map<StreamKey, News> taken) {
        Optional<StreamKey> first = Optional.empty();
        for (Map.Entry<StreamKey, News> one : taken.entrySet()) {
            if (!draft.learn(one.getKey(), one.getValue(), limit) && !isFull) {
                isFull = true;
                first = Optional.of(one.getKey());
            }
        }
        return first;
    }

    /// Puts back what could not be taken in, behind what came since.
    void putBack(Map<StreamKey, News> taken) {
        taken.forEach(this::add);
    }
}
