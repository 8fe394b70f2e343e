package io.perennial.http;

import io.helidon.http.Header;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Ending;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Follow;
import io.perennial.eventstore.Follow.Step;
import io.perennial.eventstore.Lifetime;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.Page;
import io.perennial.eventstore.ReadFrom;
import io.perennial.eventstore.StreamKey;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// `GET /v1/stream/{path}?live=long-poll`: the next page, waiting for it where there is none (protocol, section 5.7).
final class LongPoll {
    private final EventStore store;
    private final Guard guard;
    private final int pageBytes;
    private final Duration wait;
    private final Live live;

    LongPoll(EventStore store, Guard guard, HttpConfig config, Live live) {
        this.store = store;
        this.guard = guard;
        this.pageBytes = config.pageBytes();
        this.wait = config.longPollWait();
        this.live = live;
    }

    void handle(StreamKey key, ReadFrom from, Cursor cursor, ServerRequest request, ServerResponse response) {
        live.answerOnce(LiveKind.LONG_POLL, request, response, client -> {
            Transit transit = Presence.of(request).transit();
            try (Follow follow = store.follow(key, from, transit.page(pageBytes))) {
                poll(client, key, from, follow, transit, cursor, request, response);
            }
        });
    }

    // Whoever asks with the same offset and cursor may have the same answer: it is that collapsing that the
    // cursor is for. What comes after now is another thing each time, and a read that a cache answers keeps no
    // stream alive.
    private Header caching(ReadFrom from, Lifetime lifetime) {
        if (from.moves()) {
            return Names.NO_STORE;
        }
        return lifetime instanceof Lifetime.Unlimited ? guard.shortCache() : Names.NO_CACHE;
    }

    private void poll(
            Presence client,
            StreamKey key,
            ReadFrom from,
            Follow follow,
            Transit transit,
            Cursor cursor,
            ServerRequest request,
            ServerResponse response)
            throws InterruptedException, IOException {
        long deadlineNanos = System.nanoTime() + wait.toNanos();
        Optional<Page> tail = Optional.empty();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
            switch (client.await(() -> follow.next(left))) {
                case Step.Next(Page page, ContentType type)
                when !page.events().isEmpty() -> {
                    // A commit that was heard of is as large as it is.
                    Page part = page.upTo(transit.page(pageBytes));
                    response.header(caching(from, follow.lifetime()));
                    live.delivered(LiveKind.LONG_POLL, part.events().size());
                    transit.send(part, () -> data(type, part, cursor, response));
                    return;
                }
                case Step.Next(Page page, ContentType _)
                when page.ending() == Ending.CLOSED -> {
                    nothing(page, cursor, response);
                    return;
                }
                case Step.Next(Page page, ContentType _) -> tail = Optional.of(page);
                case Step.Absent _ -> {
                    Answers.send(request, response, StreamProblems.absent(key));
                    return;
                }
                case Step.SoftDeleted _ -> {
                    Answers.send(request, response, StreamProblems.deleted(key));
                    return;
                }
                case Step.Trimmed(Offset earliest) -> {
                    Answers.send(request, response, StreamProblems.trimmed(key, earliest));
                    return;
                }
                // The time is over, or the server is: either way the client comes back.
                case Step.Idle _, Step.Ended _ -> {
                    tail.ifPresentOrElse(
                            page -> nothing(page, cursor, response),
                            () -> Answers.send(request, response, StreamProblems.stopping()));
                    return;
                }
            }
        }
    }

    private static void data(ContentType type, Page page, Cursor cursor, ServerResponse response) {
        ReadStream.describe(response, page);
        ReadStream.contentType(response, type);
        response.header(Names.STREAM_CURSOR, cursor.next())
                .send(page.encoded(StreamEncoding.of(type).body()));
    }

    private static void nothing(Page page, Cursor cursor, ServerResponse response) {
        ReadStream.describe(response, page);
        if (page.ending() != Ending.CLOSED) {
            response.header(Names.STREAM_CURSOR, cursor.next());
        }
        response.status(Status.NO_CONTENT_204).header(Names.NO_STORE).send();
    }
}
