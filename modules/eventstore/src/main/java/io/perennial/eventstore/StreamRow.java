package io.perennial.eventstore;

/// A row of the table of streams.
///
/// @param id the key of its events; 0 for one not yet inserted
/// @param tail also of the events that haven't settled
/// @param events how many have settled
/// @param bytes their sum
/// @param trimmed the next offset after the last event that retention dropped; the least offset where none was
/// @param closer the append that closed it; anonymous also where it is open
record StreamRow(
        long id,
        StreamKey key,
        Offset created,
        ContentType contentType,
        Offset tail,
        Offset trimmed,
        long events,
        long bytes,
        State state,
        Producer closer) {
    /// The life of a stream. The names are stored.
    enum State {
        OPEN,
        CLOSED,
        /// Deleted by its owner, kept for its forks.
        SOFT_DELETED
    }

    static StreamRow born(long id, StreamKey key, Offset created, ContentType contentType) {
        return new StreamRow(
                id, key, created, contentType, created, Offset.LEAST, 0, 0, State.OPEN, Producer.ANONYMOUS);
    }

    StreamRow grown(Offset newTail) {
        return new StreamRow(id, key, created, contentType, newTail, trimmed, events, bytes, state, closer);
    }

    StreamRow closed(Producer by) {
        return new StreamRow(id, key, created, contentType, tail, trimmed, events, bytes, State.CLOSED, by);
    }

    Ending ending() {
        return state == State.CLOSED ? Ending.CLOSED : Ending.UP_TO_DATE;
    }

    StreamInfo info() {
        return new StreamInfo(created, contentType, tail);
    }
}
