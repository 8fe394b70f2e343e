package io.perennial.examples;

import io.helidon.webserver.WebServer;
import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.StoreConfig;
import io.perennial.http.ConnectionLimits;
import io.perennial.http.HttpConfig;
import io.perennial.http.PerennialRouting;
import io.perennial.http.RegistryStream;
import io.perennial.registry.Registry;
import io.perennial.registry.RegistryConfig;
import io.perennial.subscriptions.Subscriptions;
import io.perennial.subscriptions.SubscriptionsConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/// Perennial's routes in a Helidon server that has some of its own: both on one port.
///
/// `BesideYourRoutes DIRECTORY` serves until it is stopped.
final class BesideYourRoutes implements AutoCloseable {
    private final Bus<Commit> bus = new Bus<>(BusLimits.defaults(), Commit::bytes);
    private final EventStore store;
    private final Subscriptions subscriptions;
    private final WebServer web;

    BesideYourRoutes(Path directory, int port) {
        InstantSource clock = InstantSource.system();
        store = EventStore.open(
                StoreConfig.of(directory.resolve("streams")).chronicled(RegistryStream.CHRONICLE), clock, bus);
        subscriptions = Subscriptions.open(SubscriptionsConfig.DEFAULTS, store, bus, clock);
        RegistryConfig servers = new RegistryConfig(
                directory.resolve("servers.json"),
                Duration.ofSeconds(30),
                Duration.ofSeconds(15),
                Duration.ofSeconds(5),
                1_000);
        Registry registry = Registry.open(servers, clock, new RegistryStream(store));
        PerennialRouting perennial =
                PerennialRouting.on(HttpConfig.DEFAULTS, bus, store, registry, subscriptions, clock);
        web = WebServer.builder()
                .host("127.0.0.1")
                .port(port)
                // This program closes things in its own order.
                .shutdownHook(false)
                .directHandlers(PerennialRouting.directHandlers())
                // HTTP/2 beside HTTP/1.1, and both within bounds.
                .protocolsDiscoverServices(false)
                .addConnectionSelector(PerennialRouting.protocols(ConnectionLimits.DEFAULTS))
                // How often requests are looked for that don't arrive.
                .idleConnectionPeriod(Duration.ofSeconds(1))
                .routing(routing -> {
                    routing.get("/yours", (_, response) -> response.send("yours"));
                    perennial.setup(routing);
                })
                .build()
                .start();
        subscriptions.start(url());
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + web.port());
    }

    /// Ends live answers first, so that followers see the end of a stream, and the store last.
    @Override
    public void close() {
        bus.close();
        web.stop();
        subscriptions.close();
        store.close();
    }

    public static void main(String[] arguments) {
        BesideYourRoutes server = new BesideYourRoutes(Path.of(arguments[0]), 8080);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println("Yours and Perennial's: " + server.url());
    }
}
