package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Client.Stored;
import jakarta.json.JsonString;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/// A stream as it is seen from outside: what the protocol's face reads, and the same with its offsets on the face of
/// sessions.
///
/// @param events in the order of the stream; empty where it isn't there
/// @param tail its next offset; empty where it isn't there
record Sight(Standing standing, List<Stored> events, String tail, Kind kind) {
    enum Standing {
        ABSENT,
        OPEN,
        CLOSED,
        /// Deleted, and kept for its forks.
        GONE
    }

    private static final String FOLDER = "/v1/stream/sessions/";
    private static final int MOST_PAGES = 100_000;

    /// Where a stream that is the session of this name, too, has its place in the protocol.
    static String path(String name) {
        return FOLDER + name;
    }

    /// Looks at all of it.
    static Sight of(Client client, String name) throws IOException, InterruptedException {
        HttpResponse<String> head = client.send("HEAD", path(name), "");
        return switch (head.statusCode()) {
            case 404 -> new Sight(Standing.ABSENT, List.of(), "", Kind.PLAIN);
            case 410 -> gone(client, name);
            case 200 -> there(client, name, head);
            default -> throw new AssertionError(name + ": " + head.statusCode());
        };
    }

    private static Sight gone(Client client, String name) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.get(path(name));
        assertEquals(410, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("StreamDeleted"), answer.body());
        return new Sight(Standing.GONE, List.of(), "", Kind.PLAIN);
    }

    private static Sight there(Client client, String name, HttpResponse<String> head)
            throws IOException, InterruptedException {
        Kind kind = Kind.of(head);
        // It may have expired since; whether that was its right, its writer knows.
        if (client.get(path(name) + "?offset=now").statusCode() == 404) {
            return new Sight(Standing.ABSENT, List.of(), "", kind);
        }
        List<Stored> events = client.readAll(name, "-1");
        List<String> values = values(client, name, "-1");
        // Between the two reads retention may have dropped some.
        assertTrue(
                kind.keepsAll() ? values.size() == events.size() : values.size() <= events.size(),
                name + " has " + events.size() + " events as a session and " + values.size() + " as a stream");
        List<Stored> rest = events.subList(events.size() - values.size(), events.size());
        assertEquals(rest.stream().map(Sight::text).toList(), values, name + " isn't the same on both faces");
        boolean isClosed = head.headers().firstValue("Stream-Closed").isPresent();
        return new Sight(isClosed ? Standing.CLOSED : Standing.OPEN, rest, Client.next(head), kind);
    }

    /// What the protocol's face reads from there on, page by page.
    static List<String> values(Client client, String name, String offset) throws IOException, InterruptedException {
        List<String> values = new ArrayList<>();
        String from = offset;
        for (int i = 0; i < MOST_PAGES; i++) {
            HttpResponse<String> page = client.get(path(name) + "?offset=" + from);
            values.addAll(values(page));
            if (page.headers().firstValue("Stream-Up-To-Date").isPresent()) {
                return values;
            }
            from = Client.next(page);
        }
        throw new AssertionError("no end after " + MOST_PAGES + " pages of " + name);
    }

    /// The events of one page.
    static List<String> values(HttpResponse<String> page) {
        assertEquals(200, page.statusCode(), page.body());
        return Client.json(page.body()).asJsonArray().getValuesAs(JsonString::getString);
    }

    static String text(Stored event) {
        return ((JsonString) event.event()).getString();
    }

    /// The part of it that one of its writers has written.
    Sight of(String writer) {
        List<Stored> own = events.stream()
                .filter(event -> text(event).startsWith(writer + " "))
                .toList();
        return new Sight(standing, own, tail, kind);
    }
}
