package io.perennial.registry;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// What this process last saw of the file, and the one place where a difference becomes news. Thread-safe.
///
/// A look reads the file and compares it in one step, so that no thread compares an older reading after a newer one.
/// The listener is called later and without any lock, one change at a time and in order, by whichever thread has news
/// while nobody else is telling any: it may come back to the registry, and what it finds there is told after this.
final class Lookout {
    private final Duration ttl;
    private final InstantSource clock;
    private final Consumer<? super RegistryChange> listener;
    private final Logger log;
    private final Queue<RegistryChange> news = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean announcing = new AtomicBoolean();
    private Roster seen;

    /// @param baseline who is there without having joined
    Lookout(Roster baseline, Duration ttl, InstantSource clock, Consumer<? super RegistryChange> listener, Logger log) {
        this.seen = baseline;
        this.ttl = ttl;
        this.clock = clock;
        this.listener = listener;
        this.log = log;
    }

    synchronized RosterJson.Content look(RegistryFile file) {
        RosterJson.Content content = file.read();
        if (content instanceof RosterJson.Intact(Roster roster)) {
            saw(roster);
        }
        return content;
    }

    /// For who holds the registry's lock: nobody has seen anything newer.
    synchronized void saw(Roster roster) {
        news.addAll(roster.changesSince(seen, clock.instant(), ttl));
        seen = roster;
    }

    /// If that lease is seen again, it has joined.
    synchronized void forget(String id) {
        seen = seen.without(id);
    }

    /// Calls the listener for what is new, unless another thread, or this one further up its stack, is at it.
    void announce() {
        // Asked again after the flag is down: what came in just before would wait for the next change.
        while (!news.isEmpty() && announcing.compareAndSet(false, true)) {
            try {
                for (RegistryChange change = news.poll(); change != null; change = news.poll()) {
                    tell(change);
                }
            } finally {
                announcing.set(false);
            }
        }
    }

    private void tell(RegistryChange change) {
        try {
            listener.accept(change);
        } catch (RuntimeException e) {
            // The change has happened whatever its listener thinks of it, and the operation that found it goes on.
            log.log(Level.WARNING, "registry.listener-failed change=" + change + " reason=" + e, e);
        }
    }
}
