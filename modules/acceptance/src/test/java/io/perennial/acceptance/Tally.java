package io.perennial.acceptance;

import io.perennial.acceptance.Life.Item;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// What came of it, in numbers.
final class Tally {
    private final AtomicInteger requests = new AtomicInteger();
    private int kills;
    private int lookedAt;
    private int done;
    private int askedAgain;
    private long checked;
    private long lost;
    private long repeated;
    private long reordered;

    int acknowledged() {
        return requests.incrementAndGet();
    }

    int requests() {
        return requests.get();
    }

    void killed() {
        kills++;
    }

    /// A request whose answer was lost, and what became of it.
    void lookedAt(boolean isDone) {
        lookedAt++;
        done += isDone ? 1 : 0;
    }

    void askedAgain() {
        askedAgain++;
    }

    /// @param expected what has to be there, whatever else is
    void compare(List<Item> expected, Sight seen) {
        List<String> texts = seen.events().stream().map(Sight::text).toList();
        Set<String> distinct = new HashSet<>(texts);
        List<String> promised = expected.stream().map(Item::text).toList();
        List<String> found = promised.stream().filter(distinct::contains).toList();
        Set<String> wanted = new HashSet<>(promised);
        List<String> inOrder =
                texts.stream().distinct().filter(wanted::contains).toList();
        checked += texts.size();
        lost += promised.size() - found.size();
        repeated += texts.size() - distinct.size();
        for (int i = 0; i < found.size(); i++) {
            reordered += found.get(i).equals(inOrder.get(i)) ? 0 : 1;
        }
    }

    @Override
    public String toString() {
        return kills + " kills, " + requests + " requests acknowledged, " + lookedAt + " without an answer looked at ("
                + done
                + " done), " + askedAgain + " asked again, " + checked + " events checked: " + lost + " lost, "
                + repeated + " repeated, "
                + reordered + " reordered";
    }
}
