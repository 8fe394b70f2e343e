package io.perennial.eventstore;

/// What became of a deletion.
public enum DeleteOutcome {
    DELETED,
    /// There is no such stream.
    ABSENT,
    /// It was deleted before, and is kept only for its forks.
    SOFT_DELETED
}
