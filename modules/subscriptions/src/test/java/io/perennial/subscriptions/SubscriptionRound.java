package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.ExpectedSubscription.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;

/// One round of the simulation: streams, workers and restarts at random, each answer held against the model.
final class SubscriptionRound {
    private static final List<String> STREAMS = List.of("a/0", "a/1", "a/b/2", "b/0", "b/1");
    private static final List<String> WORKERS = List.of("ada", "bob", "cy");
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final int STEPS = 150;
    private static final java.util.regex.Pattern WAKE =
            java.util.regex.Pattern.compile("\"subscription_id\":\"([a-z]+)\".*\"generation\":([0-9]+)");

    private final Site site;
    private final SplittableRandom random;
    private final Map<String, ExpectedStream> streams = new TreeMap<>();
    private final Map<String, ExpectedSubscription> subscriptions = new TreeMap<>();

    SubscriptionRound(Site site, long seed) {
        this.site = site;
        this.random = new SplittableRandom(seed);
    }

    void run() {
        site.create("wakes");
        change();
        put("finds", new Pattern.Glob("a/**"), List.of());
        put("named", Pattern.NOTHING, List.of("a/0", "b/0"));
        put("both", new Pattern.Glob("*/0"), List.of("b/0", "b/1"));
        for (int step = 0; step < STEPS; step++) {
            step();
            // Not always, since looking at it settles a subscription.
            if (random.nextBoolean()) {
                subscriptions.values().forEach(this::check);
            }
        }
        generations_in_the_wake_stream_only_grow();
        subscriptions.values().forEach(this::nothing_is_forgotten_and_then_nobody_is_woken);
    }

