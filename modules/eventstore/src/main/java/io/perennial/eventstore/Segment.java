package io.perennial.eventstore;

import io.perennial.eventstore.Lineage.Forked;
import java.util.ArrayList;
import java.util.List;

/// A part of a stream's events that lies under one id: its own, or those that it inherits.
///
/// @param stream the id
/// @param below the end, exclusive
/// @param lastBytes how much of the event right below the end, at most
record Segment(long stream, Offset below, int lastBytes) {
    /// The parts of a stream in the order of their events.
    ///
    /// @param line the stream, its source, the source's source, and so on
    static List<Segment> of(List<StreamRow> line) {
        List<Segment> segments = new ArrayList<>();
        Offset below = line.getFirst().tail();
        int lastBytes = Integer.MAX_VALUE;
        for (StreamRow row : line) {
            segments.addFirst(new Segment(row.id(), below, lastBytes));
            if (row.birth().lineage() instanceof Forked fork) {
                // A source may be forked below the point where it was forked itself: then the nearer end holds.
                if (fork.below().isBefore(below)) {
                    below = fork.below();
                    lastBytes = fork.lastBytes();
                } else if (fork.below().equals(below)) {
                    lastBytes = Math.min(lastBytes, fork.lastBytes());
                }
            }
        }
        return segments;
    }

    /// The event as this part has it.
    Event cut(Event event) {
        return event.data().length > lastBytes && event.offset().next().equals(below)
                ? event.shortened(lastBytes)
                : event;
    }
}
