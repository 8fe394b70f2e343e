package io.perennial.eventstore;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The events of one stream that are on disk and haven't settled yet, in their order: those that readers want most, in
/// memory.
///
/// Immutable. What is added makes a longer one that shares the events of the shorter, as long as there is room behind
/// them: add to the longest alone.
final class Fresh {
    static final Fresh NONE = new Fresh(new Event[0], 0);
    private static final int LEAST_ROOM = 8;

    private final Event[] events;
    private final int count;

    private Fresh(Event[] events, int count) {
        this.events = events;
        this.count = count;
    }

    Fresh and(List<Event> more) {
        int sum = count + more.size();
        Event[] room = sum <= events.length ? events : Arrays.copyOf(events, Math.max(LEAST_ROOM, 2 * sum));
        for (int i = 0; i < more.size(); i++) {
            room[count + i] = more.get(i);
        }
        return new Fresh(room, sum);
    }

    /// The same, which shares nothing.
    Fresh copy() {
        return new Fresh(events.clone(), count);
    }

    /// Whether every event at this offset or after it is among these: none of them has settled.
    boolean beginsAtOrBefore(Offset from) {
        return count > 0 && !from.isBefore(events[0].offset());
    }

    /// Where the last so many below an end begin; empty where there aren't as many.
    Optional<Offset> last(int most, Offset below) {
        int end = Event.firstAt(all(), below);
        return end < most ? Optional.empty() : Optional.of(events[end - most].offset());
    }

    /// Those at `from` or after it, below an end.
    List<Event> between(Offset from, Offset below) {
        int begin = Event.firstAt(all(), from);
        return all().subList(begin, Math.max(begin, Event.firstAt(all(), below)));
    }

    List<Event> all() {
        return Arrays.asList(events).subList(0, count);
    }
}
