package io.perennial.eventstore;

import java.nio.ByteBuffer;

/// What a process did to its disk, as far as a loss of power can take it back, and what it said meanwhile.
///
/// Files and directories are nodes: a name may come to stand for another one.
sealed interface DiskOperation {
    record Write(int node, long at, ByteBuffer data) implements DiskOperation {}

    record Resize(int node, long bytes) implements DiskOperation {}

    record Enter(int directory, String name, int node, Kind kind) implements DiskOperation {}

    record Leave(int directory, String name) implements DiskOperation {}

    /// A sync that has returned.
    ///
    /// @param covers how many operations had been done when it was called: it vouches for these alone
    record Sync(int node, int covers) implements DiskOperation {}

    /// A line that the process wrote for the test.
    record Said(String line) implements DiskOperation {}

    enum Kind {
        FILE,
        DIRECTORY
    }
}
