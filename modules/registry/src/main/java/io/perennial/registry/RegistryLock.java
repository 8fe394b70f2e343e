package io.perennial.registry;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// One writer at a time, over all threads of all processes: an OS lock on a file that is made once and never deleted.
///
/// The OS lock belongs to the process, and POSIX drops it as soon as the process closes *any* descriptor of the locked
/// file. A second registry in this JVM that merely tried for the lock, and closed its channel again, would take it from
/// the first without either of them noticing. So within the JVM a plain lock comes first, and only who holds that
/// opens the file; it has to be one for all registries on a path, hence the module's only static state, an entry per
/// path ever opened. Keeping one channel open for good instead was rejected: it only moves the trap to `close()`.
final class RegistryLock {
    private static final ConcurrentMap<Path, ReentrantLock> IN_THIS_JVM = new ConcurrentHashMap<>();

    private static final Set<OpenOption> OPTIONS =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Path path;
    private final Duration wait;
    private final ReentrantLock inThisJvm;

    /// @param path the lock file's real path
    RegistryLock(Path path, Duration wait) {
        this.path = path;
        this.wait = wait;
        this.inThisJvm = IN_THIS_JVM.computeIfAbsent(path, _ -> new ReentrantLock(true));
    }

    /// Waits for the lock; the thread that has it may not ask for it again. Closing what it returns releases it.
    ///
    /// @throws RegistryException where it does not come in time, or the thread is interrupted (and stays so)
    Held acquire() {
        if (inThisJvm.isHeldByCurrentThread()) {
            throw new IllegalStateException("this thread holds the registry's lock already");
        }
        // Not the injected ticker: on the other side of this lock is another process, in real time.
        long deadline = System.nanoTime() + wait.toNanos();
        try {
            if (!inThisJvm.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                throw late();
            }
            return acquireFromOtherProcesses(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException("interrupted while waiting for the registry's lock " + path, e);
        } catch (IOException e) {
            throw new RegistryException("the registry's lock " + path + " cannot be taken: " + e, e);
        }
    }

    private Held acquireFromOtherProcesses(long deadline) throws IOException, InterruptedException {
        boolean acquired = false;
        try {
            Held held = new Held(lockedChannel(deadline), inThisJvm);
            acquired = true;
            return held;
        } finally {
            if (!acquired) {
                inThisJvm.unlock();
            }
        }
    }

    /// Asks again and again: the call that waits for an OS lock has no time limit.
    private FileChannel lockedChannel(long deadline) throws IOException, InterruptedException {
        FileChannel channel = open();
        try {
            while (!isLocked(channel)) {
                if (System.nanoTime() - deadline >= 0) {
                    throw late();
                }
                TimeUnit.NANOSECONDS.sleep(POLL_NANOS);
            }
            return channel;
        } catch (IOException | InterruptedException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private FileChannel open() throws IOException {
        try {
            return FileChannel.open(path, OPTIONS, RegistryFile.OWNER_ONLY);
        } catch (NoSuchFileException _) {
            // Someone removed the whole directory; the servers that are still there make it again.
            RegistryFile.createDirectory(path);
            return FileChannel.open(path, OPTIONS, RegistryFile.OWNER_ONLY);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            // Held by something in this JVM that went around the plain lock, this module in another layer perhaps.
            return false;
        }
    }

    private RegistryException late() {
        return new RegistryException("the registry's lock " + path + " was not free within " + wait);
    }

    /// The lock, held.
    static final class Held implements AutoCloseable {
        private final FileChannel channel;
        private final ReentrantLock inThisJvm;

        private Held(FileChannel channel, ReentrantLock inThisJvm) {
            this.channel = channel;
            this.inThisJvm = inThisJvm;
        }

        /// Once, by the thread that acquired it.
        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new RegistryException("the registry's lock cannot be released: " + e, e);
            } finally {
                inThisJvm.unlock();
            }
        }
    }
}
