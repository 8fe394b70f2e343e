package io.perennial.registry;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Keeps one server's lease for as long as it is open: a daemon thread that renews it, evicts whoever went stale, and
/// looks for what other processes changed.
///
/// A lease that is gone is registered again. A file that fails, a registry that is full, and an id that another server
/// has taken cost one line in the log when it begins and one when it ends, and are tried again at every beat.
public final class Heartbeat implements AutoCloseable {
    private final Registry registry;
    private final Lease lease;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    // Of the thread that beats: the starting one first, and the daemon from then on.
    private boolean entered;
    private boolean failing;

    Heartbeat(Registry registry, Lease lease) {
        this.registry = registry;
        this.lease = lease;
        this.thread = Thread.ofPlatform().daemon().name("registry-heartbeat").unstarted(this::run);
    }

    /// Registers the lease before it returns, or logs why it could not and goes on trying.
    ///
    /// @param lease its heartbeat does not matter. It takes the place of another one with its id, and
    ///     [RegistryChange.Joined] tells of it in any case
    public static Heartbeat start(Registry registry, Lease lease) {
        Heartbeat heartbeat = new Heartbeat(registry, lease);
        heartbeat.beat();
        heartbeat.thread.start();
        return heartbeat;
    }

    /// Ends the beats and deregisters the lease, unless another server has taken its id. Waits for that, but no longer
    /// than twice the registry's `lockWait`, and not at all where the listener calls it. Again and again is fine.
    @Override
    public void close() {
        closing.countDown();
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        try {
            if (!thread.join(registry.config().lockWait().multipliedBy(2))) {
                registry.log().log(Level.WARNING, "registry.deregister-late id=" + lease.id());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Duration every = registry.config().heartbeatEvery();
        try {
            while (!closing.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
                beat();
            }
        } catch (InterruptedException e) {
            // Nobody has this thread, so nobody does that; if one day someone does, it can only mean the end.
            registry.log().log(Level.WARNING, "registry.heartbeat-interrupted id=" + lease.id(), e);
        }
        leave();
    }

    /// One beat, which never fails; not for two threads at once.
    void beat() {
        try {
            switch (entered ? registry.beat(lease) : registry.enter(lease)) {
                case Beat.Kept _ -> succeeded();
                case Beat.Refused(String reason) -> failed(reason);
            }
        } catch (RuntimeException e) {
            // Of whatever kind: without its heartbeat the server is off the list while it runs.
            failed(e.toString());
        }
    }

    private void succeeded() {
        entered = true;
        if (failing) {
            failing = false;
            registry.log().log(Level.INFO, "registry.heartbeat-recovered id=" + lease.id());
        }
    }

    private void failed(String reason) {
        if (!failing) {
            failing = true;
            registry.log().log(Level.WARNING, "registry.heartbeat-failed id=" + lease.id() + " reason=" + reason);
        }
    }

    private void leave() {
        try {
            registry.leave(lease);
        } catch (RuntimeException e) {
            registry.log().log(Level.WARNING, "registry.deregister-failed id=" + lease.id() + " reason=" + e);
        }
    }
}
