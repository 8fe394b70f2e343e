package io.perennial.server;

import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.helidon.webserver.spi.ServerFeature;
import io.perennial.access.ClientAuthorities;
import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.StoreConfig;
import io.perennial.http.ConnectionLimits;
import io.perennial.http.Guard;
import io.perennial.http.HttpConfig;
import io.perennial.http.LiveKind;
import io.perennial.http.PerennialRouting;
import io.perennial.http.RegistryStream;
import io.perennial.inspector.InspectorPage;
import io.perennial.registry.Heartbeat;
import io.perennial.registry.Lease;
import io.perennial.registry.Registry;
import io.perennial.registry.RegistryConfig;
import io.perennial.subscriptions.Subscriptions;
import io.perennial.subscriptions.SubscriptionsConfig;
import io.perennial.subscriptions.SubscriptionsConfig.LocalWebhooks;
import jakarta.json.Json;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The modules put together: bus, store, registry, subscriptions, routing, listener, heartbeat. Stopped in the opposite
/// order.
final class PerennialServer implements AutoCloseable {
    private static final Duration GRACE = Duration.ofMillis(300);
    private static final Duration LEAVE = Duration.ofSeconds(1);
    // How often connections are looked at.
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int MOST = 1 << 20;
    // Of the server's own lease, which no client replaces.
    private static final String OWNER = "perennial";
    private static final int ANY_PORT = 65_535;

    // What a browser needs before it can ask for a token, and what says whether to start this server anew.
    private static final List<String> FREE = List.of("/", "/inspector/", "/observe/health/live");
    private static final Map<String, String> OPERATED =
            Map.of("/observe/metrics", "metrics", "/observe/health", "health");

    private final Deque<Runnable> closing = new ArrayDeque<>();
    private final InstantSource clock = InstantSource.system();
    private final Settings settings;
    private final HttpConfig http;
    private final ConnectionLimits connections;
    private final ClientAuthorities clientAuthorities = ClientAuthorities.none();
    private final Optional<ListenerTls> tls;
    private URI url = URI.create("http://localhost");

    PerennialServer(Settings settings) {
        this.settings = settings;
        this.http = new HttpConfig(
                settings.number(Setting.PAGE_BYTES, 1, Integer.MAX_VALUE),
                settings.number(Setting.BODY_LIMIT_BYTES, 1, Integer.MAX_VALUE - 8),
                settings.duration(Setting.HEARTBEAT),
                settings.number(Setting.FOLLOWER_LIMIT, 1, MOST),
                settings.duration(Setting.LONG_POLL_WAIT),
                settings.duration(Setting.SSE_LIFETIME),
                settings.list(Setting.ALLOWED_ORIGINS));
        this.connections = new ConnectionLimits(
                settings.number(Setting.CONNECTION_LIMIT, 1, MOST),
                settings.duration(Setting.REQUEST_TIMEOUT),
                settings.number(Setting.TRANSIT_BYTES, 1, Integer.MAX_VALUE));
        this.tls = ListenerTls.of(settings, connections.connections(), connections.requestTimeout(), clientAuthorities);
    }

    /// Starts everything. Whoever calls [#close] meanwhile waits for it.
    synchronized void start() {
        Bus<Commit> bus = new Bus<>(
                new BusLimits(
                        settings.number(Setting.BUS_WINDOW_MESSAGES, 1, MOST),
                        settings.number(Setting.BUS_WINDOW_BYTES, 1, Integer.MAX_VALUE)),
                Commit::bytes);
        Entrance entrance = Entrance.of(settings, clientAuthorities, clock);
        Guard guard = entrance.guard();
        closing.push(guard::close);
        Metrics metrics = new Metrics();
        ProcessMetrics.watch(metrics);
        if (settings.isOn(Setting.DURABLE_STREAMS)) {
            EventStore store = EventStore.open(storeConfig(), clock, bus, new StoreMetrics(metrics));
            closing.push(store::close);
            Registry registry = Registry.open(registryConfig(settings), clock, new RegistryStream(store));
            Subscriptions subscriptions =
                    Subscriptions.open(subscriptionsConfig(), store, bus, clock, guard::mayBeThere);
            closing.push(subscriptions::close);
            StoreMetrics.watch(metrics, store);
            metrics.gauge(
                    "perennial_registry_servers",
                    "Servers in the registry.",
                    () -> registry.live().size());
            LiveMetrics live = new LiveMetrics(metrics, bus, EnumSet.allOf(LiveKind.class));
            listen(
                    PerennialRouting.on(http, guard, bus, store, registry, subscriptions, clock, live),
                    guard,
                    Observation.of(store, metrics));
            subscriptions.start(settings.url(Setting.PUBLIC_URL).orElse(url));
            Whereabouts whereabouts = Whereabouts.of(settings.path(Setting.DATA_DIR));
            whereabouts.tell(url);
            closing.push(whereabouts::forget);
            Heartbeat heartbeat = Heartbeat.start(registry, lease());
            closing.push(() -> leave(heartbeat));
            closing.push(bus::close);
        } else {
            LiveMetrics live = new LiveMetrics(metrics, bus, EnumSet.of(LiveKind.BUS));
            listen(PerennialRouting.off(http, guard, bus, clock, live), guard, Observation.ofNothing(metrics));
            closing.push(bus::close);
        }
        entrance.remark();
    }

