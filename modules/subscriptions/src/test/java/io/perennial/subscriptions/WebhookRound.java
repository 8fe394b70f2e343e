package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.WebhookReceiver.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// One round of the simulation with a moody webhook, that finishes, accepts, refuses, hangs up or says nothing, and
/// calls back late or never, while the server is restarted at random.
final class WebhookRound {
    private static final int STEPS = 120;
    private static final int STREAMS = 3;

    private final Site site;
    private final WebhookReceiver receiver;
    private final SplittableRandom random;
    private final Map<StreamKey, Offset> cursors = new HashMap<>();
    private final Map<Long, WakeRef> wakes = new HashMap<>();
    private final List<Call> open = new ArrayList<>();
    private long generation;

    WebhookRound(Site site, WebhookReceiver receiver, long seed) {
        this.site = site;
        this.receiver = receiver;
        this.random = new SplittableRandom(seed);
    }

    void run() {
        site.subscriptions().put(Specs.ID, Specs.webhook(receiver.url()));
        for (int step = 0; step < STEPS; step++) {
            step();
            cursors_only_grow_and_never_beyond_the_tail();
        }
        nothing_is_forgotten_and_then_nobody_is_called();
    }

    private void step() {
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> append();
            case 4, 5, 6, 7, 8, 9 -> receiver.within(Duration.ofMillis(20)).ifPresent(this::answer);
            case 10, 11 -> callBack();
            case 12, 13, 14 -> site.clock.step(Duration.ofSeconds(random.nextInt(15)));
            default -> site.restart();
        }
    }

    private void append() {
        site.append("jobs/" + random.nextInt(STREAMS));
    }

    private void answer(Call call) {
        generations_only_grow(call);
        switch (random.nextInt(5)) {
            case 0 -> call.done();
            case 1 -> call.refused();
            case 2 -> call.hangUp();
            case 3 -> call.accepted();
            default -> {
                // Says nothing.
            }
        }
        open.add(call);
    }

    private void generations_only_grow(Call call) {
        WakeRef wake = call.wake();
        assertTrue(wake.generation() >= generation, () -> wake + " after " + generation);
        generation = wake.generation();
        assertEquals(wake, wakes.computeIfAbsent(generation, _ -> wake), "one wake has one id");
    }

    private void callBack() {
        if (open.isEmpty()) {
            return;
        }
        Call call = open.get(random.nextInt(open.size()));
        Map<StreamKey, Offset> tails = new HashMap<>();
        site.view(Specs.ID).links().forEach(link -> tails.put(link.stream(), link.tail()));
        Ack.Then then = random.nextBoolean() ? Ack.Then.FINISH : Ack.Then.GO_ON;
        ReportOutcome outcome =
                site.subscriptions().callback(Specs.ID, call.token(), new Ack(call.wake(), tails, then));
        boolean isStale = call.wake().generation() < generation;
        assertFalse(isStale && outcome instanceof ReportOutcome.Taken, () -> "stale, and taken: " + call.wake());
        boolean isTaken = outcome instanceof ReportOutcome.Taken;
        assertTrue(isTaken || outcome.equals(Specs.FENCED), outcome::toString);
        if (isTaken) {
            site.view(Specs.ID).links().forEach(link -> assertEquals(tails.get(link.stream()), link.acked()));
        }
    }

    private void cursors_only_grow_and_never_beyond_the_tail() {
        for (LinkView link : site.view(Specs.ID).links()) {
            Offset before = cursors.getOrDefault(link.stream(), Cursors.START);
            assertFalse(link.acked().isBefore(before), () -> "back: " + link);
            assertFalse(link.tail().isBefore(link.acked()), () -> "beyond the tail: " + link);
            assertEquals(site.head(link.stream().path()).tail(), link.tail());
            cursors.put(link.stream(), link.acked());
        }
    }

    private void nothing_is_forgotten_and_then_nobody_is_called() {
        finishAll();
        site.clock.step(Duration.ofHours(1));
        site.restart();
        cursors_only_grow_and_never_beyond_the_tail();
        long last = generation;
        append();
        Call call = receiver.next();
        assertEquals(last + 1, call.wake().generation());
        call.done();
    }

    private void finishAll() {
        // Whoever has said nothing so far never will.
        open.forEach(Call::hangUp);
        append();
        Eventually.holds(() -> "all acked: " + site.view(Specs.ID), () -> {
            site.clock.step(Duration.ofSeconds(2));
            receiver.within(Duration.ofMillis(50)).ifPresent(call -> {
                generations_only_grow(call);
                call.done();
            });
            return site.view(Specs.ID).links().stream().noneMatch(LinkView::isPending);
        });
    }
}
