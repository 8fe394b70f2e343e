package io.perennial.subscriptions;

import io.perennial.eventstore.Append;
import io.perennial.eventstore.AppendOutcome;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Producer;
import io.perennial.eventstore.StreamKey;
import io.perennial.eventstore.WriterSeq;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Does what the state of one subscription asks for: calls its webhook, or writes to its wake stream. One call at a
/// time, and none before the outcome of the last one is on disk.
///
/// Everything but the calls themselves happens with the subscription's lock held.
final class Waker {
    private static final WakeRef NONE = new WakeRef("", 0);
    private static final int MOST_REASON = 200;

    private final Cell cell;
    private final Means means;
    private boolean hasCalled;
    private Optional<Consumer<Draft>> outcome = Optional.empty();
    private boolean hasFailed;
    private WakeRef announced = NONE;

    Waker(Cell cell, Means means) {
        this.cell = cell;
        this.means = means;
    }

    /// Whether the outcome of a call is not known yet.
    boolean isCalling() {
        return hasCalled && outcome.isEmpty();
    }

    /// Makes a change of the last call's outcome, where it is known and not on disk.
    void report(Draft draft) {
        outcome.ifPresent(change -> change.accept(draft));
    }

    /// What was reported is on disk.
    void reported() {
        if (outcome.isPresent()) {
            outcome = Optional.empty();
            hasCalled = false;
        }
    }

    void known(Consumer<Draft> change) {
        outcome = Optional.of(change);
    }

    void act(State state) {
        if (hasCalled) {
            return;
        }
        switch (state.phase()) {
            case Phase.Delivering(String wakeId, Instant until)
            when cell.spec().channel() instanceof Channel.Webhook(URI url) -> {
                WakeRef wake = new WakeRef(wakeId, state.generation());
                List<Link> snapshot = cell.snapshot();
                hasCalled = true;
                means.executor().execute(() -> call(url, wake, until, snapshot));
            }
            case Phase.Announced(String wakeId)
            when cell.spec().channel() instanceof Channel.PullWake(StreamKey wakeStream) -> {
                WakeRef wake = new WakeRef(wakeId, state.generation());
                if (!wake.equals(announced)
                        && Retry.isDue(state.retry(), means.clock().instant())) {
                    hasCalled = true;
                    means.executor().execute(() -> announce(wakeStream, wake));
                }
            }
            default -> {
                // Nobody has to be told.
            }
        }
    }

    private void call(URI url, WakeRef wake, Instant until, List<Link> snapshot) {
        Instant now = means.clock().instant();
        Duration left = Duration.between(now, until);
        Duration patience = left.compareTo(means.config().webhookTimeout()) < 0
                ? left
                : means.config().webhookTimeout();
        Exchange result;
        try {
            byte[] body = WakeJson.webhook(
                    cell.id(), wake, snapshot, means.url().get(), means.tokens().called(cell.id(), wake, now));
            String signature = means.secrets().current().sign(now, body);
            result = patience.isPositive()
                    ? means.post().send(url, body, signature, patience)
                    : new Exchange.Unknown("the lease is over");
        } catch (RuntimeException e) {
            result = new Exchange.Refused(String.valueOf(e));
        }
        log(result, "subscription.webhook-failed", wake);
        Exchange answered = result;
        Instant then = means.clock().instant();
        double chance = means.chances().nextDouble();
        cell.report(draft -> {
            if (answered instanceof Exchange.Done && Rules.holds(draft.state(), wake)) {
                snapshot.forEach(told -> ack(draft, told));
            }
            draft.state(Rules.exchanged(draft.state(), wake, answered, then, chance));
        });
    }

    private static void ack(Draft draft, Link told) {
        draft.find(told.stream())
                .filter(link -> link.life().equals(told.life()))
                .ifPresent(link -> draft.put(link.acked(told.tail())));
    }

    private void announce(StreamKey wakeStream, WakeRef wake) {
        Exchange result;
        try {
            // The stream that was pending may be gone by now; the wake stands for all of them anyhow.
            StreamKey cause = cell.firstPending().orElse(wakeStream);
            result = write(
                    wakeStream,
                    WakeJson.event(cell.id(), cause, wake, means.clock().instant()));
        } catch (RuntimeException e) {
            result = new Exchange.Unknown(String.valueOf(e.getMessage()));
        }
        log(result, "subscription.wake-failed", wake);
        Exchange written = result;
        Instant then = means.clock().instant();
        double chance = means.chances().nextDouble();
        cell.report(draft -> {
            if (written instanceof Exchange.Done) {
                announced = wake;
            }
            draft.state(Rules.announced(draft.state(), wake, written, then, chance));
        });
    }

    private Exchange write(StreamKey wakeStream, byte[] event) {
        Append append = new Append(
                wakeStream,
                ContentType.JSON,
                List.of(event),
                Producer.ANONYMOUS,
                WriterSeq.NONE,
                Append.Closing.STAY_OPEN,
                Append.IfAbsent.REJECT);
        return switch (means.store().append(append)) {
            case AppendOutcome.Appended _, AppendOutcome.Duplicate _ -> new Exchange.Done();
            case AppendOutcome.Rejected(var reason) ->
                new Exchange.Refused("stream " + wakeStream + " took no event: " + reason);
        };
    }

    // One line when it begins to fail, and one when it works again.
    private void log(Exchange result, String event, WakeRef wake) {
        String reason = switch (result) {
            case Exchange.Refused(String why) -> why;
            case Exchange.Unknown(String why) -> why;
            case Exchange.Done _, Exchange.Accepted _ -> "";
        };
        boolean fails = !reason.isEmpty();
        if (fails && !hasFailed) {
            means.log().log(
                    Level.WARNING,
                    event + " id=" + cell.id() + " generation=" + wake.generation() + " reason=" + shown(reason));
        } else if (!fails && hasFailed) {
            means.log().log(Level.INFO, "subscription.recovered id=" + cell.id());
        }
        hasFailed = fails;
    }

    // What a stranger answered writes no lines of its own into the log.
    private static String shown(String reason) {
        String line = reason.replaceAll("\\p{Cntrl}", " ");
        return line.length() > MOST_REASON ? line.substring(0, MOST_REASON) : line;
    }
}
