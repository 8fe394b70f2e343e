package io.perennial.eventstore;

import io.perennial.eventstore.Append.IfAbsent;
import io.perennial.eventstore.Producer.Idempotent;
import java.util.Optional;

/// What an append or a deletion may do: a pure function of the stream's row, the producer's row and the request, the
/// same for every
/// engine.
///
/// Where several rules are broken the first of these is answered: no stream, deleted, closed, another content type, the
/// producer's epoch and sequence number (protocol, sections 5.2 and 5.2.1).
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
            case Fence.Pass _ -> STORE;
            case Fence.Seen _ -> duplicate(stream, known);
            case Fence.Stop(Rejection reason) -> reject(reason);
        };
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
