package io.perennial.subscriptions;

import static io.perennial.subscriptions.States.CHANCE;
import static io.perennial.subscriptions.States.DUE;
import static io.perennial.subscriptions.States.EXCHANGES;
import static io.perennial.subscriptions.States.LATER;
import static io.perennial.subscriptions.States.NOT_DUE;
import static io.perennial.subscriptions.States.NOW;
import static io.perennial.subscriptions.States.RETRIES;
import static io.perennial.subscriptions.States.STALE;
import static io.perennial.subscriptions.States.W;
import static io.perennial.subscriptions.States.WAKE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.Ack.Then;
import io.perennial.subscriptions.Rules.Denied;
import io.perennial.subscriptions.Rules.Granted;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// The rules over their whole input space: every phase, before and after its time, with every request.
class RulesTest {
    private static final Duration TTL = Duration.between(NOW, LATER);
    private static final Channel WEBHOOK = new Channel.Webhook(URI.create("https://worker.example/"));
    private static final Channel PULL = new Channel.PullWake(new StreamKey("wakes"));

    @Test
    void a_wake_is_held_by_whoever_knows_its_id_and_its_generation() {
        for (State state : States.all()) {
            assertEquals(!(state.phase() instanceof Phase.Idle), Rules.holds(state, WAKE), state::toString);
            STALE.forEach(stale -> assertFalse(Rules.holds(state, stale), state::toString));
        }
    }

    @Test
    void a_lease_ends_at_its_time_and_not_before() {
        for (State state : States.all()) {
            State after = Rules.expire(state, NOW, CHANCE);
            if (state.phase() instanceof Phase.Leased leased && !leased.until().isAfter(NOW)) {
                assertEquals(Phase.IDLE, after.phase());
                assertEquals(7, after.generation());
            } else {
                assertSame(state, after);
            }
        }
    }

    @Test
    void a_webhook_that_never_answered_is_a_failure_and_a_worker_that_fell_silent_none() {
        for (Retry retry : RETRIES) {
            Retry longer = Retry.after(retry, NOW, CHANCE);
            assertEquals(longer, expired(new Phase.Delivering(W, NOW), retry));
            assertEquals(retry, expired(new Phase.Accepted(W, NOW), retry));
            assertEquals(retry, expired(new Phase.Claimed(W, "me", NOW), retry));
            assertEquals(retry, expired(new Phase.Refused(W, NOW), retry));
        }
    }

    private static Retry expired(Phase phase, Retry retry) {
        return Rules.expire(new State(7, phase, retry), NOW, CHANCE).retry();
    }

    @Test
    void pending_work_makes_a_wake_of_the_next_generation_where_none_is_in_flight() {
        for (Retry retry : List.of(Retry.NONE, DUE)) {
            State idle = new State(7, Phase.IDLE, retry);
            assertEquals(new State(8, new Phase.Delivering("w_new", LATER), retry), wake(idle, WEBHOOK, true));
            assertEquals(new State(8, new Phase.Announced("w_new"), retry), wake(idle, PULL, true));
        }
    }

    @Test
    void a_webhook_that_refused_is_called_again_with_the_same_wake() {
        State refused = new State(7, new Phase.Refused(W, NOW.plusSeconds(1)), DUE);
        assertEquals(new State(7, new Phase.Delivering(W, LATER), DUE), wake(refused, WEBHOOK, true));
    }

    @Test
    void work_that_is_gone_takes_a_wake_back_that_nobody_works_on() {
        for (Phase phase : List.of(new Phase.Announced(W), new Phase.Refused(W, LATER), Phase.IDLE)) {
            for (Retry retry : List.of(Retry.NONE, DUE)) {
                State after = wake(new State(7, phase, retry), WEBHOOK, false);
                assertEquals(new State(7, Phase.IDLE, Retry.NONE), after);
            }
        }
    }

    @Test
    void nobody_is_woken_before_the_time_of_the_retry() {
        for (State state : States.all()) {
            if (state.retry().equals(NOT_DUE)) {
                both(channel -> assertSame(state, wake(state, channel, true)));
                both(channel -> assertSame(state, wake(state, channel, false)));
            }
        }
    }

    @Test
    void a_wake_in_flight_is_never_replaced() {
        for (State state : States.all()) {
            boolean isTaken = state.phase() instanceof Phase.Claimed
                    || state.phase() instanceof Phase.Delivering
                    || state.phase() instanceof Phase.Accepted;
            both(channel -> {
                if (isTaken) {
                    assertSame(state, wake(state, channel, true));
                    assertSame(state, wake(state, channel, false));
                } else if (state.phase() instanceof Phase.Announced) {
                    assertSame(state, wake(state, channel, true));
                }
            });
        }
    }

    private static void both(Consumer<Channel> check) {
        check.accept(WEBHOOK);
        check.accept(PULL);
    }

    private static State wake(State state, Channel channel, boolean pending) {
        return Rules.wake(state, channel, TTL, pending, NOW, "w_new");
    }

