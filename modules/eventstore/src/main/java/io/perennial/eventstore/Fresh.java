package io.perennial.eventstore;

import java.util.Arrays;
import java.util.List;

/// The events of one stream that are on disk and haven't settled yet, in their order: those that readers want most, in
/// memory.
///
/// Immutable. What is added makes a longer one that shares the events of the shorter, as long as there is room behind
/// them: add to the longest alone.
final class Fresh {
    static final Fresh NONE = new Fresh(new Event[0], 0, 0);
    private static final int LEAST_ROOM = 8;

    private final Event[] events;
    private final int count;
    private final long bytes;

    private Fresh(Event[] events, int count, long bytes) {
        this.events = events;
        this.count = count;
        this.bytes = bytes;
    }

    Fresh and(List<Event> more) {
        int sum = count + more.size();
        Event[] room = sum <= events.length ? events : Arrays.copyOf(events, Math.max(LEAST_ROOM, 2 * sum));
        long sumBytes = bytes;
        for (int i = 0; i < more.size(); i++) {
            room[count + i] = more.get(i);
            sumBytes += more.get(i).data().length;
        }
        return new Fresh(room, sum, sumBytes);
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    Offset last() {
        return events[count - 1].offset();
    }

    /// Whether every event at this offset or after it is among these: none of them has settled.
    boolean beginsAtOrBefore(Offset from) {
        return count > 0 && !from.isBefore(events[0].offset());
    }

    /// Those at `from` or after it, below an end.
    List<Event> between(Offset from, Offset below) {
        int begin = firstAt(from);
        return Arrays.asList(events).subList(begin, Math.max(begin, firstAt(below)));
    }

    private int firstAt(Offset offset) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (events[middle].offset().isBefore(offset)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
