package io.perennial.http;

import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.eventstore.Append;
import io.perennial.eventstore.AppendOutcome;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Ending;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.Producer;
import io.perennial.eventstore.StreamKey;
import java.util.List;
import java.util.Optional;

/// `POST /v1/stream/{path}`: appends, closes, or both (protocol, sections 5.2 and 5.3).
final class AppendToStream {
    private final EventStore store;
    private final Guard guard;
    private final int bodyLimitBytes;

    AppendToStream(EventStore store, Guard guard, HttpConfig config) {
        this.store = store;
        this.guard = guard;
        this.bodyLimitBytes = config.bodyLimitBytes();
    }

    void handle(ServerRequest request, ServerResponse response) {
        StreamKey key = StreamPath.writable(request);
        byte[] body = guard.body(request, bodyLimitBytes);
        guard.admit(request, body);
        Append append = append(key, request.headers(), body);
        switch (store.append(append)) {
            case AppendOutcome.Appended(Offset _, Offset next, Ending ending) -> {
                boolean isNumbered = append.producer() instanceof Producer.Idempotent;
                if (append.producer() instanceof Producer.Idempotent numbered) {
                    ProducerHeaders.echo(response, numbered, numbered.seq());
                }
                boolean isNews = isNumbered && !append.events().isEmpty();
                answer(response, isNews ? Status.OK_200 : Status.NO_CONTENT_204, next, ending);
            }
            case AppendOutcome.Duplicate(Offset tail, Ending ending, long lastSeq) -> {
                ProducerHeaders.echo(response, append.producer(), lastSeq);
                answer(response, Status.NO_CONTENT_204, tail, ending);
            }
            case AppendOutcome.Rejected(var reason) -> Answers.send(request, response, StreamProblems.of(key, reason));
        }
    }

    private static void answer(ServerResponse response, Status status, Offset next, Ending ending) {
        response.status(status).header(Names.STREAM_NEXT_OFFSET, next.toString());
        if (ending == Ending.CLOSED) {
            response.header(Names.STREAM_CLOSED);
        }
        response.send();
    }

    private static Append append(StreamKey key, ServerRequestHeaders headers, byte[] body) {
        Append.Closing closing = StreamHeaders.closing(headers);
        Producer producer = ProducerHeaders.of(headers);
        if (body.length == 0 && closing == Append.Closing.STAY_OPEN) {
            throw new ProblemException(Problem.badRequest(
                    "EmptyBody", "the body is empty, which is only for closing a stream: Stream-Closed: true"));
        }
        // Clients put a content type on empty bodies, too; it means nothing there.
        Optional<ContentType> type = body.length == 0 ? Optional.empty() : StreamHeaders.contentType(headers);
        if (body.length > 0 && type.isEmpty()) {
            throw new ProblemException(
                    Problem.badRequest("MissingContentType", "Content-Type is missing: it has to be the stream's"));
        }
        List<byte[]> events = type.map(known -> StreamBody.events(known, body)).orElse(List.of());
        if (body.length > 0 && events.isEmpty()) {
            throw new ProblemException(
                    Problem.badRequest("EmptyBody", "the body is an empty JSON array, which holds no message"));
        }
        return new Append(
                key,
                type.orElse(ContentType.JSON),
                events,
                producer,
                StreamHeaders.writerSeq(headers),
                closing,
                Append.IfAbsent.REJECT);
    }
}
