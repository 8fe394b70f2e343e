package io.perennial.benchmarks;

import java.time.Duration;
import java.util.List;

/// What is run: every load against every contender that it takes, in turn, and that as many times as there are rounds.
///
/// @param rehearsal loads that are run once before, uncounted: JVMs are slow at first, the generator's, too
/// @param time of one sample
/// @param bound no sample begins later than this after the start
record Plan(
        List<Load> loads, List<Load> rehearsal, List<Contender> contenders, int rounds, Duration time, Duration bound) {
    Plan {
        loads = List.copyOf(loads);
        contenders = List.copyOf(contenders);
        List<String> groups = loads.stream().map(Load::group).toList();
        rehearsal =
                rehearsal.stream().filter(load -> groups.contains(load.group())).toList();
    }

    Plan within(Duration other) {
        return new Plan(loads, rehearsal, contenders, rounds, time, other);
    }

    int samples() {
        return rounds * once(loads);
    }

    int rehearsals() {
        return once(rehearsal);
    }

    static boolean takes(Load load, Contender contender) {
        return load.takes(contender) && contender.joins(load);
    }

    private int once(List<Load> all) {
        int once = 0;
        for (Load load : all) {
            once += (int) contenders.stream()
                    .filter(contender -> takes(load, contender))
                    .count();
        }
        return once;
    }
}