    @Test
    void a_claim_takes_the_announced_wake_or_makes_one_of_what_is_pending() {
        for (State state : States.all()) {
            for (boolean pending : new boolean[] {true, false}) {
                Rules.Ruling ruling = Rules.claim(state, "you", TTL, pending, NOW, "w_new");
                Rules.Ruling expected = switch (state.phase()) {
                    case Phase.Announced _ when pending -> granted(7, new Phase.Claimed(W, "you", LATER));
                    case Phase.Idle _ when pending -> granted(8, new Phase.Claimed("w_new", "you", LATER));
                    case Phase.Announced _, Phase.Idle _ -> new Denied(new Refusal.NothingPending());
                    case Phase.Claimed _ -> new Denied(new Refusal.AlreadyClaimed("me", 7));
                    case Phase.Delivering _, Phase.Accepted _, Phase.Refused _ -> new Denied(new Refusal.OtherType());
                };
                assertEquals(expected, ruling, state::toString);
            }
        }
    }

    @Test
    void a_report_of_another_wake_is_fenced_off() {
        for (State state : States.all()) {
            for (WakeRef stale : STALE) {
                for (Then then : Then.values()) {
                    assertEquals(
                            new Denied(new Refusal.Fenced()),
                            Rules.report(state, stale, then, TTL, NOW),
                            state::toString);
                }
            }
        }
    }

    @Test
    void a_report_needs_a_lease_and_prolongs_or_ends_it() {
        for (State state : States.all()) {
            Rules.Ruling goesOn = Rules.report(state, WAKE, Then.GO_ON, TTL, NOW);
            Rules.Ruling finishes = Rules.report(state, WAKE, Then.FINISH, TTL, NOW);
            switch (state.phase()) {
                case Phase.Idle _, Phase.Announced _ -> {
                    assertEquals(new Denied(new Refusal.Fenced()), goesOn);
                    assertEquals(new Denied(new Refusal.Fenced()), finishes);
                }
                case Phase.Claimed _ -> {
                    assertEquals(granted(7, new Phase.Claimed(W, "me", LATER)), goesOn);
                    assertEquals(granted(7, Phase.IDLE), finishes);
                }
                // A webhook that calls back has taken its wake.
                case Phase.Delivering _, Phase.Accepted _, Phase.Refused _ -> {
                    assertEquals(granted(7, new Phase.Accepted(W, LATER)), goesOn);
                    assertEquals(granted(7, Phase.IDLE), finishes);
                }
            }
        }
    }

    private static Granted granted(long generation, Phase phase) {
        return new Granted(new State(generation, phase, Retry.NONE));
    }

    @Test
    void something_happens_next_at_the_end_of_the_lease_or_at_the_retry() {
        for (State state : States.all()) {
            List<Instant> times = new ArrayList<>();
            if (state.phase() instanceof Phase.Leased leased) {
                times.add(leased.until());
            }
            if (state.retry().equals(NOT_DUE)) {
                times.add(NOW.plusMillis(1));
            }
            Optional<Instant> first = times.stream().sorted().findFirst();
            assertEquals(first, Rules.deadline(state, NOW), state::toString);
        }
    }

    @Test
    void a_restart_takes_back_only_a_call_whose_answer_nobody_will_hear() {
        for (State state : States.all()) {
            State after = Rules.recovered(state, NOW, CHANCE);
            if (state.phase() instanceof Phase.Delivering) {
                assertEquals(new State(7, Phase.IDLE, Retry.after(state.retry(), NOW, CHANCE)), after);
            } else {
                assertSame(state, after);
            }
        }
    }

    @Test
    void a_wake_that_is_over_never_comes_back() {
        for (State state : States.all()) {
            for (State next : everythingAfter(state)) {
                assertTrue(next.generation() >= state.generation(), () -> state + " to " + next);
                boolean isAnother = next.phase() instanceof Phase.Wake wake
                        && !(state.phase() instanceof Phase.Wake before
                                && before.wakeId().equals(wake.wakeId()));
                assertEquals(isAnother, next.generation() > state.generation(), () -> state + " to " + next);
            }
        }
    }

    private static List<State> everythingAfter(State state) {
        List<State> all = new ArrayList<>();
        all.add(Rules.expire(state, NOW, CHANCE));
        all.add(Rules.recovered(state, NOW, CHANCE));
        for (boolean pending : new boolean[] {true, false}) {
            both(channel -> all.add(wake(state, channel, pending)));
            add(all, Rules.claim(state, "you", TTL, pending, NOW, "w_new"));
        }
        for (Then then : Then.values()) {
            add(all, Rules.report(state, WAKE, then, TTL, NOW));
        }
        for (Exchange outcome : EXCHANGES) {
            all.add(Rules.exchanged(state, WAKE, outcome, NOW, CHANCE));
            all.add(Rules.announced(state, WAKE, outcome, NOW, CHANCE));
        }
        return all;
    }

    private static void add(List<State> all, Rules.Ruling ruling) {
        if (ruling instanceof Granted(State after)) {
            all.add(after);
        } else {
            assertInstanceOf(Denied.class, ruling);
        }
    }
}
