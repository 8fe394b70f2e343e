package io.perennial.subscriptions;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The system's resolver, kept away from virtual threads: it blocks the thread that carries them for as long as a name
/// server says nothing, and a few names that are made to be slow would stop the whole process.
final class SlowResolver implements Resolver, AutoCloseable {
    private static final int THREADS = 4;
    private static final int QUEUED = 256;

    private final Duration patience;
    private final ExecutorService threads;

    SlowResolver(Duration patience) {
        this.patience = patience;
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(QUEUED),
                Thread.ofPlatform().daemon().name("subscriptions-dns-", 1).factory());
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    @Override
    public List<InetAddress> addresses(String host) throws UnknownHostException {
        Future<List<InetAddress>> asked;
        try {
            asked = threads.submit(() -> List.of(InetAddress.getAllByName(host)));
        } catch (RejectedExecutionException _) {
            throw new UnknownHostException("too many look-ups wait to ask for " + host);
        }
        try {
            return asked.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException _) {
            throw new UnknownHostException(host);
        } catch (TimeoutException _) {
            asked.cancel(false);
            throw new UnknownHostException(host + ": no answer within " + patience);
        } catch (InterruptedException _) {
            asked.cancel(false);
            Thread.currentThread().interrupt();
            throw new UnknownHostException(host + ": interrupted");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
