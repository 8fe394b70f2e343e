package io.perennial.eventstore;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// What waits for the writer.
sealed interface Request {
    /// How many bytes of events it holds in memory.
    long bytes();

    /// Tells the caller that it failed.
    void fail(StorageException failure);

    /// Something to write, together with others in one transaction.
    record Writing<T>(Function<Group, T> work, long bytes, CompletableFuture<T> answer) implements Request {
        /// Does it. What is returned tells the caller, and is to be run once the transaction has committed.
        Runnable perform(Group group) {
            T outcome = work.apply(group);
            return () -> answer.complete(outcome);
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
