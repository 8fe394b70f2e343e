package io.perennial.benchmarks;

import java.time.Duration;
import java.util.List;

/// What is run: every load against every contender that it takes, in turn, and that as many times as there are rounds.
record Plan(List<Load> loads, List<Contender> contenders, int rounds, Duration time) {
    Plan {
        loads = List.copyOf(loads);
        contenders = List.copyOf(contenders);
    }

    int samples() {
        int once = 0;
        for (Load load : loads) {
            once += (int) contenders.stream().filter(load::takes).count();
        }
        return once * rounds;
    }
}
