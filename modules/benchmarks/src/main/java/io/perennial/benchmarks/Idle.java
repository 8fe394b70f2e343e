package io.perennial.benchmarks;

import java.util.List;

/// The loads of a server that has little to do.
final class Idle {
    static final Load MEMORY = new IdleMemory(1000, 5000);
    static final Load START = new Start();

    private Idle() {}

    static List<Load> loads() {
        return List.of(MEMORY, START);
    }
}
