package io.perennial.eventstore;

import io.perennial.eventstore.PowerState.Held;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Counts what losses of power left.
final class PowerReport {
    private static final int MOST_PROBLEMS = 20;

    private final List<String> problems = new ArrayList<>();
    private int histories;
    private int cuts;
    private long events;
    private long lost;
    private long repeated;
    private long reordered;

    void history() {
        histories++;
    }

    void cut() {
        cuts++;
    }

    void seen(int count) {
        events += count;
    }

    void problem(String sentence) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(sentence);
        }
    }

    /// Compares the events of a stream with what its client was told.
    void differs(Held told, List<String> found) {
        List<String> certain = told.events()
                .subList(
                        Math.max(0, told.events().size() - told.most()),
                        told.events().size());
        var here = new HashSet<>(found);
        lost += certain.stream().filter(event -> !here.contains(event)).count();
        repeated += found.size() - here.size();
        List<String> ranks = new ArrayList<>(told.events());
        ranks.retainAll(here);
        List<String> common = new ArrayList<>(found);
        common.retainAll(new HashSet<>(ranks));
        for (int i = 0; i < Math.min(ranks.size(), common.size()); i++) {
            reordered += ranks.get(i).equals(common.get(i)) ? 0 : 1;
        }
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    int cuts() {
        return cuts;
    }

    @Override
    public String toString() {
        return "%,d losses of power in %d histories, %,d events looked at: %d lost, %d repeated, %d out of order"
                .formatted(cuts, histories, events, lost, repeated, reordered);
    }
}
