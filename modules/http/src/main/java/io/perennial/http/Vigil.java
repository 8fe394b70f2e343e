package io.perennial.http;

import io.perennial.access.Caller;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Ends answers that stay open when their callers' time is over, with a thread that looks now and then.
final class Vigil {
    private static final Logger LOG = System.getLogger(Vigil.class.getName());
    // Twice within the second in which a revoked token's answers end.
    private static final Duration LOOK = Duration.ofMillis(400);

    private final Identification identification;
    private final Set<Open> open = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /// Ends when the answer does.
    @FunctionalInterface
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    private record Open(Caller caller, Presence presence) {}

    private Vigil(Identification identification) {
        this.identification = identification;
    }

    static Vigil begin(Identification identification) {
        Vigil vigil = new Vigil(identification);
        Thread.ofVirtual().name("perennial-guard").start(vigil::run);
        return vigil;
    }

    private void run() {
        while (!ended) {
            look(identification.authenticator()::refresh);
            open.forEach(one -> look(() -> {
                if (identification.isOver(one.caller)) {
                    one.presence.expire();
                }
            }));
            look(identification.audit()::tellMore);
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private static void look(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException | Error e) {
            // Whatever it was: without this thread nobody's time would end any more.
            LOG.log(Level.ERROR, "guard.look-failed", e);
        }
    }

    Watch over(Caller caller, Presence presence) {
        Open one = new Open(caller, presence);
        open.add(one);
        return () -> open.remove(one);
    }

    void end() {
        ended = true;
    }
}
