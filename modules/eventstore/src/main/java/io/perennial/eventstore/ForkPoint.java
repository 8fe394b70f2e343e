package io.perennial.eventstore;

import io.perennial.eventstore.History.Place;
import io.perennial.eventstore.History.Walk;

/// Where a fork leaves its source (protocol, section 4.2).
sealed interface ForkPoint {
    record Found(Lineage.Forked lineage) implements ForkPoint {}

    /// The sub-offset is greater than this.
    record Beyond(long most) implements ForkPoint {}

    /// Looks for it in the source's events.
    static ForkPoint of(History history, StreamRow source, Create.Fork fork) {
        Offset anchor = Rules.anchor(source, fork);
        if (fork.subOffset() == 0) {
            return found(source, fork, anchor, history.end(anchor), Integer.MAX_VALUE);
        }
        return history.place(Offset.later(anchor, source.trimmed()))
                .map(begin -> source.contentType().matches(ContentType.JSON)
                        ? messages(history, source, fork, anchor, begin)
                        : bytes(source, fork, anchor, begin))
                .orElseGet(() -> new Beyond(0));
    }

    private static ForkPoint messages(History history, StreamRow source, Create.Fork fork, Offset anchor, Place begin) {
        Walk walk = history.walk(begin, fork.subOffset());
        return walk.count() == fork.subOffset()
                ? found(source, fork, anchor, walk.last().next(), Integer.MAX_VALUE)
                : new Beyond(walk.count());
    }

    private static ForkPoint bytes(StreamRow source, Create.Fork fork, Offset anchor, Place begin) {
        int most = begin.event().data().length;
        return fork.subOffset() > most
                ? new Beyond(most)
                : found(source, fork, anchor, begin.event().offset().next(), (int) fork.subOffset());
    }

    private static Found found(StreamRow source, Create.Fork fork, Offset anchor, Offset below, int lastBytes) {
        return new Found(new Lineage.Forked(source.id(), anchor, fork.subOffset(), below, lastBytes));
    }
}
