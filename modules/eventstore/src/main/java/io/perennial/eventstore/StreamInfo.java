package io.perennial.eventstore;

/// A stream as it was at the moment of a read.
///
/// @param created the ULID that it was given at its creation: a stream of the same name created later has another
/// @param tail where the next event will be, or after it
/// @param ending `CLOSED` where the stream is closed, otherwise `UP_TO_DATE`
/// @param retention what it was created with
public record StreamInfo(
        StreamKey key,
        Offset created,
        ContentType contentType,
        Offset tail,
        Ending ending,
        Lifetime lifetime,
        Retention retention) {}
