package io.perennial.subscriptions;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The states of a subscription, for the tests of its rules.
final class States {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    static final Instant LATER = NOW.plusSeconds(30);
    static final double CHANCE = 0.5;
    static final String W = "w_now";
    static final WakeRef WAKE = new WakeRef(W, 7);
    static final List<Exchange> EXCHANGES = List.of(
            new Exchange.Done(), new Exchange.Accepted(), new Exchange.Refused("no"), new Exchange.Unknown("?"));
    static final Retry DUE = new Retry.Waiting(2, NOW);
    static final Retry NOT_DUE = new Retry.Waiting(2, NOW.plusMillis(1));
    static final List<Retry> RETRIES = List.of(Retry.NONE, DUE, NOT_DUE);
    static final List<WakeRef> STALE =
            List.of(new WakeRef(W, 6), new WakeRef(W, 8), new WakeRef("w_old", 7), new WakeRef("", 7));

    private States() {}

    /// Of generation 7, in every phase, with every retry, and with a lease that is over, ends now, or goes on.
    static List<State> all() {
        List<Phase> phases = new ArrayList<>(List.of(Phase.IDLE, new Phase.Announced(W)));
        for (Instant until : List.of(NOW.minusMillis(1), NOW, NOW.plusMillis(1), LATER)) {
            phases.add(new Phase.Claimed(W, "me", until));
            phases.add(new Phase.Delivering(W, until));
            phases.add(new Phase.Accepted(W, until));
            phases.add(new Phase.Refused(W, until));
        }
        List<State> states = new ArrayList<>();
        for (Phase phase : phases) {
            RETRIES.forEach(retry -> states.add(new State(7, phase, retry)));
        }
        return states;
    }
}
