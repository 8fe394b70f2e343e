package io.perennial.http;

import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/// What everything durable answers while `experimental.durableStreams` is off.
final class Gate implements Handler {
    private static final Problem DISABLED = Problem.of(
            Status.BAD_REQUEST_400,
            "DurableStreamsDisabled",
            "Enable experimental.durableStreams in config to use this endpoint");

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        Answers.send(request, response, DISABLED);
    }
}
