package io.perennial.http;

import io.helidon.common.uri.UriPath;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.ClaimOutcome;
import io.perennial.subscriptions.GetOutcome;
import io.perennial.subscriptions.LinkOutcome;
import io.perennial.subscriptions.PutOutcome;
import io.perennial.subscriptions.SubscriptionId;
import io.perennial.subscriptions.SubscriptionSpec;
import io.perennial.subscriptions.SubscriptionView;
import io.perennial.subscriptions.Subscriptions;
import jakarta.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything below `/v1/stream/__ds`: subscriptions and the keys that their webhooks are signed with.
///
/// It is one handler that reads the path as it was sent, since a stream's path in it may hold slashes, escaped
/// or not. Errors have the protocol's own shape here, whoever finds them.
final class Control {
    private static final String ROOT = StreamPath.PREFIX + StreamPath.RESERVED;
    private static final String KEY_SET = ROOT + "/jwks.json";
    private static final String SUBSCRIPTIONS = ROOT + "/subscriptions/";

    private final Subscriptions subscriptions;
    private final Guard guard;
    private final SubscriptionRights rights;
    private final WakeReports reports;
    private final Header embedding;
    private final int bodyLimitBytes;

    /// What one path does for one method.
    @FunctionalInterface
    private interface Operation {
        void handle(ServerRequest request, ServerResponse response);
    }

    /// @param embedding what every answer has
    Control(Subscriptions subscriptions, Guard guard, HttpConfig config, Header embedding) {
        this.subscriptions = subscriptions;
        this.guard = guard;
        this.rights = new SubscriptionRights(guard);
        this.reports = new WakeReports(subscriptions, guard, config.bodyLimitBytes());
        this.embedding = embedding;
        this.bodyLimitBytes = config.bodyLimitBytes();
    }

    /// Matches the control paths, which are no streams'.
    static PathMatcher matcher() {
        return new PathMatcher() {
            @Override
            public PathMatchers.MatchResult match(UriPath path) {
                String raw = path.rawPath();
                return raw.equals(ROOT) || raw.startsWith(ROOT + "/")
                        ? PathMatchers.any().match(path)
                        : PathMatchers.MatchResult.notAccepted();
            }

            @Override
            public PathMatchers.PrefixMatchResult prefixMatch(UriPath path) {
                return PathMatchers.PrefixMatchResult.notAccepted();
            }
        };
    }

    void handle(ServerRequest request, ServerResponse response) {
        response.header(embedding).header(Names.NO_SNIFFING);
        Answers.unlessGone(() -> answer(request, response));
    }

    private void answer(ServerRequest request, ServerResponse response) {
        try {
            guard.admitUnnamed(request);
            refuseOtherOrigins(request);
            dispatch(operations(request.prologue().uriPath().rawPath()), request, response);
        } catch (ControlProblem.Found e) {
            e.problem().send(request, response);
        } catch (SubscriptionRights.DeniedException e) {
            rights.denied(e, request).send(request, response);
        } catch (ProblemException e) {
            guard.refused(request, e.problem());
            ControlProblem.of(e.problem()).send(request, response);
        } catch (StorageException e) {
            ControlProblems.of(e).send(request, response);
        }
    }

    /// A page need not be allowed to read an answer to send a POST: it claims, or links streams, unasked.
    private void refuseOtherOrigins(ServerRequest request) {
        RequestOrigin.otherNamed(request).ifPresent(origin -> {
            String message = "pages of other origins have no say in subscriptions, and so not those of " + origin;
            guard.refused(request, Problem.of(Status.FORBIDDEN_403, "OriginNotAllowed", message));
            throw new ControlProblem.Found(ControlProblem.of(Status.FORBIDDEN_403, "ORIGIN_NOT_ALLOWED", message));
        });
    }

    private static void dispatch(Map<Method, Operation> operations, ServerRequest request, ServerResponse response) {
        Method method = request.prologue().method();
        Operation operation = operations.get(method);
        String allowed =
                String.join(", ", operations.keySet().stream().map(Method::text).toList()) + ", OPTIONS";
        if (operation != null) {
            operation.handle(request, response);
        } else if (method.equals(Method.OPTIONS)) {
            response.status(Status.NO_CONTENT_204)
                    .header(HeaderNames.ALLOW, allowed)
                    .send();
        } else {
            throw new ControlProblem.Found(ControlProblem.notAllowed(allowed));
        }
    }

