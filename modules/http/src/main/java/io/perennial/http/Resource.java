package io.perennial.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.eventstore.StorageException;
import io.perennial.registry.RegistryException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What one path answers to each method: HEAD where there is GET, OPTIONS always, 405 with `Allow` to the others.
///
/// What a handler throws is answered here, and not by the server around it, which would drop the headers that a page of
/// another origin needs to be told.
final class Resource implements Handler {
    /// RFC 4918, section 11.5; Helidon has no name for it.
    static final Status INSUFFICIENT_STORAGE = Status.create(507, "Insufficient Storage");

    private static final Logger LOG = System.getLogger(Resource.class.getName());

    private final Guard guard;
    private final Map<Method, Handler> handlers = new LinkedHashMap<>();
    private final List<Header> headers;

    /// @param headers what every answer has
    Resource(Guard guard, Header... headers) {
        this.guard = guard;
        this.headers = List.of(headers);
    }

    Resource get(Rule rule, Handler handler) {
        return getOnly(rule, handler).head(rule, handler);
    }

    /// For a GET whose HEAD is another question.
    Resource head(Rule rule, Handler handler) {
        return put(Method.HEAD, rule, handler);
    }

    Resource put(Rule rule, Handler handler) {
        return put(Method.PUT, rule, handler);
    }

    /// For live answers, which have no length to tell a HEAD.
    Resource getOnly(Rule rule, Handler handler) {
        return put(Method.GET, rule, handler);
    }

    Resource post(Rule rule, Handler handler) {
        return put(Method.POST, rule, handler);
    }

    Resource delete(Rule rule, Handler handler) {
        return put(Method.DELETE, rule, handler);
    }

    private Resource put(Method method, Rule rule, Handler handler) {
        handlers.put(method, (request, response) -> {
            rule.require(guard, request);
            handler.handle(request, response);
        });
        return this;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws Exception {
        response.header(Names.NO_SNIFFING);
        headers.forEach(response::header);
        Answers.unlessGone(() -> answerOrExplain(request, response));
    }

    private void answerOrExplain(ServerRequest request, ServerResponse response) throws Exception {
        try {
            answer(request, response);
        } catch (ProblemException e) {
            guard.refused(request, e.problem());
            Answers.send(request, response, e.problem());
        } catch (StorageException e) {
            Answers.send(request, response, failure(e));
        } catch (RegistryException e) {
            Answers.send(request, response, failure(e));
        }
    }

    private static Problem failure(StorageException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e) {
            case StorageException.OutcomeUnknown _ ->
                Problem.of(Status.SERVICE_UNAVAILABLE_503, "OutcomeUnknown", message);
            case StorageException.DiskFull _ -> Problem.of(INSUFFICIENT_STORAGE, "DiskFull", message);
            default -> Problem.of(Status.INTERNAL_SERVER_ERROR_500, "StorageFailed", message);
        };
    }

    private static Problem failure(RegistryException e) {
        LOG.log(Level.WARNING, "registry.failed reason=" + e.getMessage());
        return Problem.of(Status.INTERNAL_SERVER_ERROR_500, "RegistryFailed", String.valueOf(e.getMessage()));
    }

    private void answer(ServerRequest request, ServerResponse response) throws Exception {
        Method method = request.prologue().method();
        Handler handler = handlers.get(method);
        guard.admitUnnamed(request);
        if (handler != null) {
            guard.admitNamed(request);
            handler.handle(request, response);
        } else if (method.equals(Method.OPTIONS)) {
            response.status(Status.NO_CONTENT_204)
                    .header(HeaderNames.ALLOW, allowed())
                    .send();
        } else {
            throw new ProblemException(Problem.of(
                            Status.METHOD_NOT_ALLOWED_405,
                            "MethodNotAllowed",
                            request.path().path() + " doesn't take " + method.text() + ", only " + allowed())
                    .with(HeaderNames.ALLOW, allowed()));
        }
    }

    private String allowed() {
        return String.join(", ", handlers.keySet().stream().map(Method::text).toList()) + ", OPTIONS";
    }
}
