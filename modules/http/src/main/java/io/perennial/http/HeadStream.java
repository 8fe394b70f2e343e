package io.perennial.http;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.HeadOutcome;
import io.perennial.eventstore.StreamInfo;
import io.perennial.eventstore.StreamKey;

/// `HEAD /v1/stream/{path}`: what there is to know of a stream without reading it (protocol, section 5.5).
final class HeadStream {
    private final EventStore store;

    HeadStream(EventStore store) {
        this.store = store;
    }

    void handle(ServerRequest request, ServerResponse response) {
        StreamKey key = StreamPath.of(request);
        switch (store.head(key)) {
            case HeadOutcome.Found(StreamInfo stream) -> {
                StreamHeaders.describe(response, stream);
                StreamHeaders.describe(response, stream.lifetime());
                StreamHeaders.describe(response, stream.retention());
                response.header(Names.NO_STORE).send();
            }
            case HeadOutcome.Absent _ -> Answers.send(request, response, StreamProblems.absent(key));
            case HeadOutcome.SoftDeleted _ -> Answers.send(request, response, StreamProblems.deleted(key));
        }
    }
}
