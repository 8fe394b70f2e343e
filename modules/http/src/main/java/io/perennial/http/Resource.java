package io.perennial.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/// What one path answers to each method: HEAD where there is GET, OPTIONS always, 405 with `Allow` to the others.
final class Resource implements Handler {
    private final Map<Method, Handler> handlers = new LinkedHashMap<>();

    Resource get(Handler handler) {
        handlers.put(Method.GET, handler);
        handlers.put(Method.HEAD, handler);
        return this;
    }

    /// For live answers, which have no length to tell a HEAD.
    Resource getOnly(Handler handler) {
        handlers.put(Method.GET, handler);
        return this;
    }

    Resource post(Handler handler) {
        handlers.put(Method.POST, handler);
        return this;
    }

    Resource delete(Handler handler) {
        handlers.put(Method.DELETE, handler);
        return this;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws Exception {
        Method method = request.prologue().method();
        Handler handler = handlers.get(method);
        if (handler != null) {
            handler.handle(request, response);
        } else if (method.equals(Method.OPTIONS)) {
            response.status(Status.NO_CONTENT_204)
                    .header(HeaderNames.ALLOW, allowed())
                    .send();
        } else {
            Answers.send(
                    request,
                    response,
                    Problem.of(
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
