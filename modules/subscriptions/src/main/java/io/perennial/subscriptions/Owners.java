package io.perennial.subscriptions;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.stream.Stream;

/// Who asked for a subscription: it wakes workers as long as one of them is there. Of more than 16 the first is
/// forgotten. Of the thread that has the subscription's lock, but for [#areLedBy].
final class Owners {
    private static final int MOST = 16;

    private final SubscriptionId id;
    private final Means means;
    // Read without the lock, too, to count.
    private volatile List<String> ids;
    private boolean areGone;

    Owners(SubscriptionId id, List<String> ids, Means means) {
        this.id = id;
        this.ids = List.copyOf(ids);
        this.means = means;
    }

    List<String> ids() {
        return ids;
    }

    /// Whether somebody made it, or has been there for the longest time since whoever made it went.
    boolean areLedBy(String owner) {
        return ids.getFirst().equals(owner);
    }

    /// The same with another, and without those who have gone.
    List<String> with(String owner) {
        if (ids.contains(owner)) {
            return ids;
        }
        List<String> left = ids.stream().filter(means.isThere()).toList();
        return Stream.concat(left.stream().skip(Math.max(0, left.size() - MOST + 1)), Stream.of(owner))
                .toList();
    }

    void are(List<String> now) {
        ids = List.copyOf(now);
    }

    /// Looks, and says in the log what has changed.
    boolean areThere() {
        boolean areThere = ids.stream().anyMatch(means.isThere());
        if (areThere && areGone) {
            means.log().log(Level.INFO, "subscription.works-again id=" + id);
        } else if (!areThere && !areGone) {
            means.log().log(
                    Level.WARNING, "subscription.rests id=" + id + " reason=nobody who asked for it is known any more");
        }
        areGone = !areThere;
        return areThere;
    }
}
