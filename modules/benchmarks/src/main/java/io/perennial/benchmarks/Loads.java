package io.perennial.benchmarks;

import java.util.ArrayList;
import java.util.List;

/// Everything that is measured, in the order of the report.
final class Loads {
    private static final int[] CONNECTIONS = {1, 16, 64, 256};
    private static final int[] STREAMS = {1, 100};
    private static final int BATCH = 100;

    private Loads() {}

    static List<Load> all() {
        List<Load> loads = new ArrayList<>();
        for (int connections : CONNECTIONS) {
            for (int streams : STREAMS) {
                loads.add(new Append(connections, streams, 1));
            }
        }
        loads.add(new Append(16, 1, BATCH));
        // Live, idle, start and growth: their lists come here.
        return List.copyOf(loads);
    }

    /// What a first look needs.
    static List<Load> quick() {
        return List.of(new Append(1, 1, 1), new Append(64, 100, 1), new Append(16, 1, BATCH));
    }
}
