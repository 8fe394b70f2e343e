package io.perennial.http;

import io.helidon.webserver.http.ServerRequest;
import io.perennial.eventstore.MalformedOffsetException;
import io.perennial.eventstore.ReadFrom;
import java.util.List;
import java.util.Optional;

/// Where a request begins to read, the same on both faces.
final class Position {
    private Position() {}

    /// The parameter `offset`, where it was given.
    static Optional<ReadFrom> offset(Query query) {
        return query.value("offset").map(text -> parse("offset", text));
    }

    /// What a client that comes back has seen, which an `EventSource` says beside the offset that it began with.
    static Optional<ReadFrom> lastEventId(ServerRequest request) {
        List<String> ids = request.headers().all(Names.LAST_EVENT_ID, List::of);
        if (ids.size() > 1) {
            throw new ProblemException(
                    Problem.badRequest("InvalidOffset", "the header Last-Event-ID is given more than once"));
        }
        return ids.stream().filter(id -> !id.isEmpty()).findFirst().map(id -> parse("Last-Event-ID", id));
    }

    private static ReadFrom parse(String name, String text) {
        try {
            return ReadFrom.parse(text);
        } catch (MalformedOffsetException e) {
            throw new ProblemException(Problem.badRequest("InvalidOffset", name + ": " + e.getMessage()));
        }
    }
}
