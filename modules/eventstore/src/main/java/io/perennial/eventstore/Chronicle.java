package io.perennial.eventstore;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A stream in which the store writes down the beginning and the end of every other: in the same transaction, so that
/// whoever follows it misses none, and none is told that didn't happen. A creation is told under an earlier offset than
/// the new stream's first event.
///
/// @param stream is created by its first event; the store tells nothing of the stream itself
/// @param retention how much of it is kept, whatever it was created with
/// @param encoding makes the event of a change; called by the thread that writes, so it has to be quick
public record Chronicle(
        StreamKey stream, ContentType contentType, Retention retention, Function<StreamChange, byte[]> encoding) {
    /// The append that tells of a change; none where it is the chronicle itself that changes.
    Optional<Append> entry(StreamChange change) {
        if (stream.equals(change.stream().key())) {
            return Optional.empty();
        }
        return Optional.of(new Append(
                stream,
                contentType,
                List.of(encoding.apply(change)),
                Producer.ANONYMOUS,
                WriterSeq.NONE,
                Append.Closing.STAY_OPEN,
                Append.IfAbsent.CREATE));
    }
}
