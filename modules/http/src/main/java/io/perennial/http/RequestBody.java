package io.perennial.http;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// Reads a request's body, up to a limit.
final class RequestBody {
    private RequestBody() {}

    static byte[] read(ServerRequest request, int limitBytes) {
        if (request.headers().contentLength().orElse(0) > limitBytes) {
            throw tooLarge(limitBytes);
        }
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        try (InputStream in = request.content().inputStream()) {
            byte[] body = in.readNBytes(limitBytes);
            if (body.length == limitBytes && in.read() >= 0) {
                throw tooLarge(limitBytes);
            }
            return body;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProblemException tooLarge(int limitBytes) {
        return new ProblemException(Problem.of(
                Status.REQUEST_ENTITY_TOO_LARGE_413,
                "PayloadTooLarge",
                "the body is larger than " + limitBytes + " bytes, the limit of this server"));
    }
}
