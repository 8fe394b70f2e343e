package io.perennial.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRoute;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.perennial.access.Permission;
import io.perennial.bus.Bus;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.EventStore;
import io.perennial.registry.Registry;
import io.perennial.subscriptions.Subscriptions;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// The routing tree, for any Helidon server: `HttpRouting.builder().addFeature(PerennialRouting.on(...))`.
///
/// Live answers end when the bus is closed: close it before the server is stopped, and clients see the end of a stream
/// rather than a broken one.
public final class PerennialRouting implements HttpFeature {
    private static final Set<String> OWN = Set.of("/stream/events", "/event", "/streams", "/servers", "/access-links");
    private static final List<String> BELOW = List.of(StreamPath.PREFIX, StreamList.PREFIX, "/servers/", "/admin/");
    private static final String MALFORMED = "the request line or a header is malformed";

    private final Consumer<HttpRouting.Builder> routes;

    private PerennialRouting(Consumer<HttpRouting.Builder> routes) {
        this.routes = routes;
    }

    /// Everything, for everybody.
    public static PerennialRouting on(
            HttpConfig config,
            Bus<Commit> bus,
            EventStore store,
            Registry registry,
            Subscriptions subscriptions,
            InstantSource clock) {
        return on(config, Guard.open(), bus, store, registry, subscriptions, clock, LiveObserver.NONE);
    }

    /// Everything, for whom the guard lets in, and tells an observer of live answers.
    public static PerennialRouting on(
            HttpConfig config,
            Guard guard,
            Bus<Commit> bus,
            EventStore store,
            Registry registry,
            Subscriptions subscriptions,
            InstantSource clock,
            LiveObserver observer) {
        Live live = new Live(config, guard, clock, observer);
        Servers servers = new Servers(registry, guard, clock, config);
        CrossOrigin others = new CrossOrigin(guard, config);
        StreamList streams = new StreamList(store, bus, guard);
        Admin admin = new Admin(store);
        AccessLinks links = new AccessLinks(guard, clock, config);
        return new PerennialRouting(routing -> routing.any("/stream/events", others)
                .any(
                        "/stream/events",
                        new Resource(guard, others.embedding())
                                .get(Rule.session(Permission.READ), new ReadEvents(store, config, live)::handle)
                                .post(Rule.KNOWN, new AppendEvent(store, guard, config)::handle))
                // Before the pages of other origins are let in: they have no say in who is called.
                .route(HttpRoute.builder()
                        .path(Control.matcher())
                        .handler(new Control(subscriptions, guard, config, others.embedding())::handle))
                .route(HttpRoute.builder().path(StreamPath.matcher()).handler(others))
                .route(HttpRoute.builder()
                        .path(StreamPath.matcher())
                        .handler(new Resource(guard, others.embedding())
                                .getOnly(
                                        Rule.stream(Permission.READ),
                                        new ReadStream(store, guard, config, live, clock)::handle)
                                .head(Rule.stream(Permission.READ), new HeadStream(store)::handle)
                                .put(Rule.stream(Permission.CREATE), new CreateStream(store, guard, config)::handle)
                                .post(Rule.stream(Permission.APPEND), new AppendToStream(store, guard, config)::handle)
                                .delete(Rule.stream(Permission.DELETE), new DeleteStream(store, guard)::handle)))
                .any("/event", others)
                .any(
                        "/event",
                        new Resource(guard, others.embedding())
                                .getOnly(Rule.KNOWN, new FollowBus(bus, guard, live)::handle))
                .any("/streams", new Resource(guard).get(Rule.KNOWN, streams::list))
                .route(HttpRoute.builder()
                        .path(StreamPath.below(StreamList.PREFIX))
                        .handler(new Resource(guard).get(Rule.over(Permission.READ, StreamList::stream), streams::one)))
                .any("/access-links", new Resource(guard).post(Rule.ACCESS_LINKS, links::make))
                .any("/admin/backup", new Resource(guard).getOnly(Rule.BACKUP, admin.backup()))
                .any("/admin/verification", new Resource(guard).getOnly(Rule.VERIFICATION, admin.verification()))
                .any(
                        "/servers",
                        new Resource(guard).get(Rule.KNOWN, servers::list).post(Rule.KNOWN, servers::register))
                .route(HttpRoute.builder()
                        .path(Servers.one())
                        .handler(new Resource(guard).delete(Rule.KNOWN, servers::deregister))));
    }

