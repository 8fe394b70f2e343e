package io.perennial.eventstore;

/// What became of an append. Whatever it says is on disk.
public sealed interface AppendOutcome {
    /// It was stored.
    ///
    /// @param first the first event's offset; where the append had none, the tail
    /// @param next the new tail
    /// @param ending `CLOSED` where the stream is closed now, otherwise `UP_TO_DATE`
    record Appended(Offset first, Offset next, Ending ending) implements AppendOutcome {}

    /// It had been stored before: the retry of a producer that never saw the answer, or a close of a closed stream.
    ///
    /// @param tail the stream's tail
    /// @param ending `CLOSED` where the stream is closed, otherwise `UP_TO_DATE`
    /// @param lastSeq the greatest sequence number accepted of this producer in its epoch; 0 for an anonymous one
    record Duplicate(Offset tail, Ending ending, long lastSeq) implements AppendOutcome {}

    /// Nothing was stored.
    record Rejected(Rejection reason) implements AppendOutcome {}
}
