package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Offset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// What the simulation knows of a pull-wake subscription: exactly where each cursor is, and who has the lease.
final class ExpectedSubscription {
    /// A lease that was given.
    record Lease(String worker, WakeRef wake, String token, Instant until) {
        Lease until(Instant later) {
            return new Lease(worker, wake, token, later);
        }
    }

    final SubscriptionId id;
    final SubscriptionSpec spec;
    final List<Lease> ended = new ArrayList<>();

    private final Map<String, ExpectedStream> streams;
    private final Map<String, Offset> cursors = new TreeMap<>();
    private final Set<String> named = new HashSet<>();
    private final List<Lease> holder = new ArrayList<>();
    private long generation;

    /// @param streams those that exist; changed by the simulation
    ExpectedSubscription(SubscriptionId id, SubscriptionSpec spec, Map<String, ExpectedStream> streams) {
        this.id = id;
        this.spec = spec;
        this.streams = streams;
        spec.streams().forEach(stream -> link(stream.path()));
        streams.forEach((path, stream) -> {
            if (finds(path)) {
                cursors.put(path, stream.tail());
            }
        });
    }

    private boolean finds(String path) {
        return spec.pattern().matches(Site.key(path));
    }

    boolean isLinked(String path) {
        return cursors.containsKey(path);
    }

    List<String> linked() {
        return List.copyOf(cursors.keySet());
    }

    Offset cursor(String path) {
        return cursors.getOrDefault(path, Cursors.START);
    }

    void link(String path) {
        named.add(path);
        ExpectedStream stream = streams.get(path);
        cursors.putIfAbsent(path, stream == null ? Cursors.START : stream.tail());
    }

    void unlink(String path) {
        ExpectedStream stream = streams.get(path);
        if (named.remove(path) && (!finds(path) || stream == null || stream.isEmpty())) {
            cursors.remove(path);
        }
    }

    /// The stream has grown from there on.
    void grown(String path, Offset from) {
        if (cursors.containsKey(path) || finds(path)) {
            cursors.putIfAbsent(path, from);
            cursors.replace(path, Cursors.START, from);
        }
    }

    void gone(String path) {
        if (named.contains(path)) {
            cursors.replace(path, Cursors.START);
        } else {
            cursors.remove(path);
        }
    }

    /// Acks of everything there is.
    Map<String, Offset> tails() {
        Map<String, Offset> tails = new HashMap<>();
        cursors.forEach((path, _) -> {
            ExpectedStream stream = streams.get(path);
            if (stream != null && !stream.isEmpty()) {
                tails.put(path, stream.tail());
            }
        });
        return tails;
    }

    /// Acks of some of it, in some of the streams.
    Map<String, Offset> someTails(SplittableRandom random) {
        Map<String, Offset> some = new HashMap<>();
        cursors.forEach((path, cursor) -> {
            ExpectedStream stream = streams.get(path);
            if (stream != null && !stream.isEmpty() && random.nextInt(3) > 0) {
                List<Offset> ahead = stream.tails().stream()
                        .filter(tail -> !tail.isBefore(cursor))
                        .toList();
                some.put(path, ahead.get(random.nextInt(ahead.size())));
            }
        });
        return some;
    }

    boolean isPending() {
        return cursors.keySet().stream().anyMatch(this::isPending);
    }

    private boolean isPending(String path) {
        ExpectedStream stream = streams.get(path);
        return stream != null && !stream.isEmpty() && cursor(path).isBefore(stream.tail());
    }

    List<Lease> holder(Instant now) {
        if (!holder.isEmpty() && !now.isBefore(holder.getFirst().until())) {
            end();
        }
        return holder;
    }

    private void end() {
        ended.addAll(holder);
        holder.clear();
    }

    void claimed(Lease lease) {
        assertTrue(lease.wake().generation() > generation, () -> "generations only grow: " + lease);
        generation = lease.wake().generation();
        holder.add(lease);
    }

    void acked(Map<String, Offset> acks, Ack.Then then, Instant now) {
        cursors.putAll(acks);
        switch (then) {
            case GO_ON -> holder.set(0, holder.getFirst().until(now.plus(spec.leaseTtl())));
            case FINISH -> end();
        }
    }

    /// Every invariant of cursors: they move by acks of whoever holds the lease and by nothing else, and all that was
    /// appended is before them or pending.
    void check(List<LinkView> links) {
        Set<String> missing = new HashSet<>(cursors.keySet());
        for (LinkView link : links) {
            String path = link.stream().path();
            ExpectedStream stream = streams.get(path);
            if (!cursors.containsKey(path)) {
                boolean isEmpty = stream != null && stream.isEmpty();
                // Whoever lists the streams finds it, and whoever hears of its first event.
                assertTrue(isEmpty && finds(path) && !link.isPending(), () -> "not linked: " + link);
            } else if (stream != null && !stream.isEmpty()) {
                assertEquals(cursor(path), link.acked(), () -> "the cursor of " + path);
                assertEquals(stream.tail(), link.tail(), () -> "the tail of " + path);
            } else {
                assertEquals(link.acked(), link.tail(), () -> "nothing is pending in " + path);
            }
            missing.remove(path);
        }
        assertEquals(Set.of(), missing, "links");
    }

    /// A worker is told of everything that is pending.
    void checkTold(List<LinkView> links) {
        List<String> pending = links.stream()
                .filter(LinkView::isPending)
                .map(link -> link.stream().path())
                .sorted()
                .toList();
        assertEquals(cursors.keySet().stream().filter(this::isPending).toList(), pending, "what a worker is told");
        check(links);
    }
}
