package io.perennial.eventstore;

/// A stream as it was at the moment of a read.
///
/// @param created the ULID that it was given at its creation: a stream of the same name created later has another
/// @param tail where the next event will be, or after it
public record StreamInfo(Offset created, ContentType contentType, Offset tail) {}
