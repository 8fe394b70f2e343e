package io.perennial.server;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.observe.ObserverConfigBase;
import io.helidon.webserver.observe.spi.Observer;
import io.helidon.webserver.spi.ServerFeature.ServerFeatureContext;
import java.util.List;
import java.util.function.UnaryOperator;

/// `GET /observe/metrics`.
record MetricsObserver(Metrics metrics) implements Observer {
    private static final String NAME = "metrics";
    private static final Header CONTENT_TYPE =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Metrics.CONTENT_TYPE);
    private static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");

    @Override
    public ObserverConfigBase prototype() {
        return ObserverConfigBase.builder().enabled(true).name(NAME).build();
    }

    @Override
    public String type() {
        return NAME;
    }

    private static ServerResponse described(ServerResponse response) {
        return response.header(CONTENT_TYPE).header(NO_STORE);
    }

    @Override
    public void register(
            ServerFeatureContext context, List<HttpRouting.Builder> routings, UnaryOperator<String> endpoint) {
        String path = endpoint.apply(NAME);
        routings.forEach(routing -> routing.addFeature(tree -> tree.get(
                        path, (_, response) -> described(response).send(metrics.text()))
                .head(path, (_, response) -> described(response).send())));
    }
}
