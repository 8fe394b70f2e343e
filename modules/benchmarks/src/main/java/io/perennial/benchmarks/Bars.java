package io.perennial.benchmarks;

import io.perennial.benchmarks.Bar.Goal;
import io.perennial.benchmarks.Bar.Goal.AtLeast;
import io.perennial.benchmarks.Bar.Goal.AtMost;
import io.perennial.benchmarks.Measure.Flat;
import io.perennial.benchmarks.Measure.Median;
import io.perennial.benchmarks.Measure.Ratio;
import io.perennial.benchmarks.Measure.ToDisk;
import java.util.List;
import java.util.function.Predicate;

/// The bars. Where one is a ratio, it is so because machines differ; absolute ones are meant for two cores that the
/// generator shares.
final class Bars {
    private static final Goal NONE = new Goal.None();

    private Bars() {}

    static List<Bar> all() {
        return List.of(
                new Bar(
                        "append, 64 connections, 100 streams, to the floor's no-op POST",
                        new Ratio(Loads.MANY_APPENDS, Floor.NAME),
                        new AtLeast(0.6),
                        new AtLeast(0.8)),
                new Bar(
                        "the same, to the reference with files",
                        new Ratio(Loads.MANY_APPENDS, Reference.FILES),
                        new AtLeast(30),
                        NONE),
                new Bar(
                        "the same with a token, to without",
                        new Ratio(Loads.MANY_APPENDS, Guarded.By.TOKEN.contender(), Perennial.NAME),
                        new AtLeast(0.95),
                        NONE),
                new Bar(
                        "the same with a JWT, to without",
                        new Ratio(Loads.MANY_APPENDS, Guarded.By.JWT.contender(), Perennial.NAME),
                        new AtLeast(0.95),
                        NONE),
                new Bar(
                        "append, 1 connection, p50, to the disk's fdatasync",
                        new ToDisk(Loads.LONE_APPEND),
                        new AtMost(2),
                        new AtMost(1.4)),
                new Bar(
                        "events appended in batches of 100",
                        new Median(Loads.BATCHES),
                        new AtLeast(200_000),
                        new AtLeast(400_000)),
                new Bar(
                        "catch-up, 16 connections, to the reference in memory",
                        new Ratio(Loads.CATCH_UPS, Reference.MEMORY),
                        new AtLeast(15),
                        NONE),
                new Bar(
                        "the same, to the floor serving as many bytes",
                        new Ratio(Loads.CATCH_UPS, Floor.NAME),
                        new AtLeast(0.7),
                        new AtLeast(0.9)),
                new Bar(
                        "last 10 of 10,000, to the reference in memory",
                        new Ratio(Loads.LAST_TEN, Reference.MEMORY),
                        new AtLeast(15),
                        NONE),
                new Bar("the same, absolute", new Median(Loads.LAST_TEN), NONE, new AtLeast(56_000)),
                new Bar(
                        "offset=now, to the floor's GET",
                        new Ratio(Loads.NOW, Floor.NAME),
                        new AtLeast(0.7),
                        new AtLeast(0.9)),
                new Bar(
                        "SSE, 1,000 followers, 100 events/s, delivery p99",
                        new Median(Loads.PACED),
                        new AtMost(12),
                        new AtMost(8.2)),
                new Bar(
                        "SSE, 1,000 followers, full speed, deliveries",
                        new Median(Loads.FULL_SPEED),
                        new AtLeast(1_000_000),
                        new AtLeast(2_000_000)),
                new Bar("memory per idle follower", new Median(Idle.MEMORY), new AtMost(16_000), new AtMost(4000)),
                new Bar("start to first answer", new Median(Idle.START), new AtMost(260), new AtMost(110)),
                flat("appends, 10^7 events to 10^3", load -> load instanceof GrownAppend(Store it) && isInEvents(it)),
                flat("last 10, 10^7 events to 10^3", load -> load instanceof GrownRead(Store it) && isInEvents(it)),
                flat("appends, 10^6 streams to 1", load -> load instanceof GrownAppend(Store it) && !isInEvents(it)),
                flat("last 10, 10^6 streams to 1", load -> load instanceof GrownRead(Store it) && !isInEvents(it)));
    }

    private static Bar flat(String what, Predicate<Load> which) {
        List<Load> loads = Growth.loads().stream().filter(which).toList();
        return new Bar("growth: " + what, new Flat(loads), new AtLeast(0.8), new AtLeast(0.9));
    }

    /// Whether it is one that grows in events; the others grow in streams, with few events each.
    private static boolean isInEvents(Store store) {
        return store.eventsEach() > GrownRead.EVENTS;
    }
}
