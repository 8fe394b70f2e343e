package io.perennial.http;

import io.helidon.webserver.http.ServerRequest;
import io.perennial.eventstore.MalformedOffsetException;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.ReadFrom;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where a request begins to read, the same on both faces.
final class Position {
    private Position() {}

    /// The parameter `offset`, `since` (a moment as by RFC 3339, such as `2026-11-26T12:00:00Z`) or `last` (a number of
    /// events), where one was given.
    static Optional<ReadFrom> of(Query query) {
        List<ReadFrom> given = Stream.of(
                        query.value("offset").map(text -> parse("offset", text)),
                        query.value("since").map(Position::since),
                        query.value("last").map(Position::last))
                .flatMap(Optional::stream)
                .toList();
        if (given.size() > 1) {
            throw new ProblemException(Problem.badRequest(
                    "InvalidParameter", "offset, since and last each say where a read begins: give one of them"));
        }
        return given.stream().findFirst();
    }

    private static ReadFrom since(String text) {
        try {
            return new ReadFrom.At(Offset.since(OffsetDateTime.parse(text).toInstant()));
        } catch (DateTimeParseException | IllegalArgumentException e) {
            throw new ProblemException(Problem.badRequest(
                    "InvalidParameter",
                    "the parameter since is a moment after 1970 as by RFC 3339, such as 2026-11-26T12:00:00Z, and not "
                            + text));
        }
    }

    private static ReadFrom last(String text) {
        try {
            return new ReadFrom.Last(Integer.parseInt(text));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.badRequest(
                    "InvalidParameter",
                    "the parameter last is a number of events from 1 to " + ReadFrom.Last.MOST + ", and not " + text));
        }
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