    /// Whether one of these routes may answer what is asked for at this path.
    static boolean serves(String path) {
        return OWN.contains(path) || BELOW.stream().anyMatch(path::startsWith);
    }

    /// Only the bus; everything durable answers how it is enabled.
    public static PerennialRouting off(HttpConfig config, Bus<Commit> bus, InstantSource clock) {
        return off(config, Guard.open(), bus, clock, LiveObserver.NONE);
    }

    /// The same, for whom the guard lets in, and tells an observer of live answers.
    public static PerennialRouting off(
            HttpConfig config, Guard guard, Bus<Commit> bus, InstantSource clock, LiveObserver observer) {
        Handler gate = new Gate();
        Live live = new Live(config, guard, clock, observer);
        return new PerennialRouting(routing -> routing.any(
                        "/event", new Resource(guard).getOnly(Rule.KNOWN, new FollowBus(bus, guard, live)::handle))
                .any("/stream/events", gate)
                .any("/servers", gate)
                .any("/access-links", gate)
                .any("/admin/*", gate)
                .any("/streams", gate)
                .any("/streams/*", gate)
                .route(HttpRoute.builder().path(Servers.one()).handler(gate))
                .any("/v1/stream/*", gate));
    }

    @Override
    public void setup(HttpRouting.Builder routing) {
        routing.addFilter(Connections::closeAsAnnounced);
        routes.accept(routing);
    }

    /// The answer to a path that nobody serves: to be added after everything else.
    public static Handler unknownPath() {
        return (request, response) -> Answers.send(
                request,
                response,
                Problem.of(
                        Status.NOT_FOUND_404,
                        "NotFound",
                        "there is nothing at " + request.path().path()));
    }

    /// How HTTP/1.1 is to be configured: with Helidon's defaults, 4 KiB of request line are the most, and malformed
    /// lengths of bodies are not refused.
    public static Http1Config http1() {
        return Connections.http1();
    }

    /// HTTP/2 beside HTTP/1.1, which is configured as by [#http1]: over cleartext by prior knowledge or by an upgrade.
    /// To be the one connection selector, with `protocolsDiscoverServices(false)`.
    public static ServerConnectionSelector protocols(ConnectionLimits limits) {
        return new Protocols(limits);
    }

    /// The same shape of error for what Helidon refuses before any route sees it.
    public static DirectHandlers directHandlers() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, (request, _, given, headers, message) -> {
                Status status = blamed(request, given);
                Problem problem =
                        Problem.of(status, code(status), status.equals(given) ? sentence(status, message) : MALFORMED);
                return DirectHandler.TransportResponse.builder()
                        .status(status)
                        .headers(headers)
                        .header(Names.JSON)
                        .header(Names.NO_SNIFFING)
                        .header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, problem.body().length))
                        .entity(problem.body())
                        .build();
            });
        }
        return handlers.build();
    }

    // Where there is no method yet no route was asked, and nothing but the request itself can be wrong.
    private static Status blamed(DirectHandler.TransportRequest request, Status status) {
        boolean isAsked = !request.method().isEmpty();
        return status.family() == Status.Family.SERVER_ERROR && !isAsked ? Status.BAD_REQUEST_400 : status;
    }

    // What went wrong inside is for the log, and what Helidon keeps to itself was malformed before it came here.
    private static String sentence(Status status, String message) {
        if (status.family() == Status.Family.SERVER_ERROR || message.isBlank()) {
            return status.reasonPhrase();
        }
        boolean isForPeople =
                !message.contains("see server log") && message.lines().count() == 1;
        return isForPeople ? message : MALFORMED;
    }

    // "Request-URI Too Long" is UriTooLong to a program: the code is the reason phrase in one word.
    private static String code(Status status) {
        return status.reasonPhrase().replaceAll("[^A-Za-z]", "");
    }
}
