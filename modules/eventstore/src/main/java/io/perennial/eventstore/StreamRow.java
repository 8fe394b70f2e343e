package io.perennial.eventstore;

import java.time.Instant;

/// A row of the table of streams.
///
/// @param closer the append that closed it; anonymous also where it is open
/// @param writerSeq the last one that was accepted
/// @param touchedMillis when it was last read or written, as far as that is on disk
/// @param forks how many streams read from this one
record StreamRow(
        Birth birth, Extent extent, State state, Producer closer, WriterSeq writerSeq, long touchedMillis, int forks) {
    /// The life of a stream. The names are stored.
    enum State {
        OPEN,
        CLOSED,
        /// Deleted by its owner, kept for its forks.
        SOFT_DELETED
    }

    /// What never changes.
    ///
    /// @param id the key of its events
    record Birth(
            long id,
            StreamKey key,
            Offset created,
            ContentType contentType,
            Lifetime lifetime,
            Retention retention,
            Lineage lineage) {
        /// The tail of a stream to which nothing was appended.
        Offset firstTail() {
            return lineage instanceof Lineage.Forked fork && !fork.isEmpty() ? fork.below() : created;
        }
    }

    /// How far it reaches.
    ///
    /// @param tail also of the events that haven't settled
    /// @param trimmed the next offset after the last event that retention dropped; the least offset where none was
    record Extent(Offset tail, Offset trimmed) {}

    static StreamRow born(Birth birth, long nowMillis) {
        return new StreamRow(
                birth,
                new Extent(birth.firstTail(), Offset.LEAST),
                State.OPEN,
                Producer.ANONYMOUS,
                WriterSeq.NONE,
                nowMillis,
                0);
    }

    long id() {
        return birth.id();
    }

    StreamKey key() {
        return birth.key();
    }

    Offset created() {
        return birth.created();
    }

    ContentType contentType() {
        return birth.contentType();
    }

    Lifetime lifetime() {
        return birth.lifetime();
    }

    Offset tail() {
        return extent.tail();
    }

    Offset trimmed() {
        return extent.trimmed();
    }

    StreamRow grown(Offset tail) {
        Extent grown = new Extent(tail, trimmed());
        return new StreamRow(birth, grown, state, closer, writerSeq, touchedMillis, forks);
    }

    StreamRow trimmed(Offset trimmed) {
        Extent rest = new Extent(tail(), trimmed);
        return new StreamRow(birth, rest, state, closer, writerSeq, touchedMillis, forks);
    }

    StreamRow closed(Producer by) {
        return new StreamRow(birth, extent, State.CLOSED, by, writerSeq, touchedMillis, forks);
    }

    StreamRow softDeleted() {
        return new StreamRow(birth, extent, State.SOFT_DELETED, closer, writerSeq, touchedMillis, forks);
    }

    StreamRow sequenced(WriterSeq last) {
        return new StreamRow(birth, extent, state, closer, last, touchedMillis, forks);
    }

    StreamRow touched(long millis) {
        return new StreamRow(birth, extent, state, closer, writerSeq, Math.max(millis, touchedMillis), forks);
    }

    StreamRow forked(int more) {
        return new StreamRow(birth, extent, state, closer, writerSeq, touchedMillis, forks + more);
    }

    /// When it expires, where nobody touches it after that.
    ///
    /// @return milliseconds, the greatest number for never
    long deadlineMillis(long lastTouchMillis) {
        return switch (lifetime()) {
            case Lifetime.Unlimited _ -> Long.MAX_VALUE;
            case Lifetime.Sliding(long seconds) -> Math.max(touchedMillis, lastTouchMillis) + seconds * 1_000;
            case Lifetime.Until(Instant end) -> end.toEpochMilli();
        };
    }

    Ending ending() {
        return state == State.CLOSED ? Ending.CLOSED : Ending.UP_TO_DATE;
    }

    StreamInfo info() {
        return new StreamInfo(key(), created(), contentType(), tail(), ending(), lifetime(), birth.retention());
    }
}
