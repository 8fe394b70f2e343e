package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An ordinary client that speaks HTTP/2, as the one of the JDK does if nobody keeps it from it.
@Timeout(60)
class Http2Test {
    private static final int FOLLOWERS = 20;

    @AutoClose
    private final Machine machine = new Machine();

    @AutoClose
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void twenty_followers_on_one_connection_get_an_event_and_see_the_end() throws Exception {
        Server server = machine.server();
        // The first request is the one that is upgraded, and the others find the connection.
        assertEquals(
                HttpClient.Version.HTTP_2,
                http.send(request(server, "/servers"), BodyHandlers.discarding())
                        .version());
        List<Iterator<String>> followers = new ArrayList<>();
        for (int i = 0; i < FOLLOWERS; i++) {
            followers.add(follow(server));
        }
        for (Iterator<String> lines : followers) {
            awaitLine(lines, "event: catch-up-complete");
        }
        String offset = server.client().append("s", "1");
        for (Iterator<String> lines : followers) {
            awaitLine(lines, "data: {\"offset\":\"" + offset + "\",\"event\":1}");
        }
        server.stop();
        for (Iterator<String> lines : followers) {
            // A stream that broke off would throw.
            lines.forEachRemaining(line -> assertEquals("", line));
        }
        assertEquals("", server.process().complaints());
    }

    private Iterator<String> follow(Server server) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> answer = http.send(request(server, Client.live("s")), BodyHandlers.ofLines());
        assertEquals(200, answer.statusCode());
        assertEquals(HttpClient.Version.HTTP_2, answer.version());
        return answer.body().iterator();
    }

    private static HttpRequest request(Server server, String path) {
        return HttpRequest.newBuilder(server.url().resolve(path)).build();
    }

    private static void awaitLine(Iterator<String> lines, String expected) {
        String line = lines.next();
        while (!line.equals(expected)) {
            assertTrue(lines.hasNext(), "the stream ended before " + expected);
            line = lines.next();
        }
    }
}
