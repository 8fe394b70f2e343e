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

    private Loads() {}

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
        // Idle, start and growth: their lists join here.
        Stream<Load> live = Followers.loads().stream();
        return Stream.of(core, live).flatMap(loads -> loads).toList();
    }

    /// What a first look needs.
    static List<Load> quick() {
        Stream<Load> core = Stream.of(
                DISK, LONE_APPEND, MANY_APPENDS, BATCHES, CATCH_UPS, LAST_TEN, NOW, new DiskUse(), new ImageSize());
        return core.toList();
    }
}
