package io.perennial.http;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.eventstore.Ending;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.Page;
import io.perennial.eventstore.ReadFrom;
import io.perennial.eventstore.ReadOutcome;
import io.perennial.eventstore.StreamInfo;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// `GET /stream/events?sessionId=S&offset=O`: what happened since, as one page; with `live=true` what happens from then
/// on, too. `stream=PATH` in place of the session reads any other stream.
final class ReadEvents {
    private static final byte[] EMPTY = "[]".getBytes(StandardCharsets.US_ASCII);

    private final EventStore store;
    private final int pageBytes;
    private final FollowEvents follow;

    ReadEvents(EventStore store, HttpConfig config, Live live) {
        this.store = store;
        this.pageBytes = config.pageBytes();
        this.follow = new FollowEvents(store, config, live);
    }

    void handle(ServerRequest request, ServerResponse response) {
        Query query = Query.of(request);
        Session session = Session.toRead(query);
        Optional<ReadFrom> lastEventId = Position.lastEventId(request);
        ReadFrom offset = Position.of(query).orElse(ReadFrom.START);
        // A HEAD asks what a GET would say now, and not for ever.
        if (isLive(query) && !Answers.isHead(request)) {
            follow.handle(session, offset, lastEventId, request, response);
        } else {
            catchUp(session, lastEventId.orElse(offset), request, response);
        }
    }

    private static boolean isLive(Query query) {
        return switch (query.value("live").orElse("false")) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new ProblemException(
                        Problem.badRequest("InvalidParameter", "the parameter live is true or false"));
        };
    }

    private void catchUp(Session session, ReadFrom from, ServerRequest request, ServerResponse response) {
        Transit transit = Presence.of(request).transit();
        switch (store.read(session.stream(), from, transit.page(pageBytes))) {
            case ReadOutcome.Read(StreamInfo stream, Page page) -> {
                if (!session.takes(stream.contentType())) {
                    Answers.send(request, response, SessionProblems.notJson(session, stream.contentType()));
                    return;
                }
                response.header(Names.STREAM_NEXT_OFFSET, page.next().toString());
                response.header(page.ending() == Ending.MORE ? Names.NOT_UP_TO_DATE : Names.UP_TO_DATE);
                if (page.ending() == Ending.CLOSED) {
                    response.header(Names.STREAM_CLOSED);
                }
                transit.send(
                        page,
                        () -> Answers.json(
                                request,
                                response,
                                Status.OK_200,
                                page.encoded(
                                        SessionEncoding.of(stream.contentType()).array())));
            }
            case ReadOutcome.Absent _ -> {
                response.header(Names.STREAM_NEXT_OFFSET, "-1").header(Names.UP_TO_DATE);
                Answers.json(request, response, Status.OK_200, EMPTY);
            }
            case ReadOutcome.SoftDeleted _ -> Answers.send(request, response, SessionProblems.deleted(session));
            case ReadOutcome.Trimmed(Offset earliest) ->
                Answers.send(request, response, SessionProblems.trimmed(session, earliest));
        }
    }
}
