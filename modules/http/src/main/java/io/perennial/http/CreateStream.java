package io.perennial.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.access.Permission;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Create;
import io.perennial.eventstore.CreateOutcome;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.HeadOutcome;
import io.perennial.eventstore.MalformedOffsetException;
import io.perennial.eventstore.ReadFrom;
import io.perennial.eventstore.StreamInfo;
import io.perennial.eventstore.StreamKey;
import java.util.List;
import java.util.Optional;

/// `PUT /v1/stream/{path}`: makes sure that a stream exists, fresh or as a fork (protocol, sections 4.2 and 5.1).
final class CreateStream {
    private static final ContentType BYTES = new ContentType("application/octet-stream");
    // What the reference calls the start of a stream, and clients have learnt from it.
    private static final String ZERO = "0000000000000000_0000000000000000";

    private final EventStore store;
    private final Guard guard;
    private final int bodyLimitBytes;

    CreateStream(EventStore store, Guard guard, HttpConfig config) {
        this.store = store;
        this.guard = guard;
        this.bodyLimitBytes = config.bodyLimitBytes();
    }

    void handle(ServerRequest request, ServerResponse response) {
        StreamKey key = StreamPath.writable(request);
        ServerRequestHeaders headers = request.headers();
        Create.Origin origin = origin(headers);
        if (origin instanceof Create.Fork fork) {
            guard.require(request, Permission.READ, fork.source());
        }
        byte[] body = guard.body(request, bodyLimitBytes);
        guard.admit(request, body);
        Create create = new Create(
                key,
                origin,
                StreamHeaders.lifetime(headers),
                StreamHeaders.retention(headers),
                StreamHeaders.closing(headers),
                body.length == 0 ? List.of() : StreamBody.events(type(origin), body));
        switch (store.create(create)) {
            case CreateOutcome.Created(StreamInfo stream) -> {
                guard.created(request, key);
                response.status(Status.CREATED_201)
                        .header(HeaderNames.LOCATION, Answers.url(request, StreamPath.PREFIX + key));
                answer(response, stream);
            }
            case CreateOutcome.Existing(StreamInfo stream) -> {
                response.status(Status.OK_200);
                answer(response, stream);
            }
            case CreateOutcome.Refused refused -> Answers.send(request, response, StreamProblems.of(key, refused));
        }
    }

    private static void answer(ServerResponse response, StreamInfo stream) {
        StreamHeaders.describe(response, stream);
        response.header(Names.NO_STORE).send();
    }

    private static Create.Origin origin(ServerRequestHeaders headers) {
        Optional<ContentType> type = StreamHeaders.contentType(headers);
        Optional<String> source = StreamHeaders.single(headers, Names.STREAM_FORKED_FROM);
        Optional<String> at = StreamHeaders.single(headers, Names.STREAM_FORK_OFFSET);
        Optional<String> subOffset = StreamHeaders.single(headers, Names.STREAM_FORK_SUB_OFFSET);
        if (source.isEmpty()) {
            if (at.isPresent() || subOffset.isPresent()) {
                throw new ProblemException(Problem.badRequest(
                        "InvalidFork",
                        "Stream-Fork-Offset and Stream-Fork-Sub-Offset need the source: Stream-Forked-From"));
            }
            return new Create.Fresh(type.orElse(BYTES));
        }
        return new Create.Fork(
                StreamPath.key("Stream-Forked-From", source.get()),
                at.map(CreateStream::point).orElse(ReadFrom.TAIL),
                subOffset
                        .map(text -> StreamHeaders.number(Names.STREAM_FORK_SUB_OFFSET, text))
                        .orElse(0L),
                type.<Create.ForkType>map(Create.ForkType.Exactly::new).orElse(Create.ForkType.INHERITED));
    }

    private static ReadFrom point(String text) {
        try {
            ReadFrom point = text.equals(ZERO) ? ReadFrom.START : ReadFrom.parse(text);
            if (!(point instanceof ReadFrom.Tail)) {
                return point;
            }
        } catch (MalformedOffsetException _) {
            // Answered below like any other.
        }
        throw new ProblemException(Problem.badRequest(
                "InvalidOffset", "Stream-Fork-Offset is -1 or an offset that this server gave out, and not " + text));
    }

    // A fork that doesn't say its type has its source's, which decides what its first body means.
    private ContentType type(Create.Origin origin) {
        return switch (origin) {
            case Create.Fresh(ContentType type) -> type;
            case Create.Fork(StreamKey _, ReadFrom _, long _, Create.ForkType.Exactly(ContentType type)) -> type;
            case Create.Fork(StreamKey source, ReadFrom _, long _, Create.ForkType.Inherited _) ->
                switch (store.head(source)) {
                    case HeadOutcome.Found(StreamInfo stream) -> stream.contentType();
                    // The creation will be refused, whatever the body means.
                    case HeadOutcome.Absent _, HeadOutcome.SoftDeleted _ -> BYTES;
                };
        };
    }
}
