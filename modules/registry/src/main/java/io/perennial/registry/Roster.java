package io.perennial.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/// The leases of one moment, one for each id, ordered by it. Immutable: every change is another roster.
record Roster(NavigableMap<String, Lease> byId) {
    static final Roster EMPTY = new Roster(Collections.emptyNavigableMap());

    Roster {
        byId = Collections.unmodifiableNavigableMap(new TreeMap<>(byId));
    }

    /// Of several leases with one id the last counts.
    static Roster of(Collection<Lease> leases) {
        NavigableMap<String, Lease> byId = new TreeMap<>();
        leases.forEach(lease -> byId.put(lease.id(), lease));
        return new Roster(byId);
    }

    List<Lease> leases() {
        return List.copyOf(byId.values());
    }

    int size() {
        return byId.size();
    }

    Optional<Lease> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Roster with(Lease lease) {
        NavigableMap<String, Lease> changed = new TreeMap<>(byId);
        changed.put(lease.id(), lease);
        return new Roster(changed);
    }

    Roster without(String id) {
        NavigableMap<String, Lease> changed = new TreeMap<>(byId);
        changed.remove(id);
        return new Roster(changed);
    }

    Roster withoutStale(Instant now, Duration ttl) {
        Predicate<Lease> stale = lease -> lease.isStale(now, ttl);
        return byId.values().stream().noneMatch(stale)
                ? this
                : of(byId.values().stream().filter(stale.negate()).toList());
    }

    /// A heartbeat that is yet to come becomes one of now.
    ///
    /// It is the mark of a clock that has stepped back since. Left alone it would keep a dead server's lease until
    /// the clock is there again, and taken for stale it would evict every living server at once; so each has one
    /// TTL from now to show that it lives.
    Roster withoutFuture(Instant now) {
        Predicate<Lease> early = lease -> lease.lastHeartbeat().isAfter(now);
        return byId.values().stream().noneMatch(early)
                ? this
                : of(byId.values().stream()
                        .map(lease -> early.test(lease) ? lease.stamped(now) : lease)
                        .toList());
    }

    /// What happened between that roster and this one: first who is gone, then who is there, each ordered by id.
    List<RegistryChange> changesSince(Roster earlier, Instant now, Duration ttl) {
        List<RegistryChange> changes = new ArrayList<>();
        for (Lease lease : earlier.byId.values()) {
            if (!byId.containsKey(lease.id())) {
                changes.add(
                        lease.isStale(now, ttl) ? new RegistryChange.Expired(lease) : new RegistryChange.Left(lease));
            }
        }
        for (Lease lease : byId.values()) {
            if (earlier.find(lease.id()).filter(lease::saysTheSame).isEmpty()) {
                changes.add(new RegistryChange.Joined(lease));
            }
        }
        return changes;
    }
}
