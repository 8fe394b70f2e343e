package io.perennial.subscriptions;

import static io.perennial.subscriptions.States.CHANCE;
import static io.perennial.subscriptions.States.EXCHANGES;
import static io.perennial.subscriptions.States.LATER;
import static io.perennial.subscriptions.States.NOW;
import static io.perennial.subscriptions.States.RETRIES;
import static io.perennial.subscriptions.States.STALE;
import static io.perennial.subscriptions.States.W;
import static io.perennial.subscriptions.States.WAKE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/// What becomes of a wake once a webhook, or a wake stream, has been told of it.
class ExchangeRulesTest {
    private static final Exchange DONE = new Exchange.Done();
    private static final Exchange ACCEPTED = new Exchange.Accepted();
    private static final Exchange REFUSED = new Exchange.Refused("no");
    private static final Exchange UNKNOWN = new Exchange.Unknown("?");

    @Test
    void what_became_of_another_call_changes_nothing() {
        for (State state : States.all()) {
            for (Exchange outcome : EXCHANGES) {
                for (WakeRef stale : STALE) {
                    assertSame(state, Rules.exchanged(state, stale, outcome, NOW, CHANCE));
                    assertSame(state, Rules.announced(state, stale, outcome, NOW, CHANCE));
                }
            }
        }
    }

    @Test
    void the_answer_of_a_webhook_decides_what_becomes_of_its_wake() {
        for (Retry retry : RETRIES) {
            State delivering = new State(7, new Phase.Delivering(W, LATER), retry);
            Retry longer = Retry.after(retry, NOW, CHANCE);
            assertEquals(new State(7, Phase.IDLE, Retry.NONE), exchanged(delivering, DONE));
            assertEquals(new State(7, new Phase.Accepted(W, LATER), Retry.NONE), exchanged(delivering, ACCEPTED));
            assertEquals(new State(7, new Phase.Refused(W, LATER), longer), exchanged(delivering, REFUSED));
            assertEquals(new State(7, Phase.IDLE, longer), exchanged(delivering, UNKNOWN));
        }
    }

    @Test
    void an_answer_after_a_callback_can_only_finish() {
        State accepted = new State(7, new Phase.Accepted(W, LATER), Retry.NONE);
        assertEquals(new State(7, Phase.IDLE, Retry.NONE), exchanged(accepted, DONE));
        for (Exchange outcome : List.of(ACCEPTED, REFUSED, UNKNOWN)) {
            assertSame(accepted, exchanged(accepted, outcome));
        }
    }

    @Test
    void an_answer_that_nobody_waits_for_changes_nothing() {
        for (State state : States.all()) {
            boolean isCalled = state.phase() instanceof Phase.Delivering || state.phase() instanceof Phase.Accepted;
            for (Exchange outcome : EXCHANGES) {
                assertTrue(isCalled || exchanged(state, outcome).equals(state), state::toString);
            }
        }
    }

    @Test
    void an_announcement_that_fails_is_tried_again_with_the_same_wake() {
        for (State state : States.all()) {
            for (Exchange outcome : EXCHANGES) {
                State after = Rules.announced(state, WAKE, outcome, NOW, CHANCE);
                if (!(state.phase() instanceof Phase.Announced)) {
                    assertSame(state, after);
                } else if (outcome.equals(DONE) || outcome.equals(ACCEPTED)) {
                    assertEquals(state.with(Retry.NONE), after);
                } else {
                    assertEquals(state.with(Retry.after(state.retry(), NOW, CHANCE)), after);
                }
            }
        }
    }

    private static State exchanged(State state, Exchange outcome) {
        return Rules.exchanged(state, WAKE, outcome, NOW, CHANCE);
    }
}
