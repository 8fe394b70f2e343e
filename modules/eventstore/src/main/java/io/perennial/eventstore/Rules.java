package io.perennial.eventstore;

import io.perennial.eventstore.Append.IfAbsent;
import io.perennial.eventstore.CreateOutcome.Difference;
import io.perennial.eventstore.Producer.Idempotent;
import java.util.Optional;

/// What an append, a creation or a deletion may do: a pure function of the stream's row, the producer's row, the
/// request and the time, the same for every engine.
///
/// Where several rules are broken the first of these is answered: no stream, deleted, closed, another content type, the
/// producer's epoch and sequence number, the writers' sequence (protocol, sections 5.2 and 5.2.1).
final class Rules {
    private Rules() {}

    sealed interface Decision {
        /// Store it in the stream that is there.
        record Store() implements Decision {}

        /// Create the stream, then store it.
        record CreateAndStore() implements Decision {}

        /// Store nothing; this is the answer.
        record Answer(AppendOutcome outcome) implements Decision {}
    }

    private static final Decision STORE = new Decision.Store();

    static Decision append(Optional<StreamRow> row, ProducerRow known, Append append) {
        if (row.isEmpty()) {
            return append.ifAbsent() == IfAbsent.CREATE ? create(append) : reject(new Rejection.Absent());
        }
        StreamRow stream = row.get();
        return switch (stream.state()) {
            case SOFT_DELETED -> reject(new Rejection.SoftDeleted());
            case CLOSED -> toClosed(stream, known, append);
            case OPEN -> toOpen(stream, known, append);
        };
    }

    /// Whether the stream's life is over (protocol, section 5.1).
    ///
    /// @param lastTouchMillis the last read or write that the row doesn't know of
    static boolean isExpired(StreamRow row, long lastTouchMillis, long nowMillis) {
        return nowMillis >= row.deadlineMillis(lastTouchMillis);
    }

    /// What a creation finds where there is a stream already (protocol, sections 4.2 and 5.1).
    ///
    /// @param source the stream that the creation names as its source, where there is one
    static CreateOutcome existing(StreamRow row, Optional<StreamRow> source, Create create) {
        if (row.state() == StreamRow.State.SOFT_DELETED) {
            return new CreateOutcome.Blocked();
        }
        boolean closes = create.closing() == Append.Closing.CLOSE;
        boolean isClosed = row.state() == StreamRow.State.CLOSED;
        if (!hasTypeOf(row, create.origin())) {
            return new CreateOutcome.Differs(Difference.CONTENT_TYPE);
        }
        if (!hasOriginOf(row, source, create.origin())) {
            return new CreateOutcome.Differs(Difference.ORIGIN);
        }
        if (!hasLifetimeOf(row, create)) {
            return new CreateOutcome.Differs(Difference.LIFETIME);
        }
        if (!hasRetentionOf(row, create)) {
            return new CreateOutcome.Differs(Difference.RETENTION);
        }
        return closes == isClosed
                ? new CreateOutcome.Existing(row.info())
                : new CreateOutcome.Differs(Difference.CLOSURE);
    }

    private static boolean hasTypeOf(StreamRow row, Create.Origin origin) {
        return switch (origin) {
            case Create.Fresh(ContentType type) -> type.matches(row.contentType());
            case Create.Fork(StreamKey _, ReadFrom _, long _, Create.ForkType.Exactly(ContentType type)) ->
                type.matches(row.contentType());
            case Create.Fork(StreamKey _, ReadFrom _, long _, Create.ForkType.Inherited _) -> true;
        };
    }

    private static boolean hasOriginOf(StreamRow row, Optional<StreamRow> source, Create.Origin origin) {
        return switch (origin) {
            case Create.Fresh _ -> row.birth().lineage() instanceof Lineage.Root;
            case Create.Fork fork ->
                row.birth().lineage() instanceof Lineage.Forked made
                        && source.isPresent()
                        && source.get().id() == made.parent()
                        && fork.subOffset() == made.subOffset()
                        && (fork.at() instanceof ReadFrom.Tail
                                || anchor(source.get(), fork).equals(made.anchor()));
        };
    }

    private static boolean hasLifetimeOf(StreamRow row, Create create) {
        boolean inherits = create.origin() instanceof Create.Fork && create.lifetime() instanceof Lifetime.Unlimited;
        return inherits || create.lifetime().equals(row.lifetime());
    }

    private static boolean hasRetentionOf(StreamRow row, Create create) {
        boolean inherits =
                create.origin() instanceof Create.Fork && create.retention().isUnlimited();
        return inherits || create.retention().equals(row.birth().retention());
    }

    /// Where a fork's point is in its source.
    static Offset anchor(StreamRow source, Create.Fork fork) {
        return switch (fork.at()) {
            case ReadFrom.Start _ -> Offset.LEAST;
            case ReadFrom.At(Offset offset) -> offset;
            case ReadFrom.Tail _ -> source.tail();
            case ReadFrom.Last _ -> throw new IllegalArgumentException("a fork isn't made of the last events");
        };
    }

