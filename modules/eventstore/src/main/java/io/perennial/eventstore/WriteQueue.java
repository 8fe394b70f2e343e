package io.perennial.eventstore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// What waits for the writer, bounded in number and bytes, and the callers that wait for their answers.
///
/// Once it is stopped nothing enters any more, and whoever is still in it is answered why.
final class WriteQueue {
    private static final int GROUP_REQUESTS = 1_024;
    private static final int GROUP_BYTES = 8 * 1024 * 1024;

    // With a lock for each end: who comes doesn't wait for the writer, which takes many at once.
    private final BlockingQueue<Request> queue;
    private final Deque<Request> taken = new ArrayDeque<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final long mostBytes;
    private volatile Optional<String> stopped = Optional.empty();

    WriteQueue(int mostRequests, long mostBytes) {
        this.queue = new LinkedBlockingQueue<>(mostRequests);
        this.mostBytes = mostBytes;
    }

    /// Has something written, where there is room for it. Returns the outcome once it is on disk.
    <T> Optional<T> offer(Function<Group, T> work, long bytes) {
        refuseWhereStopped();
        Request.Writing<T> request = new Request.Writing<>(work, bytes, new CompletableFuture<>());
        // It may run over by what arrives at the same moment, never by more than one request each.
        if (queuedBytes.get() > mostBytes || !queue.offer(request)) {
            return Optional.empty();
        }
        queuedBytes.addAndGet(bytes);
        takeBackWhereStopped(request);
        return Optional.of(await(request.answer()));
    }

    /// Has something small written, waiting for room.
    <T> T put(Function<Group, T> work) {
        refuseWhereStopped();
        Request.Writing<T> request = new Request.Writing<>(work, 0, new CompletableFuture<>());
        try {
            queue.put(request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted before the request reached the writer", e);
        }
        takeBackWhereStopped(request);
        return await(request.answer());
    }

    private void refuseWhereStopped() {
        stopped.ifPresent(reason -> {
            throw new StorageException(reason);
        });
    }

    // The writer may have ended between the look at it and the queue: then nobody would ever answer.
    private void takeBackWhereStopped(Request request) {
        if (stopped.isPresent() && queue.remove(request)) {
            refuseWhereStopped();
        }
    }

    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StorageException failure ? failure : e;
        }
    }

    /// Takes whatever waits, in order: as much as shall share one transaction. For the writer alone.
    ///
    /// @param waitMillis how long to wait for the first, zero or less: not at all
    /// @return possibly nothing
    List<Request.Writing<?>> take(long waitMillis) throws InterruptedException {
        if (taken.isEmpty()) {
            Request first = queue.poll(waitMillis, TimeUnit.MILLISECONDS);
            if (first != null) {
                taken.add(first);
            }
        }
        queue.drainTo(taken, GROUP_REQUESTS - taken.size());
        List<Request.Writing<?>> group = new ArrayList<>(taken.size());
        long bytes = 0;
        while (bytes < GROUP_BYTES && taken.peek() instanceof Request.Writing<?> writing) {
            group.add(writing);
            bytes += writing.bytes();
            taken.remove();
        }
        queuedBytes.addAndGet(-bytes);
        if (group.isEmpty() && taken.peek() instanceof Request.Stopping) {
            stop("the store is closed");
        }
        return group;
    }

    int waiting() {
        return queue.size();
    }

    long waitingBytes() {
        // The writer may take a request before its bytes are counted.
        return Math.max(0, queuedBytes.get());
    }

    boolean isStopped() {
        return stopped.isPresent();
    }

    /// Why it is stopped; empty where it isn't.
    Optional<String> whyStopped() {
        return stopped;
    }

    void stop(String reason) {
        stopped = Optional.of(reason);
    }

    /// Lets what was accepted be written, and then nothing more.
    void stopWhenEmpty() throws InterruptedException {
        if (stopped.isEmpty()) {
            queue.put(new Request.Stopping());
        }
    }

    /// Answers whoever is left.
    void refuseTheRest() {
        queue.drainTo(taken);
        taken.forEach(left -> left.fail(new StorageException(stopped.orElseThrow())));
        taken.clear();
    }
}
