package io.perennial.eventstore;

/// Hears of what a store does, as it does it: for counters.
///
/// Whatever is heard of has happened, and is told before whoever asked for it has the answer. The threads that do the
/// work call, many at once, and wait meanwhile: a method has to be quick, and throws nothing.
public interface StoreObserver {
    /// Hears nothing.
    StoreObserver NONE = new StoreObserver() {};

    /// A commit is on disk, of whatever it was: appends, or what the store does by itself.
    ///
    /// @param nanos how long the commit and its sync took
    default void committed(long nanos) {}

    /// Appends that shared one commit are on disk. A stream that is created with events counts as one of them.
    ///
    /// @param appends at least 1
    /// @param events how many they brought together; 0 where they only closed streams
    /// @param bytes of those events
    default void appended(int appends, int events, long bytes) {}

    /// An append changed nothing.
    default void rejected(Rejection reason) {}

    /// An append failed, as on a full disk.
    default void failed(StorageException failure) {}

    /// A page was answered from memory.
    default void readFromMemory() {}

    /// A page was answered with a look at the disk.
    default void readFromDisk() {}
}
