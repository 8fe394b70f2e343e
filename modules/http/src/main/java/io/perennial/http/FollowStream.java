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
import io.perennial.eventstore.PageEncoder;
import io.perennial.eventstore.ReadFrom;
import io.perennial.eventstore.ReadOutcome;
import io.perennial.eventstore.StreamInfo;
import io.perennial.eventstore.StreamKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// `GET /v1/stream/{path}?live=sse`: what there is, then what comes, until the stream is closed or the connection is
/// old enough (protocol, section 5.8).
///
/// Every event has an id, the offset to resume from, so that a plain `EventSource` comes back to where it was.
final class FollowStream {
    private static final PageEncoder CONTROL =
            page -> Sse.control(page.next().toString(), "{\"streamNextOffset\":\"" + page.next() + "\"");

    private final EventStore store;
    private final int pageBytes;
    private final Duration lifetime;
    private final Live live;

    FollowStream(EventStore store, HttpConfig config, Live live) {
        this.store = store;
        this.pageBytes = Live.pageBytes(config);
        this.lifetime = config.sseLifetime();
        this.live = live;
    }

    void handle(StreamKey key, ReadFrom offset, Cursor cursor, ServerRequest request, ServerResponse response) {
        Optional<ReadFrom> lastEventId = Position.lastEventId(request);
        ReadFrom from = lastEventId.orElse(offset);
        switch (store.read(key, from, 1)) {
            case ReadOutcome.Read(StreamInfo _, Page page)
            when page.ending() == Ending.CLOSED && page.events().isEmpty() && lastEventId.isPresent() ->
                // An EventSource comes back after every end of a response, and only this answer stops it.
                response.status(Status.NO_CONTENT_204)
                        .header(Names.STREAM_CLOSED)
                        .header(Names.NO_STORE)
                        .send();
            case ReadOutcome.Read(StreamInfo stream, Page _) -> {
                if (StreamEncoding.of(stream.contentType()).equals(StreamEncoding.BINARY)) {
                    response.header(Names.BASE64);
                }
                live.answer(LiveKind.SSE, request, response, Live.COMMENTS, out -> follow(key, from, cursor, out));
            }
            case ReadOutcome.Absent _ -> Answers.send(request, response, StreamProblems.absent(key));
            case ReadOutcome.SoftDeleted _ -> Answers.send(request, response, StreamProblems.deleted(key));
            case ReadOutcome.Trimmed(Offset earliest) ->
                Answers.send(request, response, StreamProblems.trimmed(key, earliest));
        }
    }

    private void follow(StreamKey key, ReadFrom from, Cursor cursor, Live.Stream out)
            throws InterruptedException, IOException {
        long endNanos = System.nanoTime() + lifetimeNanos();
        Optional<Page> last = Optional.empty();
        try (Follow follow = store.follow(key, from, pageBytes)) {
            while (true) {
                switch (out.nextOf(follow, Duration.ofNanos(endNanos - System.nanoTime()))) {
                    case Step.Next(Page page, ContentType type) -> {
                        boolean isOver = System.nanoTime() >= endNanos;
                        out.write(
                                page.encoded(StreamEncoding.of(type).frame()),
                                page.events().size());
                        out.write(control(page, isOver ? cursor.advanced() : cursor.next()));
                        // The end comes to a stream that is never silent, too.
                        if (isOver || page.ending() == Ending.CLOSED) {
                            out.flush();
                            return;
                        }
                        last = Optional.of(page);
                    }
                    case Step.Idle _ when System.nanoTime() < endNanos -> out.flush();
                    case Step.Idle _ -> {
                        if (last.isPresent()) {
                            out.send(control(last.get(), cursor.advanced()));
                        }
                        return;
                    }
                    // The client comes back, and is told why it can't go on.
                    case Step.Absent _, Step.SoftDeleted _, Step.Trimmed _, Step.Ended _ -> {
                        return;
                    }
                }
            }
        }
    }

    // Not all at once: who connected together shall not come back together.
    private long lifetimeNanos() {
        long nanos = lifetime.toNanos();
        return nanos - ThreadLocalRandom.current().nextLong(nanos / 10 + 1);
    }

    // All of it but the cursor is the same for everyone who gets the page.
    private static byte[] control(Page page, String cursor) {
        byte[] begin = page.encoded(CONTROL);
        byte[] rest = (switch (page.ending()) {
                    case MORE -> ",\"streamCursor\":\"" + cursor + "\"}\n\n";
                    case UP_TO_DATE -> ",\"streamCursor\":\"" + cursor + "\",\"upToDate\":true}\n\n";
                    case CLOSED -> ",\"upToDate\":true,\"streamClosed\":true}\n\n";
                })
                .getBytes(StandardCharsets.US_ASCII);
        byte[] control = Arrays.copyOf(begin, begin.length + rest.length);
        System.arraycopy(rest, 0, control, begin.length, rest.length);
        return control;
    }
}
