package io.perennial.benchmarks;

import java.util.List;

/// The loads of live delivery.
final class Followers {
    static final String GROUP = "Live";

    private static final int MANY = 1000;
    private static final int MOST = 10_000;
    private static final int EVENTS = 4000;

    private Followers() {}

    static List<Load> loads() {
        return List.of(
                new DeliveryLatency(MANY, 1, 20),
                new DeliveryLatency(MANY, 1, 100),
                new DeliveryRate(MANY, EVENTS),
                new DeliveryLatency(MOST, MANY, 100),
                new WakeUp(1),
                new WakeUp(100));
    }
}
