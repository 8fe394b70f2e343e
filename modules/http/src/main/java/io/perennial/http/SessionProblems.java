package io.perennial.http;

import io.helidon.http.Status;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.Rejection;

/// What the session face answers to whatever doesn't work, in one place.
final class SessionProblems {
    private SessionProblems() {}

    static Problem of(Session session, Rejection reason) {
        return switch (reason) {
            case Rejection.Absent _ ->
                Problem.of(Status.NOT_FOUND_404, "UnknownSession", "there is no session " + session.id());
            case Rejection.SoftDeleted _ -> deleted(session);
            case Rejection.Closed(Offset tail) -> closed(session, tail);
            case Rejection.OtherContentType(ContentType expected) -> notJson(session, expected);
            case Rejection.SequenceRegressed(String last) ->
                Problem.of(Status.CONFLICT_409, "SequenceRegressed", "the last writer's sequence was " + last);
            case Rejection.OfProducer number -> ProducerProblems.of(number);
            case Rejection.Busy _ -> StreamProblems.busy();
        };
    }

    static Problem closed(Session session, Offset tail) {
        return Problem.of(
                        Status.CONFLICT_409,
                        "SessionClosed",
                        "the session " + session.id() + " is closed and takes no more events")
                .with(Names.STREAM_CLOSED)
                .with(Names.STREAM_NEXT_OFFSET, tail);
    }

    static Problem notJson(Session session, ContentType found) {
        return Problem.of(
                Status.CONFLICT_409,
                "SessionNotJson",
                "the stream of session " + session.id() + " holds " + found.value() + ", and a session holds JSON");
    }

    static Problem deleted(Session session) {
        return Problem.of(
                Status.GONE_410,
                "SessionDeleted",
                "the session " + session.id() + " was deleted and is kept only for its forks");
    }

    static Problem trimmed(Session session, Offset earliest) {
        return Problem.of(
                        Status.GONE_410,
                        "EventsTrimmed",
                        "events of session " + session.id() + " from there on were dropped by retention: the earliest"
                                + " that is left is at " + earliest)
                .with(Names.STREAM_EARLIEST_OFFSET, earliest);
    }

    static Problem tooManyFollowers() {
        return Problem.of(
                        Status.SERVICE_UNAVAILABLE_503,
                        "TooManyFollowers",
                        "as many clients follow as this server allows: try again in a moment")
                .with(Names.RETRY_AFTER_A_SECOND);
    }
}
