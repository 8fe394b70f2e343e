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

    /// The producer's number doesn't fit.
    sealed interface OfProducer extends Rejection {}

    /// A producer with a greater epoch has taken over.
    record StaleEpoch(long currentEpoch) implements OfProducer {}

    /// A new epoch begins with sequence number 0.
    record EpochNotBegunAtZero(long epoch, long seq) implements OfProducer {}

    /// An earlier append of this producer hasn't arrived.
    record SequenceGap(long expected, long received) implements OfProducer {}

    /// More appends wait than the store's bound allows.
    record Busy() implements Rejection {}
}
