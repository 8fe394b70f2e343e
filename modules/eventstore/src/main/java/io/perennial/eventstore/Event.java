package io.perennial.eventstore;

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

    public Offset offset() {
        return offset;
    }

    /// The bytes, not a copy.
    public byte[] data() {
        return data;
    }
}
