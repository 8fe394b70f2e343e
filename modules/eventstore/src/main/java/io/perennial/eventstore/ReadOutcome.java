package io.perennial.eventstore;

/// What a read found.
public sealed interface ReadOutcome {
    /// The stream, and one page of it.
    record Read(StreamInfo stream, Page page) implements ReadOutcome {}

    /// There is no such stream.
    record Absent() implements ReadOutcome {}

    /// The stream was deleted, and is kept only for its forks.
    record SoftDeleted() implements ReadOutcome {}

    /// The read began before what retention dropped.
    ///
    /// @param earliest the next offset after the last event that was dropped
    record Trimmed(Offset earliest) implements ReadOutcome {}
}