    /// What speaks against a fork of this source before its events are looked at.
    static Optional<CreateOutcome> againstFork(Optional<StreamRow> source, Create.Fork fork) {
        if (source.isEmpty()) {
            return Optional.of(new CreateOutcome.SourceAbsent());
        }
        StreamRow row = source.get();
        if (row.state() == StreamRow.State.SOFT_DELETED) {
            return Optional.of(new CreateOutcome.SourceSoftDeleted());
        }
        if (!hasTypeOf(row, fork)) {
            return Optional.of(new CreateOutcome.SourceDiffers(row.contentType()));
        }
        if (fork.at() instanceof ReadFrom.At(Offset point) && point.isBefore(row.trimmed())) {
            return Optional.of(new CreateOutcome.BeforeEarliest(row.trimmed()));
        }
        return row.tail().isBefore(anchor(row, fork))
                ? Optional.of(new CreateOutcome.BeyondTail(row.tail()))
                : Optional.empty();
    }

    static Lifetime lifetime(Lifetime asked, StreamRow source) {
        return asked instanceof Lifetime.Unlimited ? source.lifetime() : asked;
    }

    static Retention retention(Retention asked, StreamRow source) {
        return asked.isUnlimited() ? source.birth().retention() : asked;
    }

    static DeleteOutcome delete(Optional<StreamRow> row) {
        if (row.isEmpty()) {
            return DeleteOutcome.ABSENT;
        }
        return row.get().state() == StreamRow.State.SOFT_DELETED ? DeleteOutcome.SOFT_DELETED : DeleteOutcome.DELETED;
    }

    private static Decision create(Append append) {
        return switch (fenced(ProducerRow.UNKNOWN, append.producer())) {
            case Fence.Pass _ -> new Decision.CreateAndStore();
            case Fence.Seen _ -> throw new IllegalStateException("a stream that is not there has seen nothing");
            case Fence.Stop(Rejection reason) -> reject(reason);
        };
    }

    // A closed stream takes nothing. Whoever closed it, or only wants it closed, is told that it is.
    private static Decision toClosed(StreamRow stream, ProducerRow known, Append append) {
        boolean retryOfTheClose = append.producer() instanceof Idempotent closer && closer.equals(stream.closer());
        boolean onlyCloses = append.events().isEmpty() && append.producer() instanceof Producer.Anonymous;
        if (retryOfTheClose || onlyCloses) {
            return duplicate(stream, known);
        }
        return reject(new Rejection.Closed(stream.tail()));
    }

    private static Decision toOpen(StreamRow stream, ProducerRow known, Append append) {
        if (!append.events().isEmpty() && !append.contentType().matches(stream.contentType())) {
            return reject(new Rejection.OtherContentType(stream.contentType()));
        }
        return switch (fenced(known, append.producer())) {
            case Fence.Pass _ -> inSequence(stream, append);
            case Fence.Seen _ -> duplicate(stream, known);
            case Fence.Stop(Rejection reason) -> reject(reason);
        };
    }

    // After the producer's number: a retry of what was stored carries a sequence that was accepted, too.
    private static Decision inSequence(StreamRow stream, Append append) {
        return stream.writerSeq() instanceof WriterSeq.Value(String last)
                        && append.writerSeq() instanceof WriterSeq.Value(String next)
                        && next.compareTo(last) <= 0
                ? reject(new Rejection.SequenceRegressed(last))
                : STORE;
    }

    private sealed interface Fence {
        record Pass() implements Fence {}

        record Seen() implements Fence {}

        record Stop(Rejection reason) implements Fence {}
    }

    private static Fence fenced(ProducerRow known, Producer producer) {
        return switch (producer) {
            case Producer.Anonymous _ -> new Fence.Pass();
            case Idempotent append ->
                switch (known) {
                    case ProducerRow.Unknown _ -> first(append);
                    case ProducerRow.Known row -> fenced(row, append);
                };
        };
    }

    // A producer that nobody knows may begin at any epoch, but at the beginning of it.
    private static Fence first(Idempotent append) {
        return append.seq() == 0 ? new Fence.Pass() : new Fence.Stop(new Rejection.SequenceGap(0, append.seq()));
    }

    private static Fence fenced(ProducerRow.Known row, Idempotent append) {
        if (append.epoch() < row.epoch()) {
            return new Fence.Stop(new Rejection.StaleEpoch(row.epoch()));
        }
        if (append.epoch() > row.epoch()) {
            return append.seq() == 0
                    ? new Fence.Pass()
                    : new Fence.Stop(new Rejection.EpochNotBegunAtZero(append.epoch(), append.seq()));
        }
        if (append.seq() <= row.seq()) {
            return new Fence.Seen();
        }
        return append.seq() == row.seq() + 1
                ? new Fence.Pass()
                : new Fence.Stop(new Rejection.SequenceGap(row.seq() + 1, append.seq()));
    }

    private static Decision duplicate(StreamRow stream, ProducerRow known) {
        long lastSeq = switch (known) {
            case ProducerRow.Known(long _, long seq) -> seq;
            case ProducerRow.Unknown _ -> 0;
        };
        return new Decision.Answer(new AppendOutcome.Duplicate(stream.tail(), stream.ending(), lastSeq));
    }

    private static Decision reject(Rejection reason) {
        return new Decision.Answer(new AppendOutcome.Rejected(reason));
    }
}
