package io.perennial.subscriptions;

import io.perennial.eventstore.Document;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamKey;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A subscription with changes that aren't on disk yet. Of one thread.
final class Draft {
    private final SubscriptionSpec spec;
    private final State before;
    private final Links links;
    private final Map<StreamKey, Optional<Link>> changes = new LinkedHashMap<>();
    private State state;
    private int size;

    Draft(SubscriptionSpec spec, State before, Links links) {
        this.spec = spec;
        this.before = before;
        this.links = links;
        this.state = before;
        this.size = links.size();
    }

    State state() {
        return state;
    }

    void state(State after) {
        state = after;
    }

    /// How many links there are.
    int size() {
        return size;
    }

    Optional<Link> find(StreamKey stream) {
        Optional<Link> changed = changes.get(stream);
        return changed == null ? links.find(stream) : changed;
    }

    void put(Link link) {
        size += find(link.stream()).isPresent() ? 0 : 1;
        changes.put(link.stream(), Optional.of(link));
    }

    void remove(StreamKey stream) {
        size -= find(stream).isPresent() ? 1 : 0;
        changes.put(stream, Optional.empty());
    }

    boolean isPending() {
        return changes.values().stream()
                        .anyMatch(link -> link.filter(Link::isPending).isPresent())
                || links.anyPendingBut(changes.keySet());
    }

    /// Those that are pending first, and then, as far as there is room, those that aren't.
    List<Link> snapshot(int limit) {
        List<Link> snapshot = new ArrayList<>();
        for (boolean arePending : new boolean[] {true, false}) {
            changes.values().stream()
                    .flatMap(Optional::stream)
                    .filter(link -> link.isPending() == arePending)
                    .limit(limit - snapshot.size())
                    .forEach(snapshot::add);
            snapshot.addAll(links.some(arePending, changes.keySet(), limit - snapshot.size()));
        }
        return snapshot;
    }

    /// Takes in what happened to a stream.
    ///
    /// @return false where the stream should have been linked and there is no room
    boolean learn(StreamKey stream, News news, int limit) {
        Optional<Link> known = find(stream);
        if (known.isPresent()) {
            learn(known.get(), news);
        } else if (news instanceof News.Grown(Offset created, Offset from, Offset next) && spec.finds(stream)) {
            if (size >= limit) {
                return false;
            }
            put(Link.at(stream, EnumSet.of(LinkType.GLOB), created, from).grown(created, from, next));
        }
        return true;
    }

    void learn(Link link, News news) {
        switch (news) {
            case News.Grown(Offset created, Offset from, Offset next) -> {
                Link grown = link.grown(created, from, next);
                if (!grown.equals(link)) {
                    put(grown);
                }
            }
            case News.Gone(Offset created)
            when link.endsWith(created) -> {
                if (link.types().contains(LinkType.EXPLICIT)) {
                    put(Link.unborn(link.stream(), link.types()));
                } else {
                    remove(link.stream());
                }
            }
            case News.Gone _ -> {
                // Of a life that is over for the link, too.
            }
        }
    }

    /// Takes the explicit link away; what the pattern finds stays.
    void unlink(StreamKey stream) {
        find(stream).filter(link -> link.types().contains(LinkType.EXPLICIT)).ifPresent(link -> {
            if (spec.finds(stream) && link.life() instanceof Link.Born) {
                put(link.withTypes(Set.of(LinkType.GLOB)));
            } else {
                remove(stream);
            }
        });
    }

    /// What has to be written so that the changes outlive this process. Tails don't: the streams themselves know.
    List<Document.Edit> edits(SubscriptionId id, byte[] subscription) {
        List<Document.Edit> edits = new ArrayList<>();
        changes.forEach((stream, changed) -> {
            Optional<Link> kept = links.find(stream);
            if (changed.isEmpty() && kept.isPresent()) {
                edits.add(Shelf.remove(id, stream));
            } else if (changed.isPresent() && !kept.map(Draft::kept).equals(changed.map(Draft::kept))) {
                edits.add(Shelf.put(id, changed.get()));
            }
        });
        if (!state.equals(before)) {
            edits.add(Shelf.put(id, subscription));
        }
        return edits;
    }

    private static Link kept(Link link) {
        return new Link(link.stream(), link.types(), link.life(), link.acked(), link.acked());
    }

    /// Makes the changes, once they are on disk.
    void apply() {
        changes.forEach((stream, link) -> link.ifPresentOrElse(links::put, () -> links.remove(stream)));
    }
}
