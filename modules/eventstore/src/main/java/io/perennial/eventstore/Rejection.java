package io.perennial.eventstore;

/// Why an append changed nothing.
public sealed interface Rejection {
    /// There is no such stream.
    record Absent() implements Rejection {}

    /// The stream was deleted, and is kept only for its forks.
    record SoftDeleted() implements Rejection {}

    /// The stream is closed, at this tail.
    record Closed(Offset tail) implements Rejection {}

    /// The stream holds events of another type.
    record OtherContentType(ContentType expected) implements Rejection {}

    /// The writer's sequence is not greater than the last one.
    record SequenceRegressed(String last) implements Rejection {}

    /// A producer with a greater epoch has taken over.
    record StaleEpoch(long currentEpoch) implements Rejection {}

    /// A new epoch begins with sequence number 0.
    record EpochNotBegunAtZero(long epoch, long seq) implements Rejection {}

    /// An earlier append of this producer hasn't arrived.
    record SequenceGap(long expected, long received) implements Rejection {}

    /// More appends wait than the store's bound allows.
    record Busy() implements Rejection {}
}
