package io.perennial.http;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.access.Permission;
import io.perennial.eventstore.Append;
import io.perennial.eventstore.AppendOutcome;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Ending;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.Producer;
import io.perennial.eventstore.Rejection;
import io.perennial.eventstore.WriterSeq;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `POST /stream/events?sessionId=S`: one JSON event, persisted, then published.
final class AppendEvent {
    private final EventStore store;
    private final Guard guard;
    private final int bodyLimitBytes;

    AppendEvent(EventStore store, Guard guard, HttpConfig config) {
        this.store = store;
        this.guard = guard;
        this.bodyLimitBytes = config.bodyLimitBytes();
    }

    void handle(ServerRequest request, ServerResponse response) {
        Session session = Session.of(Query.of(request));
        guard.require(request, Permission.APPEND, session.stream());
        Producer producer = ProducerHeaders.of(request.headers());
        byte[] body = guard.body(request, bodyLimitBytes);
        guard.admit(request, body);
        byte[] event = JsonText.value(body);
        Append append = new Append(
                session.stream(),
                ContentType.JSON,
                List.of(event),
                producer,
                WriterSeq.NONE,
                Append.Closing.STAY_OPEN,
                Append.IfAbsent.CREATE);
        switch (append(append, request)) {
            case AppendOutcome.Appended(Offset offset, Offset next, Ending _) -> {
                if (producer instanceof Producer.Idempotent numbered) {
                    ProducerHeaders.echo(response, producer, numbered.seq());
                }
                response.header(Names.STREAM_NEXT_OFFSET, next.toString());
                Answers.json(
                        request,
                        response,
                        Status.CREATED_201,
                        ("{\"offset\":\"" + offset + "\"}").getBytes(StandardCharsets.US_ASCII));
            }
            case AppendOutcome.Duplicate(Offset tail, Ending _, long lastSeq) -> {
                ProducerHeaders.echo(response, producer, lastSeq);
                response.status(Status.NO_CONTENT_204)
                        .header(Names.STREAM_NEXT_OFFSET, tail.toString())
                        .send();
            }
            case AppendOutcome.Rejected(var reason) ->
                Answers.send(request, response, SessionProblems.of(session, reason));
        }
    }

    // To create a stream takes a permission of its own, and is written down. Mostly it is there.
    private AppendOutcome append(Append append, ServerRequest request) {
        if (guard.isOpen()) {
            return store.append(append);
        }
        AppendOutcome outcome = store.append(append.toExisting());
        if (!(outcome instanceof AppendOutcome.Rejected(Rejection.Absent _))) {
            return outcome;
        }
        guard.require(request, Permission.CREATE, append.stream());
        outcome = store.append(append);
        if (outcome instanceof AppendOutcome.Appended) {
            guard.created(request, append.stream());
        }
        return outcome;
    }
}
