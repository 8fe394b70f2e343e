package io.perennial.eventstore;

/// Where a read begins.
public sealed interface ReadFrom {
    /// The earliest event that the stream still holds. Spelt `-1`.
    record Start() implements ReadFrom {}

    /// The first event at this offset or after it. One beyond the tail counts as the tail.
    record At(Offset offset) implements ReadFrom {}

    /// The tail at the moment of the read. Spelt `now`.
    record Tail() implements ReadFrom {}

    ReadFrom START = new Start();
    ReadFrom TAIL = new Tail();

    /// Reads `-1`, `now` or an offset.
    ///
    /// @throws MalformedOffsetException where the text is none of them
    static ReadFrom parse(String text) {
        return switch (text) {
            case "-1" -> START;
            case "now" -> TAIL;
            default -> new At(Offset.parse(text));
        };
    }
}
