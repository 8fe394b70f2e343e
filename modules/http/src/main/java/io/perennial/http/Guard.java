package io.perennial.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.ServerRequest;
import io.perennial.access.Authenticator;
import io.perennial.access.Caller;
import io.perennial.access.Grant;
import io.perennial.access.Link;
import io.perennial.access.Links;
import io.perennial.access.Permission;
import io.perennial.eventstore.StreamGlob;
import io.perennial.eventstore.StreamKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Lets nobody in where they don't belong. Safe for use by many threads; to be closed after the server.
public final class Guard implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Guard.class.getName());
    /// How often it looks whether somebody's time is over.
    private static final Duration LOOK = Duration.ofMillis(400);

    private static final String SCHEME = "bearer ";
    private static final String INVALID = "Bearer realm=\"perennial\", error=\"invalid_token\"";
    /// The parameter that has a link.
    static final String LINK = "access";

    private static final String LINK_KIND = "link:";

    private final Optional<Authenticator> authenticator;
    private final Optional<Links> links;
    private final Concealment concealment;
    private final InstantSource clock;
    private final Audit audit;
    private final ClientAddress addresses;
    private final Quota ofToken;
    private final Quota ofAddress;
    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// What somebody is told who may not do something.
    public enum Concealment {
        /// 403, and the permission that is missing.
        TOLD,
        /// 404, as if it weren't there.
        CONCEALED
    }

    /// Ends when the answer does.
    @FunctionalInterface
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    // An answer that stays open.
    private record Watched(Caller caller, Presence presence) {}

    private Guard(
            Optional<Authenticator> authenticator,
            Optional<Links> links,
            Concealment concealment,
            CallerLimits limits,
            InstantSource clock) {
        this.authenticator = authenticator;
        this.links = links;
        this.concealment = concealment;
        this.clock = clock;
        this.addresses =
                new ClientAddress(limits.proxies().stream().map(Network::parse).toList());
        this.audit = new Audit(clock, addresses);
        this.ofToken = new Quota("a token", limits.tokens());
        this.ofAddress = new Quota("an address", limits.addresses());
    }

    /// Everybody may do everything, and needn't say who they are.
    public static Guard open() {
        return new Guard(
                Optional.empty(), Optional.empty(), Concealment.TOLD, CallerLimits.NONE, InstantSource.system());
    }

    /// The same within limits, and makes links all the same, so that a program needn't know which kind of server it
    /// talks to.
    public static Guard open(Links links, CallerLimits limits, InstantSource clock) {
        return new Guard(Optional.empty(), Optional.of(links), Concealment.TOLD, limits, clock);
    }

    /// Whoever comes says who they are, or has a link, and does what they may.
    public static Guard closed(
            Authenticator authenticator,
            Links links,
            Concealment concealment,
            CallerLimits limits,
            InstantSource clock) {
        Guard guard = new Guard(Optional.of(authenticator), Optional.of(links), concealment, limits, clock);
        Thread.ofVirtual().name("perennial-guard").start(() -> guard.watch(authenticator));
        return guard;
    }

    boolean isOpen() {
        return authenticator.isEmpty();
    }

    /// What nobody changes any more may be kept for a while: by caches that others share only where everybody may read
    /// everything.
    Header shortCache() {
        return isOpen() ? Names.SHORT_CACHE : Names.SHORT_PRIVATE_CACHE;
    }

    /// Who asks.
    ///
    /// @throws ProblemException 401 where nobody knows them
    Caller caller(ServerRequest request) {
        if (isOpen()) {
            return Caller.ANYBODY;
        }
        return request.context().get(Caller.class).orElseGet(() -> {
            Caller caller = identified(request);
            request.context().register(caller);
            return caller;
        });
    }

    private Caller identified(ServerRequest request) {
        List<String> sent = request.headers().all(HeaderNames.AUTHORIZATION, List::of);
        Optional<String> link = Answers.isRead(request) ? Query.of(request).value(LINK) : Optional.empty();
        if (sent.isEmpty() && link.isPresent()) {
            return links.flatMap(signed -> signed.verify(link.get()))
                    .filter(known -> isFor(known, request))
                    .map(Guard::reader)
                    .filter(caller -> !isOver(caller))
                    .orElseThrow(() -> unknown(
                            request,
                            INVALID,
                            "the link isn't one that this server takes: it is wrong, has expired, was made by somebody"
                                    + " who has gone, or is for the pages of another origin"));
        }
        if (sent.isEmpty()) {
            throw unknown(
                    request,
                    "Bearer realm=\"perennial\"",
                    "say who you are: the header Authorization: Bearer <token> is missing");
        }
        return Optional.of(sent)
                .filter(values -> values.size() == 1)
                .map(List::getFirst)
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(SCHEME))
                .map(value -> value.substring(SCHEME.length()).strip())
                .flatMap(authenticator.orElseThrow()::authenticate)
                .orElseThrow(() -> unknown(
                        request,
                        INVALID,
                        "the token isn't one that this server takes: it is wrong, has expired, or was revoked"));
    }

    // Who reads with a link.
    private static Caller reader(Link link) {
        return new Caller(
                LINK_KIND + link.maker(),
                LINK_KIND + link.name(),
                List.of(new Grant(Permission.READ, link.paths())),
                Optional.of(link.expires()));
    }

    private static boolean isFor(Link link, ServerRequest request) {
        return link.origin().isEmpty()
                || request.headers()
                        .all(HeaderNames.ORIGIN, List::of)
                        .equals(List.of(link.origin().get()));
    }

    private boolean isOver(Caller caller) {
        boolean isMakerGone = caller.id().startsWith(LINK_KIND)
                && !authenticator.orElseThrow().mayBeThere(caller.id().substring(LINK_KIND.length()));
        return isMakerGone || caller.isOver(clock.instant());
    }

    /// What somebody is told whose time ended while they waited.
    Problem over(ServerRequest request) {
        return unknown(request, INVALID, "the token has expired, or was revoked, while its request waited")
                .problem();
    }

    /// Where links are made.
    Optional<Links> links() {
        return links;
    }

    private ProblemException unknown(ServerRequest request, String challenge, String message) {
        audit.refused(request, "", Status.UNAUTHORIZED_401.code(), message);
        return new ProblemException(Problem.of(Status.UNAUTHORIZED_401, "Unauthorized", message)
                .with(HeaderNames.WWW_AUTHENTICATE, challenge));
    }

    /// Lets through who may do that there.
    ///
    /// @throws ProblemException 401, 403 or 404
    void require(ServerRequest request, Permission permission, StreamKey path) {
        if (!caller(request).may(permission, path)) {
            throw denied(request, permission, path.path());
        }
    }

    /// The same for all streams of a set.
    void require(ServerRequest request, Permission permission, StreamGlob paths) {
        if (!caller(request).may(permission, paths)) {
            throw denied(request, permission, paths.text());
        }
    }

    /// That a permission is missing, or nothing is there.
    ProblemException denied(ServerRequest request, Permission permission, String path) {
        String reason = "the permission " + permission.text() + ":" + path + " is missing";
        audit.refused(request, caller(request).name(), Status.FORBIDDEN_403.code(), reason);
        return new ProblemException(
                concealment == Concealment.CONCEALED
                        ? Problem.of(Status.NOT_FOUND_404, "NotFound", "there is nothing at " + path)
                        : Problem.of(Status.FORBIDDEN_403, "Forbidden", reason));
    }

    /// Writes down that a stream was created, where callers are known.
    void created(ServerRequest request, StreamKey stream) {
        if (!isOpen()) {
            audit.created(request, caller(request), stream);
        }
    }

    /// The same of one that was deleted.
    void deleted(ServerRequest request, StreamKey stream) {
        if (!isOpen()) {
            audit.deleted(request, caller(request), stream);
        }
    }

    /// For what others serve beside the routes of [PerennialRouting], which look after themselves: whoever asks for
    /// anything else has to be known.
    ///
    /// @param free what needs no caller; with a slash at its end, whatever lies below
    /// @param operated what takes the permission `admin`, and its name there; whatever begins so
    public Filter elsewhere(List<String> free, Map<String, String> operated) {
        return (chain, request, response) -> {
            try {
                if (!isOpen()) {
                    requireElsewhere(request, free, operated);
                }
            } catch (ProblemException e) {
                Answers.send(request, response, e.problem());
                return;
            }
            chain.proceed();
        };
    }

    // Both as it was sent and as routes see it, without dots and escapes: one that means another place is nobody's.
    private void requireElsewhere(RoutingRequest request, List<String> free, Map<String, String> operated) {
        String seen = request.prologue().uriPath().path();
        String sent = request.prologue().uriPath().rawPath();
        boolean isTheirs = PerennialRouting.serves(seen) && PerennialRouting.serves(sent);
        boolean isFree = seen.equals(sent) && free.stream().anyMatch(path -> isAt(path, seen));
        if (isTheirs || isFree) {
            return;
        }
        admit(request);
        Caller caller = caller(request);
        operated.entrySet().stream()
                .filter(place -> seen.startsWith(place.getKey()))
                .map(place -> new StreamKey(place.getValue()))
                .filter(name -> !caller.may(Permission.ADMIN, name))
                .findFirst()
                .ifPresent(name -> {
                    throw denied(request, Permission.ADMIN, name.path());
                });
    }

    private static boolean isAt(String path, String seen) {
        boolean isFolder = path.length() > 1 && path.endsWith("/");
        return isFolder ? seen.startsWith(path) : seen.equals(path);
    }

    /// Takes a request in, where its caller may ask for one more.
    ///
    /// @throws ProblemException 401 or 429
    void admit(ServerRequest request) {
        ofAddress.request(addresses.of(request));
        ofToken(request).ifPresent(ofToken::request);
    }

    /// The same, of whoever may bring no token of ours.
    void admitUnnamed(ServerRequest request) {
        ofAddress.request(addresses.of(request));
    }

    /// Takes the bytes of a body in, likewise.
    void admit(ServerRequest request, byte[] body) {
        ofAddress.append(addresses.of(request), body.length);
        ofToken(request).ifPresent(token -> ofToken.append(token, body.length));
    }

    // Nothing where callers aren't known.
    private Optional<String> ofToken(ServerRequest request) {
        return Optional.of(caller(request))
                .filter(caller -> !caller.isAnybody())
                .map(Caller::id);
    }

    /// Has an answer end with its caller's time: within a second of when they expire or are revoked.
    ///
    /// @throws ProblemException 429 where they may have no more of them
    Watch watch(ServerRequest request, Presence presence) {
        Caller caller = caller(request);
        String address = addresses.of(request);
        ofAddress.follow(address);
        if (caller.isAnybody()) {
            return () -> ofAddress.leave(address);
        }
        try {
            ofToken.follow(caller.id());
        } catch (ProblemException e) {
            ofAddress.leave(address);
            throw e;
        }
        Watched one = new Watched(caller, presence);
        watched.add(one);
        return () -> {
            watched.remove(one);
            ofToken.leave(caller.id());
            ofAddress.leave(address);
        };
    }

    private void watch(Authenticator tokens) {
        while (!closed) {
            try {
                tokens.refresh();
            } catch (RuntimeException e) {
                // Whatever it was: without this thread nobody's time would end any more.
                LOG.log(Level.ERROR, "guard.refresh-failed", e);
            }
            for (Watched one : watched) {
                if (isOver(one.caller)) {
                    one.presence.expire();
                }
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
