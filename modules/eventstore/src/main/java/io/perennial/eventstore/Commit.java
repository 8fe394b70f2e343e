package io.perennial.eventstore;

/// What a commit changed in one stream, as it is announced on the bus under the stream's path.
public sealed interface Commit {
    /// The stream that changed.
    StreamKey stream();

    /// The bytes that the announcement keeps in memory, for the bus's window.
    long bytes();

    /// Events were added, or the stream was closed, or both.
    ///
    /// @param created the stream's creation ULID: a stream of the same name that is created later has another
    /// @param from the stream's tail before this commit: a follower that stands there has missed nothing
    /// @param page what was added; its next offset is the stream's new tail
    record Appended(StreamKey stream, Offset created, ContentType contentType, Offset from, Page page)
            implements Commit {
        // What an announcement costs beyond its events: the objects around them.
        private static final long OVERHEAD_BYTES = 256;

        @Override
        public long bytes() {
            return OVERHEAD_BYTES + page.bytes();
        }
    }

    /// The stream that was created under this ULID is no more.
    record Deleted(StreamKey stream, Offset created) implements Commit {
        @Override
        public long bytes() {
            return Appended.OVERHEAD_BYTES;
        }
    }
}
