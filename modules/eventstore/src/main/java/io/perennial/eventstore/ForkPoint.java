package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import io.perennial.eventstore.EventTable.Place;
import java.util.List;

/// Where a fork leaves its source (protocol, section 4.2).
sealed interface ForkPoint {
    record Found(Lineage.Forked lineage) implements ForkPoint {}

    /// The sub-offset is greater than this.
    record Beyond(long most) implements ForkPoint {}

    /// Looks for it in the source's events.
    ///
    /// @param line the source, its source, and so on
    static ForkPoint of(DbExecute execute, List<StreamRow> line, Create.Fork fork) {
        StreamRow source = line.getFirst();
        Offset anchor = Rules.anchor(source, fork);
        List<Segment> segments = Segment.of(line);
        if (fork.subOffset() == 0) {
            return found(source, fork, anchor, EventTable.end(execute, segments, anchor), Integer.MAX_VALUE);
        }
        return EventTable.place(execute, segments, anchor)
                .map(begin -> source.contentType().matches(ContentType.JSON)
                        ? messages(execute, source, fork, anchor, begin)
                        : bytes(source, fork, anchor, begin))
                .orElseGet(() -> new Beyond(0));
    }

    private static ForkPoint messages(
            DbExecute execute, StreamRow source, Create.Fork fork, Offset anchor, Place begin) {
        return EventTable.behind(execute, begin, fork.subOffset() - 1)
                .<ForkPoint>map(
                        last -> found(source, fork, anchor, last.offset().next(), Integer.MAX_VALUE))
                .orElseGet(() -> new Beyond(EventTable.count(execute, begin)));
    }

    private static ForkPoint bytes(StreamRow source, Create.Fork fork, Offset anchor, Place begin) {
        return fork.subOffset() > begin.bytes()
                ? new Beyond(begin.bytes())
                : found(source, fork, anchor, begin.offset().next(), (int) fork.subOffset());
    }

    private static Found found(StreamRow source, Create.Fork fork, Offset anchor, Offset below, int lastBytes) {
        return new Found(new Lineage.Forked(source.id(), anchor, fork.subOffset(), below, lastBytes));
    }
}
