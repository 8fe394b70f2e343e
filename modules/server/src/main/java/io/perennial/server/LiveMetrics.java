package io.perennial.server;

import io.perennial.bus.Bus;
import io.perennial.http.LiveKind;
import io.perennial.http.LiveObserver;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Who follows, and what they get, counted.
final class LiveMetrics implements LiveObserver {
    private final Map<LiveKind, GaugeDataPoint> followers = new EnumMap<>(LiveKind.class);
    private final Map<LiveKind, CounterDataPoint> delivered = new EnumMap<>(LiveKind.class);

    /// @param kinds those that there can be
    LiveMetrics(Metrics metrics, Bus<?> bus, Set<LiveKind> kinds) {
        Gauge gauge = metrics.gauge("perennial_followers", "Answers that stay open or wait, by kind.", "kind");
        Counter counter = metrics.counter("perennial_delivered_events_total", "Events sent to followers.", "kind");
        for (LiveKind kind : kinds) {
            followers.put(kind, gauge.labelValues(Metrics.spelt(kind)));
            delivered.put(kind, counter.labelValues(Metrics.spelt(kind)));
        }
        metrics.counter(
                "perennial_follower_lags_total", "Times that a follower fell behind what the bus keeps.", bus::lags);
    }

    @Override
    public void begun(LiveKind kind) {
        Objects.requireNonNull(followers.get(kind)).inc();
    }

    @Override
    public void delivered(LiveKind kind, int events) {
        Objects.requireNonNull(delivered.get(kind)).inc(events);
    }

    @Override
    public void ended(LiveKind kind) {
        Objects.requireNonNull(followers.get(kind)).dec();
    }
}
