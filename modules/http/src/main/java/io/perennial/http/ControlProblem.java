package io.perennial.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;

/// Why a request below `__ds` isn't answered as it hoped, in the protocol's own shape:
/// `{"error": {"code": CODE, "message": sentence}}`.
///
/// @param error what is in it besides the code and the message
record ControlProblem(Status status, String code, String message, JsonObject error, List<Header> headers) {
    static ControlProblem of(Status status, String code, String message) {
        return new ControlProblem(status, code, message, JsonValue.EMPTY_JSON_OBJECT, List.of());
    }

    static ControlProblem conflict(String code, String message) {
        return of(Status.CONFLICT_409, code, message);
    }

    static ControlProblem invalid(String message) {
        return of(Status.BAD_REQUEST_400, "INVALID_REQUEST", message);
    }

    static ControlProblem unauthorized(String code, String message) {
        return of(Status.UNAUTHORIZED_401, code, message)
                .with(HeaderValues.create(HeaderNames.WWW_AUTHENTICATE, "Bearer"));
    }

    static ControlProblem notAllowed(String allowed) {
        return of(Status.METHOD_NOT_ALLOWED_405, "METHOD_NOT_ALLOWED", "this takes only " + allowed)
                .with(HeaderValues.create(HeaderNames.ALLOW, allowed));
    }

    /// What a parser that is shared with the other faces has found.
    static ControlProblem of(Problem problem) {
        String code = switch (problem.status().code()) {
            case 401 -> "UNAUTHORIZED";
            case 403 -> "FORBIDDEN";
            case 404 -> "NOT_FOUND";
            case 413 -> "PAYLOAD_TOO_LARGE";
            case 429 -> "TOO_MANY_REQUESTS";
            default -> "INVALID_REQUEST";
        };
        return new ControlProblem(
                problem.status(), code, problem.message(), JsonValue.EMPTY_JSON_OBJECT, problem.headers());
    }

    ControlProblem with(Header header) {
        return new ControlProblem(status, code, message, error, List.of(header));
    }

    ControlProblem with(JsonObject more) {
        return new ControlProblem(status, code, message, more, headers);
    }

    void send(ServerRequest request, ServerResponse response) {
        JsonObjectBuilder shown =
                JsonText.provider().createObjectBuilder(error).add("code", code).add("message", message);
        headers.stream()
                .filter(header -> Connections.isAllowed(request, header))
                .forEach(response::header);
        Answers.json(
                request, response, status, JsonText.object().add("error", shown).build());
    }

    /// Thrown by whoever finds it.
    static final class Found extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient ControlProblem problem;

        Found(ControlProblem problem) {
            super(problem.message(), null, false, false);
            this.problem = problem;
        }

        ControlProblem problem() {
            return problem;
        }
    }
}
