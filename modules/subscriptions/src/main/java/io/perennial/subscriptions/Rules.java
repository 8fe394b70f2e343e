package io.perennial.subscriptions;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// What may happen to a subscription and what it leads to: pure functions of its state, a request and the time.
///
/// Whoever holds a wake is known by its generation and its id. A wake that is over never comes back: the next one has a
/// generation of its own, so whatever an earlier worker still says is recognised as stale. A webhook that answered that
/// it has not taken its wake is called with the same one again, as nobody works on it; one of which nothing is known is
/// fenced off, as it may be at work.
final class Rules {
    private Rules() {}

    /// What a request leads to.
    sealed interface Ruling {}

    record Granted(State after) implements Ruling {}

    record Denied(Refusal why) implements Ruling {}

    /// Whether this is the wake that is in flight.
    static boolean holds(State state, WakeRef wake) {
        return state.phase() instanceof Phase.Wake current
                && current.wakeId().equals(wake.wakeId())
                && state.generation() == wake.generation();
    }

    /// Ends the lease that is over.
    ///
    /// @param chance for the jitter
    static State expire(State state, Instant now, double chance) {
        if (!(state.phase() instanceof Phase.Leased leased) || now.isBefore(leased.until())) {
            return state;
        }
        State idle = state.with(Phase.IDLE);
        return leased instanceof Phase.Delivering ? idle.with(Retry.after(state.retry(), now, chance)) : idle;
    }

    /// Makes a wake of pending work where none is in flight, and calls a webhook again that refused.
    ///
    /// @param freshWakeId for a new wake
    static State wake(State state, Channel channel, Duration ttl, boolean pending, Instant now, String freshWakeId) {
        if (!Retry.isDue(state.retry(), now)) {
            return state;
        }
        return switch (state.phase()) {
            case Phase.Idle _ when pending -> woken(state, channel, freshWakeId, now.plus(ttl));
            case Phase.Refused(String wakeId, Instant _)
            when pending -> state.with(new Phase.Delivering(wakeId, now.plus(ttl)));
            // The streams are gone, and with them the work.
            case Phase.Refused _, Phase.Announced _
            when !pending -> new State(state.generation(), Phase.IDLE, Retry.NONE);
            case Phase.Idle _ when state.retry() instanceof Retry.Waiting -> state.with(Retry.NONE);
            case Phase.Idle _,
                    Phase.Announced _,
                    Phase.Claimed _,
                    Phase.Delivering _,
                    Phase.Accepted _,
                    Phase.Refused _ -> state;
        };
    }

    private static State woken(State state, Channel channel, String wakeId, Instant until) {
        Phase phase = switch (channel) {
            case Channel.Webhook _ -> new Phase.Delivering(wakeId, until);
            case Channel.PullWake _ -> new Phase.Announced(wakeId);
        };
        return new State(state.generation() + 1, phase, state.retry());
    }

    /// Gives the lease to a worker that asks for it, of the wake in flight or of one of its own.
    ///
    /// @param state with its lease [expired][#expire] where it is over
    static Ruling claim(State state, String worker, Duration ttl, boolean pending, Instant now, String freshWakeId) {
        Instant until = now.plus(ttl);
        return switch (state.phase()) {
            case Phase.Announced(String wakeId)
            when pending ->
                new Granted(new State(state.generation(), new Phase.Claimed(wakeId, worker, until), Retry.NONE));
            case Phase.Idle _
            when pending ->
                new Granted(
                        new State(state.generation() + 1, new Phase.Claimed(freshWakeId, worker, until), Retry.NONE));
            case Phase.Idle _, Phase.Announced _ -> new Denied(new Refusal.NothingPending());
            case Phase.Claimed(String _, String holder, Instant _) ->
                new Denied(new Refusal.AlreadyClaimed(holder, state.generation()));
            case Phase.Delivering _, Phase.Accepted _, Phase.Refused _ -> new Denied(new Refusal.OtherType());
        };
    }

    /// Lets whoever holds the wake go on, or finish.
    ///
    /// @param state with its lease [expired][#expire] where it is over
    static Ruling report(State state, WakeRef wake, Ack.Then then, Duration ttl, Instant now) {
        if (!(state.phase() instanceof Phase.Leased leased) || !holds(state, wake)) {
            return new Denied(new Refusal.Fenced());
        }
        // A webhook that calls back has taken its wake, whatever its answer will be.
        Phase going = leased instanceof Phase.Claimed claimed
                ? claimed.extended(now.plus(ttl))
                : new Phase.Accepted(leased.wakeId(), now.plus(ttl));
        return new Granted(new State(
                state.generation(),
                switch (then) {
                    case GO_ON -> going;
                    case FINISH -> Phase.IDLE;
                },
                Retry.NONE));
    }

    /// The webhook has answered, or it is known that it won't.
    ///
    /// @param wake the one that it was called with
    static State exchanged(State state, WakeRef wake, Exchange outcome, Instant now, double chance) {
        if (!(state.phase() instanceof Phase.Leased leased) || !holds(state, wake)) {
            return state;
        }
        return switch (leased) {
            case Phase.Delivering(String wakeId, Instant until) ->
                switch (outcome) {
                    case Exchange.Done _ -> new State(state.generation(), Phase.IDLE, Retry.NONE);
                    case Exchange.Accepted _ ->
                        new State(state.generation(), new Phase.Accepted(wakeId, until), Retry.NONE);
                    case Exchange.Refused _ ->
                        state.with(new Phase.Refused(wakeId, until)).with(Retry.after(state.retry(), now, chance));
                    case Exchange.Unknown _ -> state.with(Phase.IDLE).with(Retry.after(state.retry(), now, chance));
                };
            // It has called back before it answered.
            case Phase.Accepted _ when outcome instanceof Exchange.Done -> state.with(Phase.IDLE);
            case Phase.Accepted _, Phase.Refused _, Phase.Claimed _ -> state;
        };
    }

    /// The event was written to the wake stream, or could not be.
    static State announced(State state, WakeRef wake, Exchange outcome, Instant now, double chance) {
        if (!(state.phase() instanceof Phase.Announced) || !holds(state, wake)) {
            return state;
        }
        return switch (outcome) {
            case Exchange.Done _, Exchange.Accepted _ -> state.with(Retry.NONE);
            case Exchange.Refused _, Exchange.Unknown _ -> state.with(Retry.after(state.retry(), now, chance));
        };
    }

    /// When something happens by itself next, where it does.
    static Optional<Instant> deadline(State state, Instant now) {
        Optional<Instant> lease =
                state.phase() instanceof Phase.Leased leased ? Optional.of(leased.until()) : Optional.empty();
        Optional<Instant> retry = state.retry() instanceof Retry.Waiting(int _, Instant at) && at.isAfter(now)
                ? Optional.of(at)
                : Optional.empty();
        return Stream.concat(lease.stream(), retry.stream()).min(Comparator.naturalOrder());
    }

    /// What is left of a state when the process has ended and another one goes on: nobody will ever hear the answer of
    /// a webhook that was being called.
    static State recovered(State state, Instant now, double chance) {
        return state.phase() instanceof Phase.Delivering
                ? state.with(Phase.IDLE).with(Retry.after(state.retry(), now, chance))
                : state;
    }
}
