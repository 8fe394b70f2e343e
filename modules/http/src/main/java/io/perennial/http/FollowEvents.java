package io.perennial.http;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Ending;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Follow;
import io.perennial.eventstore.Follow.Step;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.Page;
import io.perennial.eventstore.ReadFrom;
import io.perennial.eventstore.ReadOutcome;
import io.perennial.eventstore.StreamInfo;
import java.io.IOException;
import java.util.Optional;

/// The live half of `GET /stream/events`: catch-up, `catch-up-complete` once, then every event as it commits.
final class FollowEvents {
    private final EventStore store;
    private final int pageBytes;
    private final Live live;

    FollowEvents(EventStore store, HttpConfig config, Live live) {
        this.store = store;
        this.pageBytes = Live.pageBytes(config);
        this.live = live;
    }

    /// @param lastEventId what a client that comes back has seen; honoured over the offset, which an `EventSource`
    /// sends again as it was
    void handle(
            Session session,
            ReadFrom offset,
            Optional<ReadFrom> lastEventId,
            ServerRequest request,
            ServerResponse response) {
        ReadFrom from = lastEventId.orElse(offset);
        switch (store.read(session.stream(), from, 1)) {
            case ReadOutcome.Read(StreamInfo stream, Page _)
            when !session.takes(stream.contentType()) ->
                Answers.send(request, response, SessionProblems.notJson(session, stream.contentType()));
            case ReadOutcome.Read(StreamInfo _, Page page)
            when isOver(page) && lastEventId.isPresent() ->
                // An EventSource comes back after every end of a response, and only this answer stops it.
                response.status(Status.NO_CONTENT_204)
                        .header(Names.STREAM_CLOSED)
                        .send();
            case ReadOutcome.SoftDeleted _ -> Answers.send(request, response, SessionProblems.deleted(session));
            case ReadOutcome.Trimmed(Offset earliest) ->
                Answers.send(request, response, SessionProblems.trimmed(session, earliest));
            case ReadOutcome.Read _, ReadOutcome.Absent _ ->
                live.answer(LiveKind.SESSION, request, response, Live.EVENTS, stream -> follow(session, from, stream));
        }
    }

    private static boolean isOver(Page page) {
        return page.ending() == Ending.CLOSED && page.events().isEmpty();
    }

    private void follow(Session session, ReadFrom from, Live.Stream stream) throws InterruptedException, IOException {
        try (Follow follow = store.follow(session.stream(), from, pageBytes)) {
            boolean caughtUp = false;
            while (true) {
                switch (stream.nextOf(follow)) {
                    case Step.Next(Page _, ContentType type)
                    when !session.takes(type) -> {
                        return;
                    }
                    case Step.Next(Page page, ContentType type) -> {
                        stream.write(
                                page.encoded(SessionEncoding.of(type).frames()),
                                page.events().size());
                        if (!caughtUp && page.ending() != Ending.MORE) {
                            caughtUp = true;
                            stream.write(caughtUpAt(page.next().toString()));
                        }
                        if (page.ending() == Ending.CLOSED) {
                            stream.send(Sse.named("closed", "{\"offset\":\"" + page.next() + "\"}"));
                            return;
                        }
                    }
                    case Step.Absent _ -> {
                        if (!caughtUp) {
                            caughtUp = true;
                            stream.write(caughtUpAt("-1"));
                        }
                    }
                    case Step.Idle _ -> stream.flush();
                    // The client comes back, and is told why it can't go on.
                    case Step.SoftDeleted _, Step.Trimmed _, Step.Ended _ -> {
                        return;
                    }
                }
            }
        }
    }

    // With an id, so that a client that began at the tail and is cut off before the first event comes back to where it
    // was, and not to what is the tail by then.
    private static byte[] caughtUpAt(String offset) {
        return Sse.numbered(offset, "catch-up-complete", "{\"offset\":\"" + offset + "\",\"upToDate\":true}");
    }
}
