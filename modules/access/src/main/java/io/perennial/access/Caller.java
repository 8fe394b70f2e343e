package io.perennial.access;

import io.perennial.eventstore.StreamGlob;
import io.perennial.eventstore.StreamKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Somebody who is known, and what they may do, until that ends. Safe for use by many threads.
public final class Caller {
    /// Whoever asks, where nobody has to say who they are: may do everything.
    public static final Caller ANYBODY = new Caller("", "", List.of(), Optional.empty());

    private final String id;
    private final String maker;
    private final String name;
    private final List<Grant> grants;
    private final Optional<Instant> expires;
    private final BooleanSupplier withdrawn;
    private volatile boolean revoked;

    /// Somebody, as an [Authenticator] knows them.
    ///
    /// @param id which nobody else has or will have; not empty
    /// @param name for logs, which begins with its kind, as in `token:app`; not empty
    /// @param expires from when on they are nobody, exclusive; never where it is empty
    public Caller(String id, String name, List<Grant> grants, Optional<Instant> expires) {
        this(id, id, name, grants, expires, () -> false);
    }

    /// The same, of whom what they are known by can be withdrawn, together with all others who are known by it.
    ///
    /// @param maker see [#maker]
    Caller(
            String id,
            String maker,
            String name,
            List<Grant> grants,
            Optional<Instant> expires,
            BooleanSupplier withdrawn) {
        this.id = id;
        this.maker = maker;
        this.name = name;
        this.grants = List.copyOf(grants);
        this.expires = expires;
        this.withdrawn = withdrawn;
    }

    public String id() {
        return id;
    }

    /// Their id together with what they are known by now, for what ends with that: an [Authenticator] tells whether
    /// both may still be there.
    public String maker() {
        return maker;
    }

    public String name() {
        return name;
    }

    /// Whether they may do that there.
    public boolean may(Permission permission, StreamKey path) {
        // Asked with every request, where a stream would cost more than what it does.
        for (Grant grant : grants) {
            if (grant.permission() == permission && grant.paths().matches(path)) {
                return true;
            }
        }
        return isAnybody();
    }

    /// Whether they may do that to every stream of a set.
    public boolean may(Permission permission, StreamGlob paths) {
        return isAnybody()
                || grants.stream()
                        .anyMatch(grant -> grant.permission() == permission
                                && grant.paths().covers(paths));
    }

    /// Where streams may lie of which they may do that: what the paths begin with, none of these with another, in
    /// order.
    ///
    /// @param prefix what all of them begin with
    public List<String> regions(Permission permission, String prefix) {
        if (isAnybody()) {
            return List.of(prefix);
        }
        List<String> regions = new ArrayList<>();
        grants.stream()
                .filter(grant -> grant.permission() == permission)
                .map(grant -> grant.paths().prefix())
                .filter(region -> region.startsWith(prefix) || prefix.startsWith(region))
                .map(region -> region.length() < prefix.length() ? prefix : region)
                .sorted()
                .filter(region -> regions.isEmpty() || !region.startsWith(regions.getLast()))
                .forEachOrdered(regions::add);
        return regions;
    }

    public boolean isAnybody() {
        return this == ANYBODY;
    }

    /// Until when they are somebody, exclusive; for ever where it is empty.
    public Optional<Instant> expires() {
        return expires;
    }

    /// From now on they are nobody.
    public void revoke() {
        revoked = true;
    }

    /// The same caller, who is gone by then at the latest.
    Caller until(Instant end) {
        return new Caller(
                id,
                maker,
                name,
                grants,
                Optional.of(expires.filter(end::isAfter).orElse(end)),
                () -> revoked || withdrawn.getAsBoolean());
    }

    /// The same caller, who is gone once that doesn't hold any more.
    Caller onlyWhile(BooleanSupplier holds) {
        return new Caller(
                id, maker, name, grants, expires, () -> revoked || withdrawn.getAsBoolean() || !holds.getAsBoolean());
    }

    /// Whether they have expired or been revoked.
    public boolean isOver(Instant now) {
        return revoked
                || withdrawn.getAsBoolean()
                || expires.filter(end -> !now.isBefore(end)).isPresent();
    }
}
