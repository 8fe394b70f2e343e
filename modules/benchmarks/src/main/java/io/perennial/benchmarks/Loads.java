package io.perennial.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/// Everything that is measured, in the order of the report.
final class Loads {
    private static final int BATCH = 100;

    static final Load LONE_APPEND = new Append(1, 1, 1);
    static final Load MANY_APPENDS = new Append(64, 100, 1);
    static final Load BATCHES = new Append(16, 1, BATCH);
    static final Load CATCH_UPS = new CatchUp(16);
    static final Load LAST_TEN = new Read(10, 16);
    static final Load NOW = new Read(0, 16);
    static final Load DISK = new Disk();
    static final Load PACED = new DeliveryLatency(1000, 1, 100);
    static final Load FULL_SPEED = new DeliveryRate(1000, 4000);

    private Loads() {}

    /// What warms up.
    static List<Load> rehearsal() {
        return List.of(MANY_APPENDS, BATCHES, CATCH_UPS, LAST_TEN, NOW);
    }

    static List<Load> all() {
        Stream<Load> core = Stream.of(
                DISK,
                LONE_APPEND,
                new Append(1, 100, 1),
                new Append(16, 1, 1),
                new Append(16, 100, 1),
                new Append(64, 1, 1),
                MANY_APPENDS,
                new Append(256, 1, 1),
                new Append(256, 100, 1),
                BATCHES,
                new CatchUp(1),
                CATCH_UPS,
                LAST_TEN,
                NOW,
                new DiskUse(),
                new ImageSize());
        return Stream.of(core, Followers.loads().stream(), Idle.loads().stream(), Growth.loads().stream())
                .flatMap(loads -> loads)
                .toList();
    }

    /// What a first look needs.
    static List<Load> quick() {
        return List.of(
                DISK,
                LONE_APPEND,
                MANY_APPENDS,
                BATCHES,
                CATCH_UPS,
                LAST_TEN,
                NOW,
                new ImageSize(),
                Idle.START,
                PACED,
                FULL_SPEED);
    }
}
