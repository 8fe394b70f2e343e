package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CreateStreamTest {
    @TempDir
    Path directory;

    private TestServer server;
    private Streams streams;

    @BeforeEach
    void start() {
        server = TestServer.on(directory);
        streams = new Streams(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_new_stream_is_201_and_the_same_again_200() throws Exception {
        Answer created = streams.put("a/b", Streams.TEXT);
        String tail = created.header("Stream-Next-Offset");
        assertEquals(
                Set.of(
                        "HTTP/1.1 201 Created",
                        "Cache-Control: no-store",
                        "Connection: keep-alive",
                        "Content-Length: 0",
                        "Content-Type: text/plain",
                        "Cross-Origin-Resource-Policy: cross-origin",
                        "Location: http://localhost:80/v1/stream/a/b",
                        "Stream-Next-Offset: " + tail,
                        "Vary: Origin",
                        "X-Content-Type-Options: nosniff"),
                Streams.lines(created));
        Answer again = streams.put("a/b", Streams.TEXT);
        assertEquals(200, again.status());
        assertEquals(tail, again.header("Stream-Next-Offset"));
        assertEquals("text/plain", again.header("Content-Type"));
        assertFalse(again.has("Location"));
    }

    @Test
    void a_stream_that_does_not_say_its_type_is_bytes() throws Exception {
        streams.created("s");
        assertEquals("application/octet-stream", streams.head("s").header("Content-Type"));
        assertEquals(200, streams.put("s", Streams.BYTES).status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain|Text/PLAIN|200",
                "text/plain|text/plain; charset=utf-8|200",
                "text/plain;charset=utf-8|text/plain ; charset=latin1|200",
                "application/json; charset=utf-8|application/json|200",
                "application/json|application/json-seq|409",
                "application/json|application/vnd.a+json|409",
                "text/plain|text/html|409"
            })
    void types_are_the_same_by_their_name_in_any_case(String first, String second, int status) throws Exception {
        streams.created("s", "Content-Type: " + first);
        assertEquals(status, streams.put("s", "Content-Type: " + second).status());
        assertEquals(first, streams.head("s").header("Content-Type"), "as it was given at first");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-A: a|Stream-TTL: 60|lifetime",
                "Stream-TTL: 60|Stream-TTL: 61|lifetime",
                "Stream-TTL: 60|X-A: a|lifetime",
                "Stream-TTL: 60|Stream-Expires-At: 2026-01-01T00:01:00Z|lifetime",
                "Stream-Expires-At: 2027-01-01T00:00:00Z|Stream-Expires-At: 2027-01-01T00:00:00.001Z|lifetime",
                "X-A: a|Stream-Closed: true|closure",
                "Stream-Closed: true|X-A: a|closure"
            })
    void what_is_asked_otherwise_than_it_is_is_409(String first, String second, String what) throws Exception {
        streams.created("s", Streams.TEXT, first);
        Answer answer = streams.put("s", Streams.TEXT, second);

        assertEquals(409, answer.status());
        assertTrue(answer.body().startsWith("{\"error\":\"StreamExists\","), answer.body());
        assertTrue(answer.body().contains("exists with another " + what), answer.body());
        assertEquals(200, streams.put("s", Streams.TEXT, first).status(), "nothing was changed");
    }

    @Test
    void the_same_moment_in_another_spelling_is_the_same_lifetime() throws Exception {
        streams.created("s", "Stream-Expires-At: 2027-01-01T00:00:00.1234567890123Z");
        for (String same : List.of(
                "2027-01-01t00:00:00.123z", "2027-01-01T02:00:00.1239+02:00", "2026-12-31T23:00:00.123-01:00")) {
            assertEquals(200, streams.put("s", "Stream-Expires-At: " + same).status(), same);
        }
        assertEquals("2027-01-01T00:00:00.123Z", streams.head("s").header("Stream-Expires-At"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "+1",
                "01",
                "00",
                "1.0",
                "1.",
                "1e3",
                "0x10",
                "1 0",
                "10s",
                "ten",
                "PT1M",
                "1,2",
                "Infinity",
                "9007199254740992",
                "99999999999999999999",
                "\u0663"
            })
    void a_time_to_live_is_a_whole_number_of_seconds(String ttl) throws Exception {
        assertIsRefused("InvalidNumber|InvalidHeader", "Stream-TTL: " + ttl);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tomorrow",
                "1893456000",
                "2030-01-01",
                "2030-01-01T00:00:00",
                "2030-01-01T00:00Z",
                "2030-01-01 00:00:00Z",
                "2030-01-01T00:00:00+00",
                "2030-01-01T00:00:00+0000",
                "2030-01-01T00:00:00.Z",
                "2030-01-01T24:00:00Z",
                "2030-02-30T00:00:00Z",
                "2030-13-01T00:00:00Z",
                "+2030-01-01T00:00:00Z",
                "12030-01-01T00:00:00Z",
                "2030-001T00:00:00Z",
                "20300101T000000Z",
                "2030-01-01T00:00:00Z[UTC]",
                "Tue, 01 Jan 2030 00:00:00 GMT"
            })
    void an_end_is_a_moment_of_rfc_3339(String end) throws Exception {
        assertIsRefused("InvalidLifetime", "Stream-Expires-At: " + end);
    }

    @Test
    void a_lifetime_is_said_in_one_way_and_once() throws Exception {
        assertIsRefused("InvalidLifetime", "Stream-TTL: 1", "Stream-Expires-At: 2030-01-01T00:00:00Z");
        assertIsRefused("RepeatedHeader", "Stream-TTL: 1", "Stream-TTL: 1");
        assertIsRefused(
                "RepeatedHeader", "Stream-Expires-At: 2030-01-01T00:00:00Z", "Stream-Expires-At: 2030-01-01T00:00:00Z");
    }

    @Test
    void the_shortest_lives_are_over_at_once_and_the_longest_last() throws Exception {
        for (String brief : List.of("Stream-TTL: 0", "Stream-Expires-At: 1970-01-01T00:00:00Z")) {
            streams.created("s", brief);
            assertEquals(404, streams.get("s").status());
        }
        streams.created("t", "Stream-TTL: 9007199254740991");
        streams.created("u", "Stream-Expires-At: 9999-12-31T23:59:59.999Z");
        server.clock().step(Duration.ofDays(365_000));
        assertEquals("9007199254740991", streams.head("t").header("Stream-TTL"));
        assertEquals("9999-12-31T23:59:59.999Z", streams.head("u").header("Stream-Expires-At"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "text/",
                "/plain",
                "text/plain,text/html",
                "te xt/plain",
                "text/plain/x",
                "text/pl\u00e4in"
            })
    void a_content_type_is_a_media_type(String type) throws Exception {
        assertIsRefused("InvalidContentType|InvalidHeader", "Content-Type: " + type);
    }

    @Test
    void a_content_type_is_briefascii_and_given_once() throws Exception {
        assertIsRefused("InvalidContentType", "Content-Type: text/" + "x".repeat(251));
        assertIsRefused("InvalidHeader", "Content-Type: text/plain; title=\"\u00e4\"");
        assertIsRefused("RepeatedHeader", Streams.TEXT, Streams.TEXT);
    }

    @Test
    void the_body_is_the_beginning_and_counts_for_nothing_where_the_stream_exists() throws Exception {
        assertEquals(201, streams.putBody("s", "begin", Streams.TEXT).status());
        assertEquals(200, streams.putBody("s", "another", Streams.TEXT).status());
        assertEquals("begin", streams.get("s").body());
    }

    @Test
    void what_is_created_closed_is_complete() throws Exception {
        Answer created = streams.putBody("s", "[1,2]", Streams.JSON, Streams.CLOSED);
        assertEquals("true", created.header("Stream-Closed"));
        Answer read = streams.get("s");
        assertEquals("[1,2]", read.body());
        assertEquals("true", read.header("Stream-Closed"));
        assertEquals(409, streams.post("s", "3", Streams.JSON).status());
        Answer again = streams.put("s", Streams.JSON, Streams.CLOSED);
        assertEquals(200, again.status());
        assertEquals("true", again.header("Stream-Closed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "yes", "1", "", "truee", "true, true"})
    void closed_is_true_and_every_other_word_is_none(String closed) throws Exception {
        streams.created("s", Streams.TEXT, "Stream-Closed: " + closed);
        assertFalse(streams.head("s").has("Stream-Closed"));
        assertEquals(400, streams.post("s", "", "Stream-Closed: " + closed).status());
    }

    @Test
    void true_is_read_in_any_case() throws Exception {
        streams.created("s", Streams.TEXT, "Stream-Closed: TrUe");
        assertEquals("true", streams.head("s").header("Stream-Closed"));
    }

    @Test
    void of_all_who_create_a_stream_at_once_one_is_told_that_it_did() throws Exception {
        for (int round = 0; round < 5; round++) {
            String path = "s" + round;
            CyclicBarrier together = new CyclicBarrier(8);
            List<Future<Integer>> creators = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                creators.add(Eventually.start(() -> {
                    together.await();
                    return streams.putBody(path, "1", Streams.JSON).status();
                }));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> creator : creators) {
                statuses.add(Eventually.result(creator));
            }
            assertEquals(
                    List.of(200, 200, 200, 200, 200, 200, 200, 201),
                    statuses.stream().sorted().toList());
            assertEquals("[1]", streams.get(path).body(), "once");
        }
    }

    private void assertIsRefused(String code, String... headers) throws Exception {
        Answer answer = streams.put("s", headers);
        assertEquals(400, answer.status(), answer.body());
        assertTrue(answer.body().matches("\\{\"error\":\"(" + code + ")\",.*"), answer.body());
        assertEquals(404, streams.head("s").status(), "nothing was created");
    }
}
