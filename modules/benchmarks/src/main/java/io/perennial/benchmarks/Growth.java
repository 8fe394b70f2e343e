package io.perennial.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The loads that show whether a store stays as fast as it was while it grows: in events of one stream, and in streams.
/// Each is to be compared with the smallest of its kind.
final class Growth {
    static final String GROUP = "Growth";

    /// Of a stream that is one of many: as many as are read at its end.
    private static final int FEW = GrownRead.EVENTS;

    private static final List<Store> IN_EVENTS = stores(IntStream.of(1000, 100_000, 10_000_000), true);
    private static final List<Store> IN_STREAMS = stores(IntStream.of(1, 1000, 100_000, 1_000_000), false);

    private Growth() {}

    static List<Load> loads() {
        List<Load> loads = new ArrayList<>(loads(IN_EVENTS));
        loads.addAll(loads(IN_STREAMS));
        return List.copyOf(loads);
    }

    /// Without the stores that take long to fill.
    static List<Load> quick() {
        List<Load> loads = new ArrayList<>(loads(IN_EVENTS.subList(0, 2)));
        loads.addAll(loads(IN_STREAMS.subList(0, 2)));
        return List.copyOf(loads);
    }

    private static List<Store> stores(IntStream sizes, boolean inEvents) {
        return sizes.mapToObj(size -> inEvents ? new Store(1, size) : new Store(size, FEW))
                .toList();
    }

    /// Reads before appends: they want the streams as they were filled.
    private static List<Load> loads(List<Store> stores) {
        List<Load> loads = new ArrayList<>();
        stores.forEach(store -> loads.add(new GrownRead(store)));
        stores.forEach(store -> loads.add(new GrownAppend(store)));
        return loads;
    }
}
