package io.perennial.eventstore;

import java.util.Arrays;

/// One event: its offset and its bytes, exactly as they were appended.
///
/// The bytes are shared by everyone who reads the event: nobody changes them.
public final class Event {
    private final Offset offset;
    private final byte[] data;

    Event(Offset offset, byte[] data) {
        this.offset = offset;
        this.data = data;
    }

    /// The same event, cut off.
    Event shortened(int bytes) {
        return new Event(offset, Arrays.copyOf(data, bytes));
    }

    public Offset offset() {
        return offset;
    }

    /// The bytes, not a copy.
    public byte[] data() {
        return data;
    }
}
