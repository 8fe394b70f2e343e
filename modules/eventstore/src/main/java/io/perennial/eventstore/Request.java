package io.perennial.eventstore;

import java.util.concurrent.CompletableFuture;

/// What waits for the writer.
sealed interface Request {
    /// How many bytes of events it holds in memory.
    long bytes();

    /// Tells the caller that it failed.
    void fail(StorageException failure);

    record Appending(Append append, CompletableFuture<AppendOutcome> answer) implements Request {
        @Override
        public long bytes() {
            return append.bytes();
        }

        @Override
        public void fail(StorageException failure) {
            answer.completeExceptionally(failure);
        }
    }

    record Deleting(StreamKey stream, CompletableFuture<DeleteOutcome> answer) implements Request {
        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void fail(StorageException failure) {
            answer.completeExceptionally(failure);
        }
    }

    /// Wakes the writer, so that it sees that it shall end.
    record Stopping() implements Request {
        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void fail(StorageException failure) {}
    }
}
