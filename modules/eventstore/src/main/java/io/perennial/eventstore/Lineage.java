package io.perennial.eventstore;

/// Where a stream's events begin.
sealed interface Lineage {
    /// With itself.
    record Root() implements Lineage {}

    /// With its source's events below a point.
    ///
    /// @param parent the source's id
    /// @param anchor the point that was asked for, and `subOffset` how far behind it
    /// @param below what that came to: every event of the source below it is inherited; the least offset where
    ///     none is
    /// @param lastBytes how much of the last inherited event, at most
    record Forked(long parent, Offset anchor, long subOffset, Offset below, int lastBytes) implements Lineage {
        boolean isEmpty() {
            return below.equals(Offset.LEAST);
        }
    }

    Lineage ROOT = new Root();
}
