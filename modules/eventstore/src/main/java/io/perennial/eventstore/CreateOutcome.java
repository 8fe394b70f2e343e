package io.perennial.eventstore;

/// What became of a creation. Whatever it says is on disk.
public sealed interface CreateOutcome {
    /// The stream is new.
    record Created(StreamInfo stream) implements CreateOutcome {}

    /// It was there before, as asked.
    record Existing(StreamInfo stream) implements CreateOutcome {}

    /// Nothing was created.
    sealed interface Refused extends CreateOutcome {}

    /// It was there before, otherwise than asked.
    record Differs(Difference difference) implements Refused {}

    /// What differs first.
    enum Difference {
        CONTENT_TYPE,
        LIFETIME,
        RETENTION,
        CLOSURE,
        ORIGIN
    }

    /// A stream of this name was deleted and is kept for its forks.
    record Blocked() implements Refused {}

    /// There is no stream to fork.
    record SourceAbsent() implements Refused {}

    /// The stream to fork was deleted, and is kept only for its forks.
    record SourceSoftDeleted() implements Refused {}

    /// The stream to fork holds events of another type.
    record SourceDiffers(ContentType expected) implements Refused {}

    /// The fork's point lies in front of what the source still has.
    ///
    /// @param earliest the first point that is possible
    record BeforeEarliest(Offset earliest) implements Refused {}

    /// The fork's point is beyond the source's tail.
    record BeyondTail(Offset tail) implements Refused {}

    /// The sub-offset is beyond the append that begins at the fork's point.
    ///
    /// @param most the greatest that is possible there
    record BeyondAppend(long most) implements Refused {}

    /// The source is itself a fork of a fork, and so on, as deep as the store allows.
    ///
    /// @param most the most sources that may lie behind one another
    record TooDeep(int most) implements Refused {}

    /// More requests wait than the store's bound allows.
    record Busy() implements Refused {}
}
