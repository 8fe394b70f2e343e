package io.perennial.eventstore;

import java.util.List;

/// A request to add events to a stream, to close it, or both, in one step.
///
/// @param stream where to
/// @param contentType of the events; has to match the stream's
/// @param events one array of bytes per event, in order; not copied, so nobody changes them; none only where the append
///     closes the stream
/// @param producer who appends
/// @param writerSeq the number that keeps the appends of all writers in order
/// @param closing whether the stream is closed after it
/// @param ifAbsent what to do where there is no such stream
public record Append(
        StreamKey stream,
        ContentType contentType,
        List<byte[]> events,
        Producer producer,
        WriterSeq writerSeq,
        Closing closing,
        IfAbsent ifAbsent) {
    /// What becomes of the stream after the append.
    public enum Closing {
        STAY_OPEN,
        CLOSE
    }

    /// What an append to an unknown stream does.
    public enum IfAbsent {
        REJECT,
        CREATE
    }

    public Append {
        events = List.copyOf(events);
        if (events.isEmpty() && closing == Closing.STAY_OPEN) {
            throw new IllegalArgumentException("an append adds an event, or closes the stream");
        }
    }

    /// The same, where there is such a stream.
    public Append toExisting() {
        return new Append(stream, contentType, events, producer, writerSeq, closing, IfAbsent.REJECT);
    }

    /// The sum of the events' bytes.
    public long bytes() {
        return events.stream().mapToLong(data -> data.length).sum();
    }
}