    private void step() {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> change();
            case 5, 6, 7, 8 -> claim(any());
            case 9, 10, 11 -> {
                ExpectedSubscription expected = any();
                Ack.Then then = random.nextInt(3) == 0 ? Ack.Then.FINISH : Ack.Then.GO_ON;
                report(expected, expected.someTails(random), then);
            }
            case 12 -> wrongReport(any());
            case 13 -> staleReport(any());
            case 14 -> release(any());
            case 15, 16 -> site.clock.step(Duration.ofSeconds(random.nextInt(25)));
            case 17 -> link(any());
            case 18 -> unlink(any());
            default -> reopen();
        }
    }

    private void check(ExpectedSubscription expected) {
        expected.check(site.view(expected.id).links());
    }

    private ExpectedSubscription any() {
        return List.copyOf(subscriptions.values()).get(random.nextInt(subscriptions.size()));
    }

    private void put(String id, Pattern pattern, List<String> named) {
        var spec = new SubscriptionSpec(
                new Channel.PullWake(Site.key("wakes")),
                pattern,
                named.stream().map(Site::key).toList(),
                LEASE,
                "");
        var expected = new ExpectedSubscription(new SubscriptionId(id), spec, streams);
        assertInstanceOf(PutOutcome.Created.class, site.subscriptions().put(expected.id, spec));
        subscriptions.put(id, expected);
    }

    private void change() {
        String path = STREAMS.get(random.nextInt(STREAMS.size()));
        switch (random.nextInt(8)) {
            case 0 -> create(path);
            case 1 -> delete(path);
            default -> append(path);
        }
    }

    private void create(String path) {
        site.create(path);
        streams.computeIfAbsent(path, _ -> new ExpectedStream(site.head(path).created()));
    }

    private void delete(String path) {
        site.delete(path);
        streams.remove(path);
        subscriptions.values().forEach(expected -> expected.gone(path));
    }

    private void append(String path) {
        Offset next = site.append(path);
        ExpectedStream stream = streams.computeIfAbsent(
                path, _ -> new ExpectedStream(site.head(path).created()));
        Offset from = stream.tail();
        stream.grown(next);
        subscriptions.values().forEach(expected -> expected.grown(path, from));
    }

    private void claim(ExpectedSubscription expected) {
        String worker = WORKERS.get(random.nextInt(WORKERS.size()));
        Instant now = site.clock.instant();
        List<Lease> holder = expected.holder(now);
        switch (site.subscriptions().claim(expected.id, worker)) {
            case ClaimOutcome.Claimed(WakeRef wake, String token, List<LinkView> links, Duration ttl) -> {
                assertTrue(holder.isEmpty(), () -> "two leases: " + holder + " and " + wake);
                assertTrue(expected.isPending(), () -> "a lease for nothing: " + wake);
                expected.claimed(new Lease(worker, wake, token, now.plus(ttl)));
                expected.checkTold(links);
            }
            case ClaimOutcome.Refused(Refusal.AlreadyClaimed already) -> {
                Lease lease = holder.getFirst();
                assertEquals(
                        new Refusal.AlreadyClaimed(lease.worker(), lease.wake().generation()), already);
            }
            case ClaimOutcome.Refused(Refusal why) -> {
                assertEquals(new Refusal.NothingPending(), why);
                assertTrue(holder.isEmpty() && !expected.isPending(), () -> "forgotten: " + expected.linked());
            }
        }
    }

    private void report(ExpectedSubscription expected, Map<String, Offset> acks, Ack.Then then) {
        Instant now = site.clock.instant();
        for (Lease lease : List.copyOf(expected.holder(now))) {
            ReportOutcome outcome = ack(expected, lease.token(), lease.wake(), acks, then);
            expected.acked(acks, then, now);
            boolean isWoken = then == Ack.Then.FINISH && expected.isPending();
            assertEquals(
                    new ReportOutcome.Taken(isWoken ? ReportOutcome.Next.WAKE : ReportOutcome.Next.NOTHING), outcome);
        }
    }

    private void release(ExpectedSubscription expected) {
        Instant now = site.clock.instant();
        for (Lease lease : List.copyOf(expected.holder(now))) {
            site.subscriptions().release(expected.id, lease.token(), lease.wake());
            expected.acked(Map.of(), Ack.Then.FINISH, now);
        }
    }

    /// Whoever has the lease asks for what can't be, and moves nothing, not even what it might have moved.
    private void wrongReport(ExpectedSubscription expected) {
        for (Lease lease : List.copyOf(expected.holder(site.clock.instant()))) {
            for (String path : STREAMS) {
                ExpectedStream stream = streams.get(path);
                if (!expected.isLinked(path)) {
                    refused(new Refusal.NotLinked(Site.key(path)), expected, lease, path, Cursors.START);
                } else if (stream != null && !stream.isEmpty()) {
                    Offset cursor = expected.cursor(path);
                    Offset beyond = stream.tail().next();
                    refused(
                            new Refusal.BeyondTail(Site.key(path), Cursors.text(stream.tail())),
                            expected,
                            lease,
                            path,
                            beyond);
                    refused(
                            new Refusal.Backwards(Site.key(path), Cursors.text(cursor)),
                            expected,
                            lease,
                            path,
                            Cursors.START);
                }
            }
        }
    }

    private void refused(Refusal why, ExpectedSubscription expected, Lease lease, String path, Offset offset) {
        boolean mayBeLinkedEarly = why instanceof Refusal.NotLinked && streams.containsKey(path);
        if (!mayBeLinkedEarly) {
            ReportOutcome outcome = ack(expected, lease.token(), lease.wake(), Map.of(path, offset), Ack.Then.FINISH);
            assertEquals(new ReportOutcome.Refused(why), outcome);
        }
    }

    private void staleReport(ExpectedSubscription expected) {
        List<Lease> holder = expected.holder(site.clock.instant());
        for (Lease stale : expected.ended) {
            Map<String, Offset> acks = expected.tails();
            var fenced = new ReportOutcome.Refused(new Refusal.Fenced());
            assertEquals(fenced, ack(expected, stale.token(), stale.wake(), acks, Ack.Then.FINISH));
            for (Lease lease : holder) {
                var odd = new WakeRef(stale.wake().wakeId(), lease.wake().generation());
                assertEquals(fenced, ack(expected, stale.token(), lease.wake(), acks, Ack.Then.FINISH));
                assertEquals(fenced, ack(expected, lease.token(), odd, acks, Ack.Then.GO_ON));
            }
        }
    }

    private ReportOutcome ack(
            ExpectedSubscription expected, String token, WakeRef wake, Map<String, Offset> acks, Ack.Then then) {
        Map<StreamKey, Offset> keyed = new HashMap<>();
        acks.forEach((path, offset) -> keyed.put(Site.key(path), offset));
        return site.subscriptions().ack(expected.id, token, new Ack(wake, keyed, then));
    }

    private void link(ExpectedSubscription expected) {
        String path = STREAMS.get(random.nextInt(STREAMS.size()));
        site.subscriptions().link(expected.id, Site.keys(path));
        expected.link(path);
    }

    private void unlink(ExpectedSubscription expected) {
        String path = STREAMS.get(random.nextInt(STREAMS.size()));
        site.subscriptions().unlink(expected.id, Site.key(path));
        expected.unlink(path);
    }

    private void reopen() {
        if (random.nextBoolean()) {
            site.restart();
            return;
        }
        site.closeSubscriptions();
        for (int i = random.nextInt(4); i > 0; i--) {
            change();
        }
        site.openSubscriptions();
    }

    private void generations_in_the_wake_stream_only_grow() {
        Map<String, Long> latest = new HashMap<>();
        for (String event : site.texts("wakes")) {
            Matcher wake = WAKE.matcher(event);
            assertTrue(wake.find(), event);
            long generation = Long.parseLong(wake.group(2));
            // The same again after a restart, which can't know whether it was written.
            assertTrue(generation >= latest.getOrDefault(wake.group(1), 0L), event);
            latest.put(wake.group(1), generation);
        }
    }

    private void nothing_is_forgotten_and_then_nobody_is_woken(ExpectedSubscription expected) {
        site.clock.step(LEASE);
        site.subscriptions().link(expected.id, Site.keys("b/0"));
        expected.link("b/0");
        append("b/0");
        long last = finish(expected);
        site.clock.step(Duration.ofHours(1));
        check(expected);
        site.restart();
        claim(expected);
        append("b/0");
        String next = "\"subscription_id\":\"" + expected.id + "\",\"stream\":\"b/0\",\"generation\":" + (last + 1);
        Eventually.holds(() -> next, () -> site.texts("wakes").stream().anyMatch(event -> event.contains(next)));
        assertEquals(last + 1, finish(expected));
    }

    /// Claims, acks everything, and finishes.
    private long finish(ExpectedSubscription expected) {
        claim(expected);
        long generation =
                expected.holder(site.clock.instant()).getFirst().wake().generation();
        report(expected, expected.tails(), Ack.Then.FINISH);
        return generation;
    }
}
