package io.perennial.bus;

import java.util.LinkedHashSet;
import java.util.List;

/// What the whole bus retains, in publishing order and within its limits. The bus lock guards it.
///
/// Invariant: a message is in here exactly as long as a topic holds it, and what a topic holds has the order of the
/// window. So the oldest message of the window is the oldest of each topic that holds it, and eviction looks nowhere.
///
/// A set that remembers its order, because a topic may leave the middle of it. Leaving its messages to be skipped once
/// they are the oldest was rejected: behind one old message that nothing pushes out, they would pile up without limit.
final class Window<M> {
    private final BusLimits limits;
    private final LinkedHashSet<Retained<M>> retained = new LinkedHashSet<>();
    private long bytes;

    Window(BusLimits limits) {
        this.limits = limits;
    }

    int messages() {
        return retained.size();
    }

    long bytes() {
        return bytes;
    }

    /// Hands `message` to `holders`, at the cost of the oldest ones. One that is larger than the window costs its
    /// holders all they have, and no other topic anything.
    void add(M message, long weight, List<Topic<M>> holders) {
        if (weight > limits.windowBytes()) {
            holders.forEach(holder -> release(holder, holder.skip()));
            return;
        }
        // Room first: the limits hold at every moment, and not only after the eviction.
        while (retained.size() == limits.windowMessages() || bytes > limits.windowBytes() - weight) {
            evictOldest();
        }
        var news = new Retained<>(message, weight, holders);
        retained.add(news);
        bytes += weight;
        holders.forEach(holder -> holder.append(news));
    }

    /// Lets go of what an abandoned topic holds.
    void release(Topic<M> topic) {
        release(topic, topic.clear());
    }

    private void release(Topic<M> topic, List<Retained<M>> released) {
        for (Retained<M> message : released) {
            message.letGo(topic);
            if (!message.isHeld()) {
                retained.remove(message);
                bytes -= message.bytes();
            }
        }
    }

    private void evictOldest() {
        Retained<M> oldest = retained.removeFirst();
        bytes -= oldest.bytes();
        oldest.forEachHolder(Topic::dropOldest);
    }
}
