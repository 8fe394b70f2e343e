package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import io.perennial.eventstore.History.Place;
import io.perennial.eventstore.History.Walk;
import java.util.List;
import java.util.function.LongFunction;

/// Where a fork leaves its source (protocol, section 4.2).
sealed interface ForkPoint {
    /// The most sources that may lie behind one another: each costs every page of the fork a look-up.
    int MOST_SOURCES = 1_000;

    record Found(Lineage.Forked lineage) implements ForkPoint {}

    /// The sub-offset is greater than this.
    record Beyond(long most) implements ForkPoint {}

    /// More sources than this would lie behind the fork.
    record TooDeep(int most) implements ForkPoint {}

    /// Looks for it in the source's events.
    ///
    /// @param fresh what hasn't settled, by the id of a stream
    static ForkPoint of(DbExecute execute, LongFunction<Fresh> fresh, StreamRow source, Create.Fork fork) {
        List<StreamRow> line = StreamTable.line(execute, source);
        return line.size() > MOST_SOURCES
                ? new TooDeep(MOST_SOURCES)
                : of(new History(execute, Segment.of(line), fresh), source, fork);
    }

    private static ForkPoint of(History history, StreamRow source, Create.Fork fork) {
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
