package io.perennial.benchmarks;

import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A server that does nothing: any POST is 204, and `GET /v1/stream/bytes-N` is N bytes from memory.
final class FloorServer {
    private static final int MOST_BYTES = 1 << 26;

    private final Map<String, byte[]> bodies = new ConcurrentHashMap<>();

    private FloorServer() {}

    public static void main(String[] arguments) {
        // As many as Perennial has.
        System.setProperty(
                "jdk.virtualThreadScheduler.parallelism",
                Integer.toString(Math.max(4, 2 * Runtime.getRuntime().availableProcessors())));
        FloorServer floor = new FloorServer();
        WebServer web = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .connectionOptions(options -> options.tcpNoDelay(true))
                .routing((HttpRouting.Builder tree) ->
                        tree.get("/v1/stream/bytes-{count}", floor::read).post(FloorServer::append))
                .build()
                .start();
        System.out.println("The floor is listening on http://127.0.0.1:" + web.port());
    }

    private static void append(ServerRequest request, ServerResponse response) {
        request.content().consume();
        response.status(Status.NO_CONTENT_204).send();
    }

    private void read(ServerRequest request, ServerResponse response) {
        response.send(bodies.computeIfAbsent(request.path().pathParameters().get("count"), FloorServer::body));
    }

    private static byte[] body(String count) {
        byte[] body = new byte[Math.min(MOST_BYTES, Integer.parseInt(count))];
        Arrays.fill(body, (byte) 'x');
        return body;
    }
}
