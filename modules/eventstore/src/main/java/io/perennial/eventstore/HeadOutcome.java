package io.perennial.eventstore;

/// What is known of a stream without reading it.
public sealed interface HeadOutcome {
    record Found(StreamInfo stream) implements HeadOutcome {}

    /// There is no such stream.
    record Absent() implements HeadOutcome {}

    /// The stream was deleted, and is kept only for its forks.
    record SoftDeleted() implements HeadOutcome {}
}
