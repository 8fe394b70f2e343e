package io.perennial.eventstore;

import io.perennial.bus.Bus;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

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
        return open(config, clock, bus, StoreObserver.NONE);
    }

    /// The same, and tells an observer what the store does.
    static EventStore open(StoreConfig config, InstantSource clock, Bus<Commit> bus, StoreObserver observer) {
        return SqliteStore.open(config, clock, bus, observer);
    }

    /// Makes sure that a stream exists, fresh or as a fork. Returns when it is on disk.
    ///
    /// @throws StorageException.OutcomeUnknown where nobody can say whether it is
    CreateOutcome create(Create create);

    /// Adds events, closes the stream, or both. Returns when it is on disk.
    ///
    /// @throws StorageException.OutcomeUnknown where nobody can say whether it is
    AppendOutcome append(Append append);

    /// Removes the stream with all its events, once no fork needs them. A stream of the same name that is created later
    /// is another one.
    DeleteOutcome delete(StreamKey stream);

    /// Looks at a stream, which doesn't count as reading it.
    HeadOutcome head(StreamKey stream);

    /// Looks at a stream more closely, which doesn't count as reading it; empty where there is none.
    ///
    /// @param most how many forks are told, and how many producers; 0 or more
    Optional<StreamSurvey> survey(StreamKey stream, int most);

    /// Lists the streams whose path begins with a prefix, in the order of their paths.
    ///
    /// @param after the path before the first, exclusive; empty for the first page
    /// @param limit the most, positive
    List<StreamInfo> streams(String prefix, String after, int limit);

    /// Reads one page: the events from there on until `pageBytes` are reached, at least one where there is one.
    ///
    /// @param pageBytes positive
    ReadOutcome read(StreamKey stream, ReadFrom from, int pageBytes);

    /// Follows a stream: first what it holds from there on, page by page, then what comes.
    ///
    /// @param pageBytes positive
    Follow follow(StreamKey stream, ReadFrom from, int pageBytes);

    /// Changes documents, all of them or none. Returns when it is on disk.
    ///
    /// @throws StorageException.OutcomeUnknown where nobody can say whether it is
    void edit(List<Document.Edit> edits);

    /// Lists the documents of a collection, in the order of their keys.
    ///
    /// @param after the key before the first, exclusive; empty for the first page
    /// @param limit the most, positive
    List<Document> documents(String collection, String after, int limit);

    /// Looks at everything, as of one moment: that it is as it was written, and that it fits together. Takes long where
    /// there is much, and keeps nobody waiting.
    Verification verify();

    /// Copies everything, as of one moment, beside writers and readers: a database to be laid as `events.db` into an
    /// empty directory. Takes long where there is much, and as much room in the store's directory meanwhile.
    ///
    /// @throws StorageException where it can't be read or written, to the end or at all
    void backup(OutputStream to);

    /// Whether it can write.
    StoreHealth health();

    /// How much it holds.
    StoreLoad load();

    /// Stores what was accepted, then closes the files. Later calls throw a [StorageException].
    @Override
    void close();
}
