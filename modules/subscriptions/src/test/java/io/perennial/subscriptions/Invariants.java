package io.perennial.subscriptions;

import io.perennial.eventstore.Offset;
import io.perennial.subscriptions.Ack.Then;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What holds of a subscription whatever happens to it.
final class Invariants {
    private static final WakeRef NOBODY = new WakeRef("", 0);

    private final String round;
    private final Map<String, Offset> cursors = new HashMap<>();
    private int step;

    // The one live lease, as far as the workers know.
    private WakeRef holder = NOBODY;
    private Instant until = Instant.MIN;
    private long generation;

    Invariants(String round) {
        this.round = round;
    }

    void step(int now) {
        step = now;
    }

    long generation() {
        return generation;
    }

    void holds(String what, boolean isSo) {
        if (!isSo) {
            throw new AssertionError(round + ", step " + step + ": not so: " + what);
        }
    }

    /// A lease that was seen to be over stays over, whatever the clock says later.
    void seen(Instant now) {
        if (!now.isBefore(until)) {
            holder = NOBODY;
        }
    }

    /// At most one live lease at a time, and each of a later generation.
    void claimed(WakeRef wake, Instant now) {
        holds("there is one lease at most", holder.equals(NOBODY));
        holds("generations only grow: " + wake + " after " + generation, wake.generation() > generation);
        holder = wake;
        generation = wake.generation();
        until = now.plus(Specs.LEASE);
    }

    /// Nobody is refused for a lease that is over.
    void held(long byGeneration) {
        holds("somebody has it", holder.generation() == byGeneration);
    }

    /// Only whoever has the lease is heard.
    void reported(WakeRef wake, Then then, Instant now) {
        holds("only the holder is heard: " + wake + " is not " + holder, wake.equals(holder));
        until = now.plus(Specs.LEASE);
        if (then == Then.FINISH) {
            holder = NOBODY;
        }
    }

    /// Nobody who has the lease is fenced off.
    void fenced(WakeRef wake) {
        holds("the holder is heard: " + wake, !wake.equals(holder));
    }

    /// Cursors never go back, nor beyond the tail, which is the stream's.
    void cursors(List<LinkView> links, Map<String, Offset> tails) {
        cursors.keySet().retainAll(tails.keySet());
        tails.forEach((stream, tail) -> {
            LinkView link = links.stream()
                    .filter(one -> one.stream().path().equals(stream))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(round + ", step " + step + ": forgotten: " + stream));
            holds("the tail is the stream's: " + link, link.tail().equals(tail));
            holds("no cursor is beyond the tail: " + link, !link.tail().isBefore(link.acked()));
            Offset before = cursors.put(stream, link.acked());
            holds(
                    "no cursor goes back: " + link,
                    before == null || !link.acked().isBefore(before));
        });
    }
}
