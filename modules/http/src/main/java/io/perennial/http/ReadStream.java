package io.perennial.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Ending;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Lifetime;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.Page;
import io.perennial.eventstore.ReadFrom;
import io.perennial.eventstore.ReadOutcome;
import io.perennial.eventstore.StreamInfo;
import io.perennial.eventstore.StreamKey;
import java.time.InstantSource;
import java.util.Optional;

/// `GET /v1/stream/{path}`: one page from an offset on (protocol, section 5.6); with `live=long-poll` or
/// `live=sse` what comes, too.
final class ReadStream {
    private final EventStore store;
    private final Guard guard;
    private final int pageBytes;
    private final InstantSource clock;
    private final LongPoll longPoll;
    private final FollowStream follow;

    ReadStream(EventStore store, Guard guard, HttpConfig config, Live live, InstantSource clock) {
        this.store = store;
        this.guard = guard;
        this.pageBytes = config.pageBytes();
        this.clock = clock;
        this.longPoll = new LongPoll(store, guard, config, live);
        this.follow = new FollowStream(store, config, live);
    }

    void handle(ServerRequest request, ServerResponse response) {
        StreamKey key = StreamPath.of(request);
        Query query = Query.of(request);
        Optional<ReadFrom> offset = Position.of(query);
        Cursor cursor = Cursor.after(clock, query.value("cursor"));
        Optional<String> mode = query.value("live");
        if (mode.isEmpty()) {
            catchUp(key, offset.orElse(ReadFrom.START), request, response);
            return;
        }
        switch (mode.get()) {
            case "long-poll" -> longPoll.handle(key, required(offset), cursor, request, response);
            case "sse" -> follow.handle(key, required(offset), cursor, request, response);
            default ->
                throw new ProblemException(
                        Problem.badRequest("InvalidParameter", "the parameter live is long-poll or sse"));
        }
    }

    private static ReadFrom required(Optional<ReadFrom> offset) {
        return offset.orElseThrow(() -> new ProblemException(Problem.badRequest(
                "MissingOffset",
                "the parameter offset, since or last is missing: a live read has to say where it begins")));
    }

    private void catchUp(StreamKey key, ReadFrom from, ServerRequest request, ServerResponse response) {
        Transit transit = Presence.of(request).transit();
        switch (store.read(key, from, transit.page(pageBytes))) {
            case ReadOutcome.Read(StreamInfo stream, Page page) ->
                transit.send(page, () -> answer(stream, from, page, request, response));
            case ReadOutcome.Absent _ -> Answers.send(request, response, StreamProblems.absent(key));
            case ReadOutcome.SoftDeleted _ -> Answers.send(request, response, StreamProblems.deleted(key));
            case ReadOutcome.Trimmed(Offset earliest) ->
                Answers.send(request, response, StreamProblems.trimmed(key, earliest));
        }
    }

    private void answer(StreamInfo stream, ReadFrom from, Page page, ServerRequest request, ServerResponse response) {
        describe(response, page);
        contentType(response, stream.contentType());
        StreamEncoding encoding = StreamEncoding.of(stream.contentType());
        byte[] body = page.encoded(encoding.body());
        if (from.moves()) {
            response.header(Names.NO_STORE).send(body);
            return;
        }
        response.header(caching(stream, page));
        boolean isZipped = Gzip.pays(stream.contentType(), body) && Gzip.isAccepted(request, response);
        EntityTag tag = EntityTag.of(stream, from, page, isZipped);
        response.header(HeaderNames.ETAG, tag.text());
        if (tag.isKnown(request)) {
            response.status(Status.NOT_MODIFIED_304).send();
        } else if (isZipped) {
            response.header(Names.GZIP).send(page.encoded(encoding.zipped()));
        } else {
            response.send(body);
        }
    }

    /// Says where a page ends and what is behind it.
    static void describe(ServerResponse response, Page page) {
        response.header(Names.STREAM_NEXT_OFFSET, page.next().toString());
        if (page.ending() != Ending.MORE) {
            response.header(Names.UP_TO_DATE);
        }
        if (page.ending() == Ending.CLOSED) {
            response.header(Names.STREAM_CLOSED);
        }
    }

    /// Says what a stream's data are, as whoever created it did.
    static void contentType(ServerResponse response, ContentType type) {
        response.header(HeaderNames.CONTENT_TYPE, type.value()).header(Names.HARMLESS);
    }

    // What more may be added to has to be asked for again, or a reader at the tail would be served its past for a
    // minute; and a read that a cache answers keeps no stream alive.
    private Header caching(StreamInfo stream, Page page) {
        boolean isFinal = page.ending() != Ending.UP_TO_DATE;
        return isFinal && stream.lifetime() instanceof Lifetime.Unlimited ? guard.shortCache() : Names.NO_CACHE;
    }
}
