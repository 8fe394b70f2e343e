package io.perennial.eventstore;

import java.util.List;
import java.util.Optional;

/// A stream looked at more closely, for those who look after it.
///
/// @param events how many it holds: what a fork inherits counts for its source, and what retention dropped for none,
///     though up to a chunk of 32 KiB that begins with such may count until it is gone
/// @param bytes what these come to, without what the store adds
/// @param earliest where retention dropped something, the least offset from which it can be read
/// @param source what it was forked from
/// @param forks the streams that were forked from it, in the order of their paths, as many as were asked for
/// @param producers the last append of each producer, in the order of their ids, likewise
public record StreamSurvey(
        StreamInfo stream,
        long events,
        long bytes,
        Optional<Offset> earliest,
        Optional<Source> source,
        List<StreamKey> forks,
        List<Producer.Idempotent> producers) {
    /// Where a fork comes from.
    ///
    /// @param below every event of the source below it is inherited
    public record Source(StreamKey stream, Offset below) {}

    public StreamSurvey {
        forks = List.copyOf(forks);
        producers = List.copyOf(producers);
    }
}
