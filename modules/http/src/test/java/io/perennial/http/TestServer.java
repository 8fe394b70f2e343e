package io.perennial.http;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Append;
import io.perennial.eventstore.AppendOutcome;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.Producer;
import io.perennial.eventstore.StoreConfig;
import io.perennial.eventstore.StreamKey;
import io.perennial.eventstore.WriterSeq;
import io.perennial.registry.Registry;
import io.perennial.registry.RegistryConfig;
import io.perennial.subscriptions.Subscriptions;
import io.perennial.subscriptions.SubscriptionsConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// A server as the server module puts it together, on a free port, with its files in a directory.
final class TestServer implements AutoCloseable {
    static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
    static final int LIMIT_BYTES = 2 * 1024 * 1024;
    static final Duration LONG_POLL_WAIT = Duration.ofMillis(200);

    private static final ConnectionLimits AMPLE = ConnectionLimits.DEFAULTS;
    private static final Duration LOOK = Duration.ofMillis(100);

    /// Without a heartbeat that a test could meet.
    static final HttpConfig CALM = config(1024 * 1024, Duration.ofHours(1), 1_000);

    private final SteppingClock clock = new SteppingClock(BEGINNING);
    private final Path registryFile;
    private final Bus<Commit> bus;
    private final EventStore store;
    private final Subscriptions subscriptions;
    private final WebServer web;

    private TestServer(Path directory, HttpConfig config, Guard guard, BusLimits limits, ConnectionLimits connections) {
        bus = new Bus<>(limits, Commit::bytes);
        store = EventStore.open(
                StoreConfig.of(directory.resolve("data")).chronicled(RegistryStream.CHRONICLE), clock, bus);
        registryFile = directory.resolve("servers.json");
        RegistryConfig registry = new RegistryConfig(
                registryFile, Duration.ofSeconds(30), Duration.ofSeconds(15), Duration.ofSeconds(5), 3);
        subscriptions = Subscriptions.open(SubscriptionsConfig.DEFAULTS, store, bus, clock);
        PerennialRouting routing = PerennialRouting.on(
                config,
                guard,
                bus,
                store,
                Registry.open(registry, clock, new RegistryStream(store)),
                subscriptions,
                clock,
                LiveObserver.NONE);
        web = listen(connections, tree -> whole(routing, tree));
        subscriptions.start(URI.create("http://127.0.0.1:" + web.port()));
    }

    static TestServer on(Path directory) {
        return on(directory, CALM);
    }

    static TestServer on(Path directory, HttpConfig config) {
        return on(directory, config, BusLimits.defaults());
    }

    static TestServer on(Path directory, HttpConfig config, BusLimits limits) {
        return new TestServer(directory, config, Guard.open(), limits, AMPLE);
    }

    static TestServer on(Path directory, ConnectionLimits connections) {
        return new TestServer(directory, CALM, Guard.open(), BusLimits.defaults(), connections);
    }

    static TestServer on(Path directory, Guard guard) {
        return new TestServer(directory, CALM, guard, BusLimits.defaults(), AMPLE);
    }

    static HttpConfig config(int pageBytes, Duration heartbeat, int followers) {
        return new HttpConfig(
                pageBytes, LIMIT_BYTES, heartbeat, followers, LONG_POLL_WAIT, Duration.ofMinutes(1), List.of("*"));
    }

    static WebServer listen(PerennialRouting routing) {
        return listen(tree -> whole(routing, tree));
    }

    private static void whole(PerennialRouting routing, HttpRouting.Builder tree) {
        routing.setup(tree);
        tree.any(PerennialRouting.unknownPath());
    }

    static WebServer listen(Consumer<HttpRouting.Builder> routing) {
        return listen(AMPLE, routing);
    }

    /// Keep this like PerennialServer: what is set here is what the tests hold of a whole server.
    private static WebServer listen(ConnectionLimits connections, Consumer<HttpRouting.Builder> routing) {
        return WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .shutdownHook(false)
                .shutdownGracePeriod(Duration.ofSeconds(1))
                .connectionOptions(options -> options.tcpNoDelay(true))
                .directHandlers(PerennialRouting.directHandlers())
                .protocolsDiscoverServices(false)
                .idleConnectionPeriod(LOOK)
                .addConnectionSelector(PerennialRouting.protocols(connections))
                .routing(routing)
                .build()
                .start();
    }

    SteppingClock clock() {
        return clock;
    }

    Bus<Commit> bus() {
        return bus;
    }

    EventStore store() {
        return store;
    }

    Path registryFile() {
        return registryFile;
    }

    int port() {
        return web.port();
    }

    Wire wire() throws IOException {
        return Wire.to(port());
    }

    Answer get(String target, String... headers) throws IOException {
        return request("GET", target, headers);
    }

    Answer request(String method, String target, String... headers) throws IOException {
        try (Wire wire = wire()) {
            return wire.request(method, target, headers).answer();
        }
    }

    /// The answer to a HEAD, which has no body whatever its length says.
    Answer head(String target) throws IOException {
        try (Wire wire = wire()) {
            return wire.request("HEAD", target).head();
        }
    }

    Answer post(String target, String body, String... headers) throws IOException {
        return post(target, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    Answer post(String target, byte[] body, String... headers) throws IOException {
        try (Wire wire = wire()) {
            return wire.request("POST", target, body, headers).answer();
        }
    }

    /// Posts what is to be accepted, and gives its offset.
    Offset posted(String session, String event) throws IOException {
        Answer answer = post("/stream/events?sessionId=" + session, event);
        if (answer.status() != 201) {
            throw new AssertionError(answer.head() + "\n\n" + answer.body());
        }
        return Offset.parse(answer.body().substring("{\"offset\":\"".length(), "{\"offset\":\"".length() + 26));
    }

    Followed follow(String target, String... headers) throws IOException {
        return Followed.of(port(), target, headers);
    }

    /// Appends behind the session face's back.
    AppendOutcome.Appended append(String stream, String contentType, Append.Closing closing, String... events) {
        return (AppendOutcome.Appended) store.append(new Append(
                new StreamKey(stream),
                new ContentType(contentType),
                Arrays.stream(events)
                        .map(event -> event.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                Producer.ANONYMOUS,
                WriterSeq.NONE,
                closing,
                Append.IfAbsent.CREATE));
    }

    AppendOutcome.Appended append(String stream, List<String> events) {
        return append(stream, "application/json", Append.Closing.STAY_OPEN, events.toArray(String[]::new));
    }

    AppendOutcome.Appended close(String stream) {
        return append(stream, "application/json", Append.Closing.CLOSE);
    }

    /// Live answers end, then the server, then the store.
    @Override
    public void close() {
        bus.close();
        web.stop();
        subscriptions.close();
        store.close();
    }
}
