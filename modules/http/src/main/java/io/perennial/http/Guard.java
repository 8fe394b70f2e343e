package io.perennial.http;

import io.helidon.http.Header;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.ServerRequest;
import io.perennial.access.Authenticator;
import io.perennial.access.Caller;
import io.perennial.access.Links;
import io.perennial.access.Permission;
import io.perennial.eventstore.StreamGlob;
import io.perennial.eventstore.StreamKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Lets nobody in where they don't belong. Safe for use by many threads; to be closed after the server.
public final class Guard implements AutoCloseable {
    private static final Set<Status> REFUSALS = Set.of(Status.FORBIDDEN_403, Status.TOO_MANY_REQUESTS_429);
    private static final String DENIED = "Forbidden";

    private final Optional<Known> known;
    private final Optional<Links> links;
    private final Allowance allowance;
    private final KnownHosts hosts;

    // What there is where callers are known.
    private record Known(Identification identification, Vigil vigil, Audit audit, Concealment concealment) {}

    /// What somebody is told who may not do something.
    public enum Concealment {
        /// 403, and the permission that is missing.
        TOLD,
        /// 404, as if it weren't there.
        CONCEALED
    }

    private Guard(Optional<Known> known, Optional<Links> links, Allowance allowance, KnownHosts hosts) {
        this.known = known;
        this.links = links;
        this.allowance = allowance;
        this.hosts = hosts;
    }

    /// Everybody may do everything, and needn't say who they are.
    public static Guard open() {
        return new Guard(
                Optional.empty(),
                Optional.empty(),
                new Allowance(CallerLimits.NONE, ClientAddress.behind(CallerLimits.NONE)),
                KnownHosts.ANY);
    }

    /// The same within limits, and makes links all the same, so that a program needn't know which kind of server it
    /// talks to.
    ///
    /// A page of another site can have its own domain point to this machine, and would be taken for a page of this
    /// server.
    ///
    /// @param hosts the names by which it may be called besides `localhost` and addresses; by any where it is empty
    public static Guard open(Links links, CallerLimits limits, Optional<Set<String>> hosts) {
        return new Guard(
                Optional.empty(),
                Optional.of(links),
                new Allowance(limits, ClientAddress.behind(limits)),
                new KnownHosts(hosts));
    }

    /// Whoever comes says who they are, or has a link, and does what they may.
    public static Guard closed(
            Authenticator authenticator,
            Links links,
            Concealment concealment,
            CallerLimits limits,
            InstantSource clock) {
        ClientAddress addresses = ClientAddress.behind(limits);
        Audit audit = new Audit(clock, addresses);
        Identification identification = new Identification(authenticator, links, audit, clock);
        Known known = new Known(identification, Vigil.begin(identification), audit, concealment);
        return new Guard(Optional.of(known), Optional.of(links), new Allowance(limits, addresses), KnownHosts.ANY);
    }

    boolean isOpen() {
        return known.isEmpty();
    }

    /// What nobody changes any more may be kept for a while, where everybody may read everything. Otherwise a cache
    /// asks each time, since its reader may be another, or be allowed no longer.
    Header shortCache() {
        return isOpen() ? Names.SHORT_CACHE : Names.NO_CACHE;
    }

    /// Who asks.
    ///
    /// @throws ProblemException 401 where nobody knows them
    Caller caller(ServerRequest request) {
        return known.map(who -> request.context().get(Caller.class).orElseGet(() -> {
                    Caller caller = who.identification.of(request);
                    request.context().register(caller);
                    return caller;
                }))
                .orElse(Caller.ANYBODY);
    }

    /// Writes down that somebody was refused of whom nothing is known.
    void refusedUnnamed(ServerRequest request, String reason) {
        known.ifPresent(who -> who.audit.refused(request, "", Status.UNAUTHORIZED_401.code(), reason));
    }

    /// Writes down what was refused, where nothing did it before: whatever has to do with who asks, but for
    /// permissions.
    void refused(ServerRequest request, Problem problem) {
        if (REFUSALS.contains(problem.status()) && !problem.code().equals(DENIED)) {
            known.ifPresent(who -> who.audit.refused(
                    request,
                    request.context().get(Caller.class).map(Caller::name).orElse(""),
                    problem.status().code(),
                    problem.message()));
        }
    }

