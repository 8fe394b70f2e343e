package io.perennial.subscriptions;

import io.perennial.eventstore.StreamKey;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The links of one subscription, and which of them are pending. Changed by one thread at a time; any may ask [#knows].
final class Links {
    private final Map<StreamKey, Link> links = new ConcurrentHashMap<>();
    private final Set<StreamKey> pending = new LinkedHashSet<>();

    boolean knows(StreamKey stream) {
        return links.containsKey(stream);
    }

    int size() {
        return links.size();
    }

    Optional<Link> find(StreamKey stream) {
        return Optional.ofNullable(links.get(stream));
    }

    void put(Link link) {
        links.put(link.stream(), link);
        if (link.isPending()) {
            pending.add(link.stream());
        } else {
            pending.remove(link.stream());
        }
    }

    void remove(StreamKey stream) {
        links.remove(stream);
        pending.remove(stream);
    }

    boolean anyPendingBut(Set<StreamKey> others) {
        return pending.stream().anyMatch(stream -> !others.contains(stream));
    }

    Optional<StreamKey> firstPending() {
        return pending.stream().findFirst();
    }

    /// In the order of their paths.
    List<Link> all() {
        return links.values().stream()
                .sorted(Comparator.comparing(link -> link.stream().path()))
                .toList();
    }

    /// Of those that aren't among the others, the pending ones, or the rest; not more than the limit.
    List<Link> some(boolean arePending, Set<StreamKey> others, int limit) {
        Collection<StreamKey> candidates = arePending ? pending : links.keySet();
        return candidates.stream()
                .filter(stream -> !others.contains(stream))
                .flatMap(stream -> find(stream).stream())
                .filter(link -> link.isPending() == arePending)
                .limit(limit)
                .toList();
    }

    Collection<StreamKey> streams() {
        return links.keySet();
    }
}
