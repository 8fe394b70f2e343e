package io.perennial.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.util.List;
import java.util.stream.Stream;

/// Why a request isn't answered as it hoped: `{"error": code, "message": sentence}` under a status.
///
/// @param code for programs, stable
/// @param message for people: names the input and the rule
record Problem(Status status, String code, String message, List<Header> headers) {
    Problem {
        headers = List.copyOf(headers);
    }

    static Problem of(Status status, String code, String message) {
        return new Problem(status, code, message, List.of());
    }

    static Problem badRequest(String code, String message) {
        return of(Status.BAD_REQUEST_400, code, message);
    }

    Problem with(Header header) {
        return new Problem(
                status,
                code,
                message,
                Stream.concat(headers.stream(), Stream.of(header)).toList());
    }

    Problem with(HeaderName name, Object value) {
        return with(HeaderValues.create(name, String.valueOf(value)));
    }

    byte[] body() {
        return JsonText.bytes(JsonText.object().add("error", code).add("message", message));
    }
}
