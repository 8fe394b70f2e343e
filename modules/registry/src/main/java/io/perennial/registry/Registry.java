package io.perennial.registry;

import io.perennial.registry.RosterJson.Content;
import io.perennial.registry.RosterJson.Corrupt;
import io.perennial.registry.RosterJson.Intact;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// The servers of this machine, as one process sees and changes them. Thread-safe; it holds nothing that needs closing.
///
/// Every change reads the file, changes it and writes it under the lock that all processes respect, and is on the disk
/// when the call returns. A file that is corrupt is set aside, with one line in the log, and everybody registers anew.
///
/// A lease is stale when its heartbeat is older than the TTL, and then evicted by [#live], by a [Heartbeat], or for a
/// newcomer where there is no room. Nobody is evicted while this registry's own heartbeat is late, and for one and a
/// half intervals after. A heartbeat that is yet to come, as after a clock stepped back, counts from when it is seen.
///
/// Every method throws [RegistryException] where the file cannot be read, written or locked in time.
public final class Registry {
    private static final Logger LOG = System.getLogger(Registry.class.getName());

    private final RegistryConfig config;
    private final InstantSource clock;
    private final Logger log;
    private final RegistryFile file;
    private final RegistryLock lock;
    private final Pulse pulse;
    private final Lookout lookout;

    private Registry(
            RegistryConfig config,
            InstantSource clock,
            LongSupplier nanos,
            Consumer<? super RegistryChange> listener,
            Logger log) {
        this.config = config;
        this.clock = clock;
        this.log = log;
        this.file = RegistryFile.at(config.file());
        this.lock = new RegistryLock(file.sibling(".lock"), config.lockWait());
        this.pulse = new Pulse(config, clock, nanos);
        this.lookout = new Lookout(baseline(), config.ttl(), clock, listener, log);
    }

    /// Takes a first look at the file, and makes its directory. Whoever is in it already is no change.
    ///
    /// @param listener hears of every change once, whichever process made it: of this registry's own before the
    ///     call returns, unless another thread is telling of changes at that moment and so tells of these too, and
    ///     of others' when any operation looks at the file next. It is called in order, one change at a time and
    ///     without a lock; what it throws is logged
    public static Registry open(RegistryConfig config, InstantSource clock, Consumer<? super RegistryChange> listener) {
        return open(config, clock, System::nanoTime, listener, LOG);
    }

    static Registry open(
            RegistryConfig config,
            InstantSource clock,
            LongSupplier nanos,
            Consumer<? super RegistryChange> listener,
            Logger log) {
        return new Registry(config, clock, nanos, listener, log);
    }

    /// Puts the lease in the file, in the place of one with the same id and owner, and with a heartbeat of now.
    public Registration register(Lease lease) {
        return transact(before -> isTaken(before, lease.id(), lease.owner())
                ? new Step<>(before, new Registration.Taken())
                : admitted(before, lease));
    }

    private boolean isTaken(Roster roster, String id, String owner) {
        return roster.find(id)
                .filter(held -> !held.owner().equals(owner) && !held.isStale(clock.instant(), config.ttl()))
                .isPresent();
    }

    /// Gives the lease a heartbeat of now.
    ///
    /// @return whether there is one; where there is not, its server has to register again
    public boolean renew(String id) {
        return transact(before -> before.find(id)
                .map(lease -> new Step<>(before.with(lease.stamped(clock.instant())), true))
                .orElseGet(() -> new Step<>(before, false)));
    }

    /// Takes the lease out of the file, whoever's it is.
    ///
    /// @return whether there was one
    public boolean deregister(String id) {
        return transact(before ->
                before.find(id).isPresent() ? new Step<>(before.without(id), true) : new Step<>(before, false));
    }

    /// What became of a lease that was to be taken out.
    public enum Removal {
        REMOVED,
        ABSENT,
        /// It is somebody else's, and still there.
        TAKEN
    }

    /// Takes the lease out of the file, where it is this owner's.
    public Removal deregister(String id, String owner) {
        return transact(before -> {
            if (isTaken(before, id, owner)) {
                return new Step<>(before, Removal.TAKEN);
            }
            return before.find(id).isPresent()
                    ? new Step<>(before.without(id), Removal.REMOVED)
                    : new Step<>(before, Removal.ABSENT);
        });
    }

    /// Evicts what went stale, and answers with the rest, ordered by id. Takes no lock where nothing went stale.
    public List<Lease> live() {
        try {
            if (lookout.look(file) instanceof Intact(Roster roster)
                    && tidy(roster).equals(roster)) {
                return roster.leases();
            }
        } finally {
            lookout.announce();
        }
        return transact(before -> {
            Roster tidy = tidy(before);
            return new Step<>(tidy, tidy.leases());
        });
    }

