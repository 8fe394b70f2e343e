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
import io.perennial.eventstore.HeadOutcome;
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
        Producer producer = ProducerHeaders.of(request.headers());
        byte[] body = RequestBody.read(request, bodyLimitBytes);
        guard.admit(request, body);
        byte[] event = JsonText.value(body);
        boolean mayCreate = guard.caller(request).may(Permission.CREATE, session.stream());
        Append append = new Append(
                session.stream(),
                ContentType.JSON,
                List.of(event),
                producer,
                WriterSeq.NONE,
                Append.Closing.STAY_OPEN,
                mayCreate ? Append.IfAbsent.CREATE : Append.IfAbsent.REJECT);
        boolean isNew = !guard.isOpen() && store.head(session.stream()) instanceof HeadOutcome.Absent;
        switch (store.append(append)) {
            case AppendOutcome.Appended(Offset offset, Offset next, Ending _) -> {
                if (isNew) {
                    guard.created(request, session.stream());
                }
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
            case AppendOutcome.Rejected(Rejection.Absent _) ->
                throw guard.denied(request, Permission.CREATE, session.stream().path());
            case AppendOutcome.Rejected(var reason) ->
                Answers.send(request, response, SessionProblems.of(session, reason));
        }
    }
}
