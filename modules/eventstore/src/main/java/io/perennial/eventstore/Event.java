package io.perennial.eventstore;

import java.util.Arrays;
import java.util.List;

/// One event: its offset and its bytes, exactly as they were appended.
///
/// The bytes are shared by everyone who reads the event: nobody changes them.
public final class Event {
    private final Offset offset;
    private final byte[] data;
    private final int rest;

    /// @param rest how many events of the same append are behind it: where an append ends is where it is 0
    Event(Offset offset, byte[] data, int rest) {
        this.offset = offset;
        this.data = data;
        this.rest = rest;
    }

    /// The same event, cut off.
    Event shortened(int bytes) {
        return new Event(offset, Arrays.copyOf(data, bytes), rest);
    }

    public Offset offset() {
        return offset;
    }

    /// The bytes, not a copy.
    public byte[] data() {
        return data;
    }

    int rest() {
        return rest;
    }

    /// How many of these events, which are in order, are before an offset.
    static int firstAt(List<Event> events, Offset offset) {
        int low = 0;
        int high = events.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (events.get(middle).offset().isBefore(offset)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
