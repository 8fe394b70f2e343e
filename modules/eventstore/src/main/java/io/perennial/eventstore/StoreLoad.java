package io.perennial.eventstore;

/// How much a store holds at a moment, about.
///
/// @param queuedAppends what waits for the writer: appends, and the few other requests that change something
/// @param queuedBytes the bytes of their events
/// @param databaseBytes the length of the database's file
/// @param logBytes the length of its write-ahead log
public record StoreLoad(int queuedAppends, long queuedBytes, long databaseBytes, long logBytes) {}
