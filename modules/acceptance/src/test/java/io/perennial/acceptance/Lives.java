package io.perennial.acceptance;

import io.perennial.acceptance.Sight.Standing;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// The streams of one writer by their names, as they have to be.
record Lives(Map<String, Life> all) {
    static final Lives NONE = new Lives(Map.of());

    Lives {
        all = Map.copyOf(all);
    }

    Optional<Life> at(String name) {
        return Optional.ofNullable(all.get(name));
    }

    Lives with(String name, Life life) {
        Map<String, Life> changed = new TreeMap<>(all);
        changed.put(name, life);
        return new Lives(changed);
    }

    Lives with(String name, UnaryOperator<Life> change) {
        return at(name).map(life -> with(name, change.apply(life))).orElse(this);
    }

    /// While the server was down no lifetime went by. What had expired before may be gone all the same, or be back,
    /// and is gone where somebody was told so.
    Lives reopened(long fromMillis, long toMillis) {
        Map<String, Life> changed = new TreeMap<>(all);
        changed.replaceAll((_, life) -> {
            if (life.isSeenExpired()) {
                return life;
            }
            return life.mayHaveExpired(fromMillis) ? life.read(toMillis) : life.written(fromMillis, toMillis);
        });
        return new Lives(changed);
    }

    boolean hasForks(String name) {
        return all.values().stream().anyMatch(life -> life.source().equals(name));
    }

    /// Once a stream is deleted: kept where a fork reads it, else gone with all that were kept for it alone.
    Lives without(String name) {
        if (hasForks(name)) {
            return with(name, life -> life.as(Standing.GONE));
        }
        Map<String, Life> left = new TreeMap<>(all);
        String source = left.remove(name).source();
        Lives rest = new Lives(left);
        boolean wasKeptForIt = rest.at(source)
                .filter(life -> life.standing() == Standing.GONE && !rest.hasForks(source))
                .isPresent();
        return wasKeptForIt ? rest.without(source) : rest;
    }

    /// Whether this is what is seen. A stream whose time is over is gone, and no earlier.
    boolean fits(Look look) {
        return look.streams().entrySet().stream().allMatch(seen -> fits(seen, look));
    }

    /// What doesn't fit, for a person to read.
    String unlike(Look look) {
        return look.streams().entrySet().stream()
                .filter(seen -> !fits(seen, look))
                .map(seen -> seen.getKey() + ": " + at(seen.getKey()) + "\nand not " + seen.getValue() + "\nfrom "
                        + look.fromMillis() + " to " + look.toMillis())
                .collect(Collectors.joining("\n"))
                .replaceAll(Asks.FILLER + "+", "...");
    }

    private boolean fits(Entry<String, Sight> seen, Look look) {
        boolean isAbsent = seen.getValue().standing() == Standing.ABSENT;
        return at(seen.getKey())
                .map(life -> isAbsent
                        ? life.mayHaveExpired(look.toMillis())
                        : life.fits(seen.getValue()) && !life.hasExpired(look.fromMillis()))
                .orElse(isAbsent);
    }

    /// Takes over what couldn't be known: offsets, and what has expired.
    Lives seen(Look look) {
        Lives known = this;
        for (Entry<String, Sight> seen : look.streams().entrySet()) {
            String name = seen.getKey();
            if (known.at(name).isPresent()) {
                known = seen.getValue().standing() == Standing.ABSENT
                        ? known.with(name, Life::expired)
                        : known.with(name, life -> life.seen(seen.getValue()).read(look.toMillis()));
            }
        }
        return known;
    }
}
