package io.perennial.http;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.StreamKey;

/// `DELETE /v1/stream/{path}` (protocol, section 5.4).
final class DeleteStream {
    private final EventStore store;
    private final Guard guard;

    DeleteStream(EventStore store, Guard guard) {
        this.store = store;
        this.guard = guard;
    }

    void handle(ServerRequest request, ServerResponse response) {
        StreamKey key = StreamPath.writable(request);
        switch (store.delete(key)) {
            case DELETED -> {
                guard.deleted(request, key);
                response.status(Status.NO_CONTENT_204).send();
            }
            case ABSENT -> Answers.send(request, response, StreamProblems.absent(key));
            case SOFT_DELETED -> Answers.send(request, response, StreamProblems.deleted(key));
        }
    }
}
