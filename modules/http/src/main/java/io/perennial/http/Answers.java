package io.perennial.http;

import io.helidon.common.uri.UriInfo;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import jakarta.json.JsonValue;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Sends whole answers.
final class Answers {
    private static final byte[] NOTHING = new byte[0];

    private Answers() {}

    static boolean isHead(ServerRequest request) {
        return request.prologue().method().equals(Method.HEAD);
    }

    static boolean isRead(ServerRequest request) {
        return isHead(request) || request.prologue().method().equals(Method.GET);
    }

    /// The absolute URL of a path of this server, as the client calls it.
    static String url(ServerRequest request, String path) {
        UriInfo uri = request.requestedUri();
        return uri.scheme() + "://" + uri.authority() + path;
    }

    static void send(ServerRequest request, ServerResponse response, Problem problem) {
        problem.headers().stream()
                .filter(header -> Connections.isAllowed(request, header))
                .forEach(response::header);
        json(request, response, problem.status(), problem.body());
    }

    static void json(ServerRequest request, ServerResponse response, Status status, JsonValue json) {
        json(request, response, status, json.toString().getBytes(StandardCharsets.UTF_8));
    }

    static void json(ServerRequest request, ServerResponse response, Status status, byte[] json) {
        response.status(status);
        Connections.announce(request, response);
        response.header(Names.JSON).header(Names.NO_SNIFFING).header(Names.NO_STORE);
        // The length of what a GET would send; Helidon takes it as it is, and sends no body.
        response.contentLength(json.length);
        byte[] body = isHead(request) ? NOTHING : json;
        unlessGone(() -> response.send(body));
    }

    /// @param <E> what else it may fail with
    @FunctionalInterface
    interface Answer<E extends Exception> {
        void send() throws E;
    }

    /// A client that has gone before its answer is no failure, as which Helidon would log it.
    static <E extends Exception> void unlessGone(Answer<E> answer) throws E {
        try {
            answer.send();
        } catch (UncheckedIOException e) {
            throw new CloseConnectionException("the client has gone before its answer", e);
        }
    }
}
