package io.perennial.eventstore;

/// A stream that begins or ends.
///
/// What it says of the stream is what was known at that moment: of a new one the moment before its first event.
public sealed interface StreamChange {
    StreamInfo stream();

    /// It was created: as such, as a fork, or by the append that needed it.
    record Created(StreamInfo stream) implements StreamChange {}

    /// It was deleted.
    record Deleted(StreamInfo stream) implements StreamChange {}

    /// Its lifetime ended.
    record Expired(StreamInfo stream) implements StreamChange {}
}