    private StoreConfig storeConfig() {
        return new StoreConfig(
                settings.path(Setting.DATA_DIR),
                Math.max(2, Runtime.getRuntime().availableProcessors()),
                settings.number(Setting.QUEUED_APPENDS, 1, MOST),
                settings.number(Setting.QUEUED_BYTES, 1, Integer.MAX_VALUE),
                settings.number(Setting.PAGE_CACHE_BYTES, 0, Integer.MAX_VALUE),
                settings.parsed(Setting.RETENTION, RetentionRules::parse, RetentionRules.RULE),
                Optional.of(RegistryStream.CHRONICLE));
    }

    private SubscriptionsConfig subscriptionsConfig() {
        int most = settings.number(Setting.SUBSCRIPTION_LIMIT, 1, MOST);
        int ofOne = settings.number(Setting.TOKEN_SUBSCRIPTIONS, 0, MOST);
        return new SubscriptionsConfig(
                most,
                ofOne == 0 ? most : ofOne,
                settings.number(Setting.LINK_LIMIT, 1, MOST),
                settings.number(Setting.DELIVERY_LIMIT, 1, MOST),
                settings.duration(Setting.WEBHOOK_TIMEOUT),
                settings.isOn(Setting.LOCAL_WEBHOOKS) ? LocalWebhooks.ALLOWED : LocalWebhooks.REFUSED);
    }

    static RegistryConfig registryConfig(Settings settings) {
        RegistryConfig defaults = RegistryConfig.of(settings.path(Setting.REGISTRY_FILE));
        Duration ttl = settings.duration(Setting.REGISTRY_TTL);
        Duration every = settings.duration(Setting.REGISTRY_HEARTBEAT);
        if (every.compareTo(ttl) >= 0) {
            throw new SettingException(Setting.REGISTRY_HEARTBEAT.key() + " (" + every + ") has to be shorter than "
                    + Setting.REGISTRY_TTL.key() + " (" + ttl + ")");
        }
        return new RegistryConfig(defaults.file(), ttl, every, defaults.lockWait(), defaults.maxLeases());
    }

    private void listen(PerennialRouting routing, Guard guard, ServerFeature observation) {
        String host = settings.text(Setting.HOST);
        int port = settings.number(Setting.PORT, 0, ANY_PORT);
        requireFree(host, port);
        List<ServerFeature> features = new ArrayList<>();
        features.add(observation);
        features.add(ApiDocument.feature());
        String accessLog = settings.text(Setting.ACCESS_LOG);
        if (!accessLog.isEmpty()) {
            features.add(AccessLog.open(
                    accessLog.equals(AccessLog.STDOUT)
                            ? accessLog
                            : settings.path(Setting.ACCESS_LOG).toString(),
                    settings.number(Setting.ACCESS_LOG_BYTES, 1, Integer.MAX_VALUE)));
        }
        WebServerConfig.Builder listener = WebServer.builder()
                .host(host)
                .port(port)
                // Ours ends the live answers first, and closes the store after.
                .shutdownHook(false)
                .shutdownGracePeriod(GRACE)
                // Live answers put together what they send, and others are sent whole.
                .writeBufferSize(0)
                .directHandlers(PerennialRouting.directHandlers())
                .protocolsDiscoverServices(false)
                .idleConnectionTimeout(settings.duration(Setting.IDLE_TIMEOUT))
                .idleConnectionPeriod(LOOK)
                .featuresDiscoverServices(false)
                .addFeatures(features)
                .routing((HttpRouting.Builder tree) -> {
                    routing.setup(tree);
                    tree.addFilter(guard.elsewhere(FREE, OPERATED));
                    new InspectorPage().setup(tree);
                    tree.any(PerennialRouting.unknownPath());
                });
        connect(listener);
        WebServer web = listener.build().start();
        closing.push(web::stop);
        if (!web.isRunning()) {
            throw new StartException("can't listen on " + host + ":" + port);
        }
        tls.ifPresent(secured -> {
            secured.watch(web);
            closing.push(secured::close);
        });
        url = URI.create((tls.isPresent() ? "https://" : "http://") + reachable(host) + ":" + web.port());
    }

    private void connect(WebServerConfig.Builder listener) {
        SocketOptions options = SocketOptions.builder().tcpNoDelay(true).build();
        ServerConnectionSelector protocols = PerennialRouting.protocols(connections);
        tls.ifPresentOrElse(
                secured -> secured.secure(listener, options, protocols),
                () -> listener.connectionOptions(options).addConnectionSelector(protocols));
    }

    // Helidon logs a bind that fails, and goes on without.
    private static void requireFree(String host, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (BindException e) {
            throw new StartException("can't listen on port " + port + " of " + host + " (" + e.getMessage()
                    + "): stop the server that has it, or choose another --port (0 takes any free one)");
        } catch (IOException e) {
            throw new StartException("can't listen on " + host + ":" + port + ": " + e);
        }
    }

    // Who listens on every address is reached by the machine's name.
    private static String reachable(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            String name =
                    address.isAnyLocalAddress() ? InetAddress.getLocalHost().getHostName() : host;
            return name.contains(":") ? "[" + name + "]" : name;
        } catch (UnknownHostException _) {
            return host;
        }
    }

    private Lease lease() {
        return new Lease(
                        url.getHost() + ":" + url.getPort(),
                        url,
                        url.getPort(),
                        ProcessHandle.current().pid(),
                        clock.instant(),
                        Json.createObjectBuilder()
                                .add("version", Version.text())
                                .build())
                .ownedBy(OWNER);
    }

    // The registry's file may be held by another process; the lease goes stale by itself then.
    private static void leave(Heartbeat heartbeat) {
        try {
            Thread.ofVirtual().start(heartbeat::close).join(LEAVE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    URI url() {
        return url;
    }

    /// Stops whatever was started.
    @Override
    public synchronized void close() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }
}
