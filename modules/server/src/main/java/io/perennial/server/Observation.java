package io.perennial.server;

import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import io.helidon.webserver.observe.ObserveFeature;
import io.helidon.webserver.observe.health.HealthObserver;
import io.helidon.webserver.observe.health.HealthObserverConfig;
import io.helidon.webserver.spi.ServerFeature;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.StoreHealth;

/// What an operator's tools ask the server for: `/observe/health/live`, `/observe/health/ready` and `/observe/metrics`.
///
/// Alive is a server that a restart wouldn't make better; ready is one that takes everything. With a full disk it is
/// alive and not ready, and once a commit has failed it is neither. One that starts isn't listening yet.
final class Observation {
    // Before the answer to unknown paths.
    private static final double WEIGHT = 200;

    private Observation() {}

    static ServerFeature of(EventStore store, Metrics metrics) {
        HealthObserverConfig.Builder health = HealthObserver.builder()
                .addCheck(() -> alive(store.health()), HealthCheckType.LIVENESS, "writing")
                .addCheck(() -> ready(store.health()), HealthCheckType.READINESS, "disk");
        return feature(health, metrics);
    }

    static ServerFeature ofNothing(Metrics metrics) {
        return feature(HealthObserver.builder(), metrics);
    }

    private static ServerFeature feature(HealthObserverConfig.Builder health, Metrics metrics) {
        return ObserveFeature.builder()
                .observersDiscoverServices(false)
                .addObserver(health.useSystemServices(false).details(true).build())
                .addObserver(new MetricsObserver(metrics))
                // Not for the pages of other origins.
                .cors(cors -> cors.enabled(false))
                .weight(WEIGHT)
                .build();
    }

    private static HealthCheckResponse alive(StoreHealth health) {
        return switch (health) {
            case StoreHealth.Writing _, StoreHealth.Refusing _ -> up();
            case StoreHealth.Ended(String reason) -> down(reason);
        };
    }

    private static HealthCheckResponse ready(StoreHealth health) {
        return switch (health) {
            case StoreHealth.Writing _ -> up();
            case StoreHealth.Refusing(String reason) -> down(reason);
            case StoreHealth.Ended(String reason) -> down(reason);
        };
    }

    private static HealthCheckResponse up() {
        return HealthCheckResponse.builder().status(true).build();
    }

    private static HealthCheckResponse down(String reason) {
        return HealthCheckResponse.builder()
                .status(false)
                .detail("reason", reason)
                .build();
    }
}