    /// What the path does.
    private Map<Method, Operation> operations(String path) {
        if (path.equals(KEY_SET)) {
            return reading((request, response) -> ControlAnswers.keySet(request, response, subscriptions.keys()));
        }
        if (!path.startsWith(SUBSCRIPTIONS)) {
            throw nothing(path);
        }
        String[] parts = path.substring(SUBSCRIPTIONS.length()).split("/", 3);
        SubscriptionId id = id(parts[0]);
        if (parts.length == 1) {
            Map<Method, Operation> operations = reading(known((request, response) -> get(id, request, response)));
            operations.put(Method.PUT, known((request, response) -> put(id, request, response)));
            operations.put(Method.DELETE, known((request, response) -> delete(id, request, response)));
            return operations;
        }
        if (parts.length == 3) {
            if (!parts[1].equals("streams") || parts[2].isEmpty()) {
                throw nothing(path);
            }
            return Map.of(Method.DELETE, known((request, response) -> unlink(id, parts[2], request, response)));
        }
        Operation operation = switch (parts[1]) {
            case "streams" -> known((request, response) -> link(id, request, response));
            case "claim" -> known((request, response) -> claim(id, request, response));
            // These bring the token that came with their wake.
            case "callback" -> (request, response) -> reports.callback(id, request, response);
            case "ack" -> (request, response) -> reports.ack(id, request, response);
            case "release" -> (request, response) -> reports.release(id, request, response);
            default -> throw nothing(path);
        };
        return Map.of(Method.POST, operation);
    }

    // Who isn't known learns nothing.
    private Operation known(Operation operation) {
        return (request, response) -> {
            guard.admitNamed(request);
            operation.handle(request, response);
        };
    }

    private static Map<Method, Operation> reading(Operation get) {
        Map<Method, Operation> operations = new LinkedHashMap<>();
        operations.put(Method.GET, get);
        operations.put(Method.HEAD, get);
        return operations;
    }

    private static ControlProblem.Found nothing(String path) {
        return new ControlProblem.Found(
                ControlProblem.of(Status.NOT_FOUND_404, "NOT_FOUND", "there is nothing at " + path));
    }

    private static SubscriptionId id(String encoded) {
        String id = decoded("the subscription's id", encoded);
        if (!SubscriptionId.isOne(id)) {
            throw ControlRequests.wrong("a subscription's id has 1 to 128 of A-Z a-z 0-9 - . _ ~ : @");
        }
        return new SubscriptionId(id);
    }

    private static String decoded(String name, String encoded) {
        return encoded.isEmpty() ? "" : Query.decode(name, encoded.replace("+", "%2B"));
    }

    private void put(SubscriptionId id, ServerRequest request, ServerResponse response) {
        SubscriptionSpec spec = ControlRequests.spec(body(request));
        rights.require(spec, request);
        String owner = guard.caller(request).id();
        switch (subscriptions.put(id, spec, owner, rights.of(request))) {
            case PutOutcome.Created(SubscriptionView view) -> show(view, Status.CREATED_201, request, response);
            case PutOutcome.Confirmed(SubscriptionView view) -> show(view, Status.OK_200, request, response);
            case PutOutcome.Refused why -> ControlProblems.of(why).send(request, response);
        }
    }

    private void get(SubscriptionId id, ServerRequest request, ServerResponse response) {
        switch (subscriptions.get(id)) {
            case GetOutcome.Found(SubscriptionView view) -> {
                rights.of(request).pass(view);
                show(view, Status.OK_200, request, response);
            }
            case GetOutcome.Unknown _ -> ControlProblems.unknown().send(request, response);
        }
    }

    private void show(SubscriptionView view, Status status, ServerRequest request, ServerResponse response) {
        JsonObject json =
                ControlAnswers.subscription(view, subscriptions.keys().getLast(), subscriptions.url() + KEY_SET);
        Answers.json(request, response, status, json);
    }

    private void delete(SubscriptionId id, ServerRequest request, ServerResponse response) {
        try {
            subscriptions.delete(id, rights.of(request));
        } catch (SubscriptionRights.DeniedException e) {
            ControlProblem problem = rights.denied(e, request);
            // One that they aren't told of is removed as quietly as one that there isn't.
            if (!problem.status().equals(Status.NOT_FOUND_404)) {
                problem.send(request, response);
                return;
            }
        }
        ControlAnswers.done(response);
    }

    private void link(SubscriptionId id, ServerRequest request, ServerResponse response) {
        List<StreamKey> streams = ControlRequests.streams(body(request));
        streams.forEach(stream -> rights.require(stream, request));
        linked(subscriptions.link(id, streams, rights.of(request)), request, response);
    }

    private void unlink(SubscriptionId id, String encoded, ServerRequest request, ServerResponse response) {
        StreamKey stream = ControlRequests.stream("streams", decoded("the stream's path", encoded));
        linked(subscriptions.unlink(id, stream, rights.of(request)), request, response);
    }

    private static void linked(LinkOutcome outcome, ServerRequest request, ServerResponse response) {
        switch (outcome) {
            case LinkOutcome.Linked _ -> ControlAnswers.done(response);
            case LinkOutcome.Refused why -> ControlProblems.of(why).send(request, response);
        }
    }

    private void claim(SubscriptionId id, ServerRequest request, ServerResponse response) {
        String worker = ControlRequests.worker(body(request));
        String claimer = guard.caller(request).id();
        switch (subscriptions.claim(id, worker, claimer, rights.of(request))) {
            case ClaimOutcome.Claimed claimed ->
                Answers.json(request, response, Status.OK_200, ControlAnswers.claimed(claimed));
            case ClaimOutcome.Refused(var why) -> ControlProblems.of(why).send(request, response);
        }
    }

    private JsonObject body(ServerRequest request) {
        return JsonText.object(guard.body(request, bodyLimitBytes));
    }
}