    RegistryConfig config() {
        return config;
    }

    Logger log() {
        return log;
    }

    /// The first beat of a server: its lease takes the place of whatever has its id, which counts as joining even
    /// where that looks just like its own.
    Beat enter(Lease own) {
        return beat(before -> {
            Step<Registration> step = admitted(tidy(before), own);
            if (step.result() instanceof Registration.Registered) {
                lookout.forget(own.id());
            }
            return new Step<>(step.after(), Beat.of(step.result()));
        });
    }

    /// Every later beat: renews the lease, or brings it back where it is gone, and evicts what went stale.
    ///
    /// Where another server has taken the id since, it stays with that one: of two that both insist, each would
    /// replace the other at every beat.
    Beat beat(Lease own) {
        return beat(before -> {
            Optional<Lease> present = before.find(own.id());
            Roster tidy = tidy(before);
            if (present.isEmpty()) {
                Step<Registration> step = admitted(tidy, own);
                return new Step<>(step.after(), Beat.of(step.result()));
            }
            Lease holder = present.get();
            return holder.isOfSameServer(own)
                    ? new Step<>(tidy.with(holder.stamped(clock.instant())), new Beat.Kept())
                    : new Step<>(
                            tidy, new Beat.Refused("the id is held by pid " + holder.pid() + " at " + holder.url()));
        });
    }

    /// The end of the beats. Takes the lease out of the file, unless another server has taken the id since.
    void leave(Lease own) {
        try {
            transact(before -> before.find(own.id()).filter(own::isOfSameServer).isPresent()
                    ? new Step<>(before.without(own.id()), true)
                    : new Step<>(before, false));
        } finally {
            pulse.rest();
        }
    }

    private Beat beat(Function<Roster, Step<Beat>> decide) {
        Beat beat = transact(decide);
        // Only now: a beat that failed leaves us late, and everybody else on this disk as well.
        pulse.beat();
        return beat;
    }

    private Step<Registration> admitted(Roster before, Lease lease) {
        Lease stamped = lease.stamped(clock.instant());
        if (refusal(before, stamped).isEmpty()) {
            return registered(before, stamped);
        }
        Roster room = tidy(before);
        return refusal(room, stamped)
                .map(reason -> new Step<Registration>(room, new Registration.Full(reason)))
                .orElseGet(() -> registered(room, stamped));
    }

    private static Step<Registration> registered(Roster room, Lease lease) {
        return new Step<>(room.with(lease), new Registration.Registered(lease));
    }

    /// Which limit the lease would break; none where there is room for it.
    private Optional<String> refusal(Roster room, Lease lease) {
        if (room.find(lease.id()).isEmpty() && room.size() >= config.maxLeases()) {
            return Optional.of("the registry holds " + room.size() + " leases already");
        }
        return RosterJson.fits(room.with(lease))
                ? Optional.empty()
                : Optional.of("the registry's file is as large as it may be");
    }

    private Roster tidy(Roster roster) {
        // The clock after the reading: a heartbeat written in between would seem to come from the future.
        Instant now = clock.instant();
        Roster settled = roster.withoutFuture(now);
        return pulse.mayEvict() ? settled.withoutStale(now, config.ttl()) : settled;
    }

    private record Step<T>(Roster after, T result) {}

    private <T> T transact(Function<Roster, Step<T>> decide) {
        try (RegistryLock.Held _ = lock.acquire()) {
            Roster before = readOrSetAside();
            lookout.saw(before);
            Step<T> step = decide.apply(before);
            if (!step.after().equals(before)) {
                file.write(step.after());
            }
            lookout.saw(step.after());
            return step.result();
        } finally {
            // The lock is released by now.
            lookout.announce();
        }
    }

    private Roster baseline() {
        if (file.read() instanceof Intact(Roster roster)) {
            return roster;
        }
        try (RegistryLock.Held _ = lock.acquire()) {
            return readOrSetAside();
        }
    }

    /// Only for who holds the lock: another process may have set aside the same file just now, and begun a new one.
    private Roster readOrSetAside() {
        Content content = file.read();
        return switch (content) {
            case Intact(Roster roster) -> roster;
            case Corrupt(String reason) -> {
                Path aside = file.setAside(clock.instant());
                log.log(
                        Level.WARNING,
                        "registry.file-corrupt file=" + file.path() + " aside=" + aside + " reason=" + reason);
                yield Roster.EMPTY;
            }
        };
    }
}
