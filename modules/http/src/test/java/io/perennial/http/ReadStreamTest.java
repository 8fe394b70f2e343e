package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Catch-up reads: where they begin, and where their pages end.
@Timeout(60)
class ReadStreamTest {
    private static final String BEYOND = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1024, 1024 * 1024})
    void the_pages_of_text_and_bytes_are_what_was_written(int pageBytes) throws Exception {
        Random random = new Random(pageBytes);
        try (TestServer server = paged(pageBytes)) {
            Streams streams = new Streams(server);
            for (String type : List.of(Streams.TEXT, Streams.BYTES, "Content-Type: image/png")) {
                ByteArrayOutputStream written = new ByteArrayOutputStream();
                streams.created("s", type);
                for (int i = 0; i < 40; i++) {
                    byte[] piece = new byte[1 + random.nextInt(i % 10 == 0 ? 3_000 : 12)];
                    random.nextBytes(piece);
                    written.writeBytes(piece);
                    assertEquals(204, streams.post("s", piece, type).status());
                }
                for (boolean closed : new boolean[] {false, true}) {
                    ByteArrayOutputStream read = new ByteArrayOutputStream();
                    for (Answer page : pages(streams, closed)) {
                        read.writeBytes(page.bytes());
                    }
                    assertArrayEquals(written.toByteArray(), read.toByteArray());
                    streams.close("s");
                }
                streams.delete("s");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1024, 1024 * 1024})
    void the_pages_of_json_hold_whole_messages_each_once(int pageBytes) throws Exception {
        Random random = new Random(pageBytes);
        try (TestServer server = paged(pageBytes)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.JSON);
            List<String> messages = new ArrayList<>();
            while (messages.size() < 120) {
                List<String> batch = new ArrayList<>();
                for (int i = random.nextInt(6); i >= 0; i--) {
                    batch.add("{\"n\":" + (messages.size() + batch.size()) + ",\"x\":\""
                            + "x".repeat(random.nextInt(40)) + "\"}");
                }
                streams.appended("s", "[" + String.join(",", batch) + "]", Streams.JSON);
                messages.addAll(batch);
            }
            for (boolean closed : new boolean[] {false, true}) {
                List<String> read = new ArrayList<>();
                for (Answer page : pages(streams, closed)) {
                    String body = page.body();
                    assertTrue(body.startsWith("[{") && body.endsWith("}]"), body);
                    JsonText.value(page.bytes());
                    read.add(body.substring(1, body.length() - 1));
                }
                assertEquals(String.join(",", messages), String.join(",", read));
                streams.close("s");
            }
        }
    }

    // Follows the pages, and holds what their headers say against what comes behind them.
    private static List<Answer> pages(Streams streams, boolean closed) throws Exception {
        List<Answer> pages = new ArrayList<>();
        String next = "-1";
        while (true) {
            Answer page = streams.get("s?offset=" + next);
            assertEquals(200, page.status());
            assertTrue(page.bytes().length > 0);
            pages.add(page);
            assertFalse(page.header("Stream-Next-Offset").equals(next));
            next = page.header("Stream-Next-Offset");
            boolean isLast = next.equals(streams.head("s").header("Stream-Next-Offset"));
            assertEquals(isLast ? List.of("true") : List.of(), page.all("Stream-Up-To-Date"));
            assertEquals(isLast && closed ? List.of("true") : List.of(), page.all("Stream-Closed"));
            if (isLast) {
                return pages;
            }
        }
    }

    @Test
    void every_header_of_a_read_has_its_reason() throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            Streams streams = new Streams(server);
            String created = streams.created("s", "Content-Type: text/plain;charset=utf-8");
            String tail = streams.appended("s", "hello", Streams.TEXT);
            assertEquals(
                    Set.of(
                            "HTTP/1.1 200 OK",
                            "Cache-Control: no-cache",
                            "Connection: keep-alive",
                            "Content-Length: 5",
                            "Content-Type: text/plain;charset=utf-8",
                            "Cross-Origin-Resource-Policy: cross-origin",
                            "ETag: \"" + created + ":-1:" + tail + "\"",
                            "Stream-Next-Offset: " + tail,
                            "Stream-Up-To-Date: true",
                            "Vary: Origin",
                            "X-Content-Type-Options: nosniff",
                            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox"),
                    Streams.lines(streams.get("s")));
        }
    }

    @Test
    void a_read_begins_where_it_is_told_to() throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            String first = streams.appended("s", "a", Streams.TEXT);
            String tail = streams.appended("s", "b", Streams.TEXT);

            assertEquals("ab", streams.get("s").body());
            assertEquals("ab", streams.get("s?offset=-1").body());
            assertEquals("b", streams.get("s?offset=" + first).body());
            for (String end : List.of(tail, "now", BEYOND)) {
                Answer answer = streams.get("s?offset=" + end);
                assertEquals(200, answer.status());
                assertEquals("", answer.body());
                assertEquals(tail, answer.header("Stream-Next-Offset"));
                assertEquals("true", answer.header("Stream-Up-To-Date"));
            }
        }
    }

    @Test
    void an_empty_read_of_json_is_an_empty_array() throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            Streams streams = new Streams(server);
            String tail = streams.created("s", "Content-Type: Application/JSON; charset=utf-8");
            for (String offset : List.of("-1", tail, "now", BEYOND)) {
                assertEquals("[]", streams.get("s?offset=" + offset).body());
            }
            streams.close("s");
            for (String offset : List.of("-1", tail, "now")) {
                Answer answer = streams.get("s?offset=" + offset);
                assertEquals("[]", answer.body());
                assertEquals("true", answer.header("Stream-Closed"));
                assertEquals("true", answer.header("Stream-Up-To-Date"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "offset=",
                "offset",
                "offset=0",
                "offset=-2",
                "offset=NOW",
                "offset=+-1",
                "offset=01arz3ndektsv4rrffq69g5fav",
                "offset=01ARZ3NDEKTSV4RRFFQ69G5FAU",
                "offset=01ARZ3NDEKTSV4RRFFQ69G5FAV%00",
                "offset=0000000000000000_0000000000000000",
                "offset=-1&offset=-1",
                "offset=-1&offset=now",
                "offset=-1&live=",
                "offset=-1&live",
                "offset=-1&live=true",
                "offset=-1&live=SSE",
                "offset=-1&live=sse&live=sse",
                "live=sse",
                "live=long-poll",
                "offset=-1&live=long-poll&cursor=abc",
                "offset=-1&live=long-poll&cursor=-1",
                "offset=-1&live=long-poll&cursor=1&cursor=2",
                "offset=%FF"
            })
    void what_is_malformed_or_said_twice_is_400(String query) throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            Answer answer = streams.get("s?" + query);
            assertEquals(400, answer.status(), answer.body());
            assertTrue(
                    answer.body()
                            .matches("\\{\"error\":\"(InvalidOffset|MissingOffset|(Invalid|Repeated)Parameter)\",.*"),
                    answer.body());
        }
    }

    @Test
    void parameters_that_nobody_knows_are_left_to_whoever_knows_them() throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            streams.appended("s", "a", Streams.TEXT);
            assertEquals(
                    "a",
                    streams.get("s?a=%FF&a=b&&=&Offset=x&offset=-1&live%20=sse&cursor=1")
                            .body());
        }
    }

    @Test
    void reading_what_is_not_there_makes_nothing() throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            Streams streams = new Streams(server);
            assertEquals(404, streams.get("s").status());
            assertEquals(404, streams.head("s").status());
        }
    }

    @Test
    void no_byte_of_a_text_is_changed() throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            Streams streams = new Streams(server);
            byte[] all = new byte[256];
            for (int i = 0; i < all.length; i++) {
                all[i] = (byte) i;
            }
            streams.created("s", Streams.TEXT);
            assertEquals(204, streams.post("s", all, Streams.TEXT).status());
            assertArrayEquals(all, streams.get("s").bytes());
        }
    }

    private TestServer paged(int pageBytes) {
        return TestServer.on(directory, TestServer.config(pageBytes, Duration.ofHours(1), 10));
    }
}
