package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What pages of other origins may do, as far as a browser is told.
@Timeout(60)
class CrossOriginTest {
    private static final String ORIGIN = "Origin: https://app.example";
    private static final String TAKEN = "content-type,if-none-match,last-event-id,authorization,cache-control,"
            + "producer-epoch,producer-id,producer-seq,stream-closed,stream-expires-at,stream-fork-offset,"
            + "stream-fork-sub-offset,stream-forked-from,stream-seq,stream-ttl";
    private static final Set<String> GIVEN = Set.of(
            "etag",
            "location",
            "producer-epoch",
            "producer-expected-seq",
            "producer-received-seq",
            "producer-seq",
            "retry-after",
            "stream-closed",
            "stream-cursor",
            "stream-earliest-offset",
            "stream-expires-at",
            "stream-next-offset",
            "stream-retain-age",
            "stream-retain-bytes",
            "stream-retain-count",
            "stream-sse-data-encoding",
            "stream-ttl",
            "stream-up-to-date");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "POST", "DELETE"})
    void a_page_may_use_every_method_with_every_header(String method) throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            Answer answer = server.request(
                    "OPTIONS",
                    Streams.at("s"),
                    ORIGIN,
                    "Access-Control-Request-Method: " + method,
                    "Access-Control-Request-Headers: " + TAKEN);
            assertEquals(204, answer.status());
            assertEquals("*", answer.header("Access-Control-Allow-Origin"));
            assertTrue(names(answer.header("Access-Control-Allow-Methods")).contains(method.toLowerCase(Locale.ROOT)));
            assertTrue(names(answer.header("Access-Control-Allow-Headers")).containsAll(names(TAKEN)));
            assertEquals("3600", answer.header("Access-Control-Max-Age"));
            assertFalse(answer.has("Access-Control-Allow-Credentials"));
        }
    }

    @Test
    void a_page_is_not_let_do_what_nobody_can() throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            Answer answer = server.request(
                    "OPTIONS",
                    Streams.at("s"),
                    ORIGIN,
                    "Access-Control-Request-Method: PATCH",
                    "Access-Control-Request-Headers: x-unheard-of");
            assertFalse(names(answer.header("Access-Control-Allow-Methods")).contains("patch"));
            assertFalse(names(answer.header("Access-Control-Allow-Headers")).contains("x-unheard-of"));

            Answer patch = server.request("PATCH", Streams.at("s"), ORIGIN);
            assertEquals(405, patch.status());
            assertEquals("*", patch.header("Access-Control-Allow-Origin"));
            Answer options = server.request("OPTIONS", Streams.at("s"), ORIGIN);
            assertEquals("GET, HEAD, PUT, POST, DELETE, OPTIONS", options.header("Allow"), "no preflight");
        }
    }

    @Test
    void a_page_without_an_origin_of_its_own_is_one_of_all() throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            Answer answer = new Streams(server).put("s", "Origin: null");
            assertEquals(201, answer.status());
            assertEquals("*", answer.header("Access-Control-Allow-Origin"));
        }
    }

    @Test
    void a_page_reads_every_answer_and_its_headers_whatever_it_says() throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT);
            String tag = streams.get("s", ORIGIN).header("ETag");
            for (Answer answer : List.of(
                    streams.put("t", ORIGIN),
                    streams.put("s", ORIGIN),
                    streams.put("s", ORIGIN, "Stream-TTL: x"),
                    streams.post("s", "x", ORIGIN),
                    streams.post("s", "x".repeat(TestServer.LIMIT_BYTES + 1), ORIGIN),
                    streams.get("s", ORIGIN),
                    streams.get("s", ORIGIN, "If-None-Match: " + tag),
                    streams.get("s?offset=x", ORIGIN),
                    streams.get("nowhere", ORIGIN),
                    streams.get("..", ORIGIN),
                    streams.get("s?offset=now&live=long-poll", ORIGIN),
                    streams.post("__registry__", "x", ORIGIN),
                    server.get("/stream/events?sessionId=", ORIGIN),
                    server.get("/event?sessionId=", ORIGIN))) {
                assertEquals("*", answer.header("Access-Control-Allow-Origin"), answer.head());
                assertEquals(GIVEN, names(answer.header("Access-Control-Expose-Headers")), answer.head());
                assertEquals("nosniff", answer.header("X-Content-Type-Options"));
                assertEquals("cross-origin", answer.header("Cross-Origin-Resource-Policy"));
            }
            try (Followed followed = streams.follow("s?offset=-1&live=sse", ORIGIN)) {
                assertEquals("*", followed.head().header("Access-Control-Allow-Origin"));
            }
        }
    }

    @Test
    void a_failure_of_the_store_is_told_to_pages_too() throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            server.store().close();
            Answer answer = new Streams(server).get("s", ORIGIN);
            assertEquals(500, answer.status());
            assertEquals("*", answer.header("Access-Control-Allow-Origin"));
        }
    }

    @Test
    void an_origin_that_is_listed_is_named_and_others_are_refused() throws Exception {
        try (TestServer server = listed()) {
            Streams streams = new Streams(server);
            assertEquals(201, streams.put("s", ORIGIN, Streams.TEXT).status());
            for (String origin : List.of("https://app.example", "https://two.example:8443")) {
                Answer answer = streams.get("s", "Origin: " + origin);
                assertEquals(origin, answer.header("Access-Control-Allow-Origin"));
                assertEquals(Set.of("origin"), names(answer.header("Vary")), "no cache may give it to another");
                assertEquals("same-origin", answer.header("Cross-Origin-Resource-Policy"));
            }
            for (String origin : List.of(
                    "https://evil.example",
                    "http://app.example",
                    "https://app.example:8443",
                    "https://two.example",
                    "https://app.example.evil.example",
                    "null",
                    "")) {
                for (Answer answer : List.of(
                        streams.get("s", "Origin: " + origin),
                        streams.post("s", "x", "Origin: " + origin, Streams.TEXT),
                        streams.get("s?offset=-1&live=sse", "Origin: " + origin))) {
                    assertEquals(403, answer.status(), origin);
                    assertTrue(answer.body().startsWith("{\"error\":\"OriginNotAllowed\","), answer.body());
                    assertFalse(answer.has("Access-Control-Allow-Origin"));
                }
                Answer preflight = server.request(
                        "OPTIONS", Streams.at("s"), "Origin: " + origin, "Access-Control-Request-Method: GET");
                assertEquals(204, preflight.status());
                assertFalse(preflight.has("Access-Control-Allow-Origin"), "a browser asks no further");
            }
            assertEquals("", streams.get("s").body(), "what was refused wasn't done");
        }
    }

    @Test
    void a_server_lets_in_its_own_pages_and_whoever_is_no_page() throws Exception {
        try (TestServer server = listed()) {
            Streams streams = new Streams(server);
            assertEquals(
                    201,
                    streams.put("s", "Origin: https://localhost", Streams.TEXT).status());
            assertEquals(
                    403,
                    streams.put("s", "Origin: https://localhost:81", Streams.TEXT)
                            .status());
            Answer answer = streams.get("s");
            assertEquals(200, answer.status());
            assertEquals("Origin", answer.header("Vary"), "a cache may not give it to a page");
            assertFalse(answer.has("Access-Control-Allow-Origin"));
        }
    }

    private TestServer listed() {
        return TestServer.on(
                directory,
                new HttpConfig(
                        1024,
                        TestServer.LIMIT_BYTES,
                        Duration.ofHours(1),
                        10,
                        TestServer.LONG_POLL_WAIT,
                        Duration.ofMinutes(1),
                        List.of("https://app.example", "https://two.example:8443")));
    }

    private static Set<String> names(String list) {
        return Arrays.stream(list.split(","))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }
}
