package io.perennial.eventstore;

import io.perennial.bus.Bus;
import java.time.InstantSource;

/// A durable store of event streams.
///
/// - What an append is answered is on disk; an append, its producer's state and a close are stored together or not at
///   all.
/// - Offsets are assigned in commit order and never go back, whatever the clock does.
/// - Reads see what is committed and nothing else.
/// - Every commit is announced on the bus under the stream's path, after it is on disk, in the order of the offsets.
///
/// Safe for use by many threads. Every method may block: call them from virtual threads, or from threads that may wait.
/// A [StorageException] says that the disk, or what lies on it, is broken or full.
public interface EventStore extends AutoCloseable {
    /// Opens the store in a directory, and makes it where there is none.
    ///
    /// @param clock gives the time part of offsets
    /// @param bus where commits are announced; stays the caller's, who closes it after the store
    /// @throws StorageException.DirectoryInUse where somebody else has it open
    /// @throws StorageException where it can't be read or written
    static EventStore open(StoreConfig config, InstantSource clock, Bus<Commit> bus) {
        return SqliteStore.open(config, clock, bus);
    }

    /// Adds events, closes the stream, or both. Returns when it is on disk.
    ///
    /// @throws StorageException.OutcomeUnknown where nobody can say whether it is
    AppendOutcome append(Append append);

    /// Removes the stream with all its events. A stream of the same name that is created later is another one.
    DeleteOutcome delete(StreamKey stream);

    /// Reads one page: the events from there on until `pageBytes` are reached, at least one where there is one.
    ///
    /// @param pageBytes positive
    ReadOutcome read(StreamKey stream, ReadFrom from, int pageBytes);

    /// Follows a stream: first what it holds from there on, page by page, then what comes.
    ///
    /// @param pageBytes positive
    Follow follow(StreamKey stream, ReadFrom from, int pageBytes);

    /// Stores what was accepted, then closes the files. Later calls throw a [StorageException].
    @Override
    void close();
}