    /// Whether somebody, by the id of a [Caller], may still be there. Everybody is where nobody has to be known.
    public boolean mayBeThere(String id) {
        return known.map(who -> who.identification.mayBeThere(id)).orElse(true);
    }

    /// Where links are made.
    Optional<Links> links() {
        return links;
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
        return denied(request, path, "the permission " + permission.text() + ":" + path + " is missing");
    }

    /// The same, for another reason.
    ProblemException denied(ServerRequest request, String path, String reason) {
        known.ifPresent(who -> who.audit.refused(request, caller(request).name(), Status.FORBIDDEN_403.code(), reason));
        boolean isConcealed =
                known.filter(who -> who.concealment == Concealment.CONCEALED).isPresent();
        return new ProblemException(
                isConcealed
                        ? Problem.of(Status.NOT_FOUND_404, "NotFound", "there is nothing at " + path)
                        : Problem.of(Status.FORBIDDEN_403, DENIED, reason));
    }

    /// Writes down that a stream was created, where callers are known.
    void created(ServerRequest request, StreamKey stream) {
        known.ifPresent(who -> who.audit.created(request, caller(request), stream));
    }

    /// The same of one that was deleted.
    void deleted(ServerRequest request, StreamKey stream) {
        known.ifPresent(who -> who.audit.deleted(request, caller(request), stream));
    }

    /// For what others serve beside the routes of [PerennialRouting], which look after themselves: whoever asks for
    /// anything else has to be known.
    ///
    /// @param free what needs no caller; with a slash at its end, whatever lies below
    /// @param operated what takes the permission `admin`, and its name there; whatever begins so
    public Filter elsewhere(List<String> free, Map<String, String> operated) {
        return (chain, request, response) -> {
            try {
                hosts.require(request);
                if (!isOpen()) {
                    requireElsewhere(request, free, operated);
                }
            } catch (ProblemException e) {
                refused(request, e.problem());
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
        if (isTheirs || (seen.equals(sent) && free.stream().anyMatch(path -> isAt(path, seen)))) {
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
        allowance.request(request);
        allowance.request(caller(request));
    }

    /// The same, of whoever may bring no token of ours.
    void admitUnnamed(ServerRequest request) {
        allowance.request(request);
    }

    /// The same request, once it has to have a name.
    ///
    /// @throws ProblemException 401 or 429
    void admitNamed(ServerRequest request) {
        allowance.request(caller(request));
    }

    /// Reads a request's body, which may take long: whoever's time is over by its end has nothing done with it.
    ///
    /// @throws ProblemException 401, or what is wrong with the body
    byte[] body(ServerRequest request, int limitBytes) {
        byte[] body = RequestBody.read(request, limitBytes);
        known.filter(who -> who.identification.isOver(caller(request))).ifPresent(who -> {
            throw new ProblemException(who.identification.over(request));
        });
        return body;
    }

    /// Takes the bytes of a body in, likewise.
    void admit(ServerRequest request, byte[] body) {
        if (allowance.isBounded()) {
            allowance.append(request, caller(request), body);
        }
    }

    /// Has an answer that stays open end with its caller's time: within a second of when they expire or are revoked.
    ///
    /// @throws ProblemException 429 where they may have no more of them
    Vigil.Watch watch(ServerRequest request, Presence presence) {
        Caller caller = caller(request);
        Vigil.Watch counted = allowance.follow(request, caller);
        return known.<Vigil.Watch>map(who -> {
                    Vigil.Watch watched = who.vigil.over(caller, presence);
                    return () -> {
                        watched.close();
                        counted.close();
                    };
                })
                .orElse(counted);
    }

    /// What somebody is told whose time ended while they waited.
    Problem over(ServerRequest request) {
        return known.orElseThrow().identification.over(request);
    }

    @Override
    public void close() {
        known.ifPresent(who -> who.vigil.end());
    }
}
