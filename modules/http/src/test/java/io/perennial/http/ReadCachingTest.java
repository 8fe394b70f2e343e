package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What caches are told of catch-up reads, and what is compressed.
@Timeout(60)
class ReadCachingTest {
    private static final String A_MINUTE = "public, max-age=60, stale-while-revalidate=300";
    private static final int PAGE_BYTES = 4_000;
    private static final String LARGE = "0123456789".repeat(200);

    @TempDir
    Path directory;

    private TestServer server;
    private Streams streams;

    @BeforeEach
    void start() {
        server = TestServer.on(directory, TestServer.config(PAGE_BYTES, Duration.ofHours(1), 10));
        streams = new Streams(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_tag_tells_ranges_and_endings_apart() throws Exception {
        streams.created("s", Streams.TEXT);
        String empty = tag("s");
        String first = streams.appended("s", "a", Streams.TEXT);
        String one = tag("s");
        assertNotEquals(empty, one);
        assertNotEquals(tag("s?offset=" + first), one);
        assertEquals(one, tag("s?offset=-1"));

        streams.close("s");
        assertNotEquals(one, tag("s"));
        streams.delete("s");
        streams.created("s", Streams.TEXT);
        assertNotEquals(empty, tag("s"), "another stream of the same name");
    }

    @Test
    void a_page_is_another_once_more_is_behind_it() throws Exception {
        streams.created("s", Streams.TEXT);
        streams.appended("s", "x".repeat(PAGE_BYTES), Streams.TEXT);
        Answer last = streams.get("s");
        assertEquals("true", last.header("Stream-Up-To-Date"));
        streams.appended("s", "more", Streams.TEXT);

        Answer now = streams.get("s", "If-None-Match: " + last.header("ETag"));
        assertEquals(200, now.status(), "or a cache would go on saying that its reader is up to date");
        assertEquals(last.body(), now.body());
        assertFalse(now.has("Stream-Up-To-Date"));
    }

    @Test
    void a_closure_is_not_hidden_behind_a_304() throws Exception {
        streams.created("s", Streams.TEXT);
        String tail = streams.appended("s", "a", Streams.TEXT);
        for (String query : List.of("s", "s?offset=" + tail)) {
            String open = tag(query);
            assertEquals(304, streams.get(query, "If-None-Match: " + open).status());
        }
        String open = tag("s?offset=" + tail);
        streams.close("s");
        Answer answer = streams.get("s?offset=" + tail, "If-None-Match: " + open);
        assertEquals(200, answer.status());
        assertEquals("true", answer.header("Stream-Closed"));
    }

    @Test
    void what_is_known_is_not_sent_again() throws Exception {
        streams.created("s", Streams.TEXT);
        String tail = streams.appended("s", "a", Streams.TEXT);
        String tag = tag("s");
        assertEquals(
                Set.of(
                        "HTTP/1.1 304 Not Modified",
                        "Cache-Control: no-cache",
                        "Connection: keep-alive",
                        "Content-Type: text/plain",
                        "Cross-Origin-Resource-Policy: cross-origin",
                        "ETag: " + tag,
                        "Stream-Next-Offset: " + tail,
                        "Stream-Up-To-Date: true",
                        "Vary: Origin",
                        "X-Content-Type-Options: nosniff",
                        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox"),
                Streams.lines(streams.get("s", "If-None-Match: " + tag)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%s|304",
                "W/%s|304",
                "\"a\", %s|304",
                "\"a\",W/%s ,\"b\"|304",
                "*|304",
                "\"a\"|200",
                "\"a,*,b\"|200",
                "\"*\"|200",
                "\"%s\"|200",
                "w/%s|200"
            })
    void tags_are_compared_weakly_and_one_by_one(String given, int status) throws Exception {
        streams.created("s", Streams.TEXT);
        streams.appended("s", "a", Streams.TEXT);
        assertEquals(
                status,
                streams.get("s", "If-None-Match: " + given.replace("%s", tag("s")))
                        .status());
    }

    @Test
    void tags_may_be_said_in_several_headers() throws Exception {
        streams.created("s", Streams.TEXT);
        assertEquals(
                304,
                streams.get("s", "If-None-Match: \"a\"", "If-None-Match: " + tag("s"))
                        .status());
    }

    @Test
    void what_may_still_grow_is_asked_for_each_time_and_the_rest_kept_a_minute() throws Exception {
        streams.created("s", Streams.TEXT);
        streams.appended("s", "x".repeat(PAGE_BYTES), Streams.TEXT);
        String tail = streams.appended("s", "y", Streams.TEXT);
        assertEquals(A_MINUTE, streams.get("s").header("Cache-Control"), "a page with more behind it");
        assertEquals("no-cache", streams.get("s?offset=" + tail).header("Cache-Control"));
        streams.close("s");
        assertEquals(A_MINUTE, streams.get("s?offset=" + tail).header("Cache-Control"));
        assertEquals("no-store", streams.get("s?offset=now").header("Cache-Control"));
        assertFalse(streams.get("s?offset=now").has("ETag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Stream-TTL: 60", "Stream-Expires-At: 2030-01-01T00:00:00Z"})
    void what_will_be_gone_is_not_kept_by_caches(String lifetime) throws Exception {
        streams.created("s", Streams.TEXT, lifetime);
        streams.appended("s", "x".repeat(PAGE_BYTES), Streams.TEXT);
        streams.appended("s", "y", Streams.TEXT);
        for (int i = 0; i < 2; i++) {
            assertEquals("no-cache", streams.get("s").header("Cache-Control"));
            assertEquals("no-cache", streams.get("s?offset=-1&live=long-poll").header("Cache-Control"));
            streams.close("s");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip|true",
                "GZIP|true",
                "x-gzip|true",
                "deflate, gzip;q=1.0, *;q=0.5|true",
                "br , gzip ; q=0.001|true",
                "*|true",
                "gzip;q=0|false",
                "gzip;q=0.000|false",
                "gzip;q=0, *|false",
                "*, gzip;q=0|false",
                "*;q=0|false",
                "identity|false",
                "br, deflate|false",
                "gzipped|false"
            })
    void it_is_compressed_for_whoever_takes_it(String accepted, boolean isZipped) throws Exception {
        streams.created("s", Streams.TEXT);
        streams.appended("s", LARGE, Streams.TEXT);
        Answer answer = streams.get("s", "Accept-Encoding: " + accepted);

        assertEquals(isZipped ? List.of("gzip") : List.of(), answer.all("Content-Encoding"));
        assertEquals("Origin, Accept-Encoding", answer.header("Vary"));
        assertEquals(isZipped, answer.header("ETag").endsWith(":g\""));
        if (isZipped) {
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.bytes()))) {
                assertArrayEquals(LARGE.getBytes(StandardCharsets.US_ASCII), in.readAllBytes());
            }
        } else {
            assertEquals(LARGE, answer.body());
        }
    }

    @Test
    void the_two_encodings_have_two_tags_and_each_is_known_by_its_own() throws Exception {
        streams.created("s", Streams.TEXT);
        streams.appended("s", LARGE, Streams.TEXT);
        String gzip = "Accept-Encoding: gzip";
        String plain = tag("s");
        String zipped = streams.get("s", gzip).header("ETag");

        assertEquals(304, streams.get("s", gzip, "If-None-Match: " + zipped).status());
        assertEquals(304, streams.get("s", "If-None-Match: " + plain).status());
        assertEquals(200, streams.get("s", gzip, "If-None-Match: " + plain).status());
        assertEquals(200, streams.get("s", "If-None-Match: " + zipped).status());
        Answer known = streams.get("s", gzip, "If-None-Match: " + zipped);
        assertFalse(known.has("Content-Encoding"));
        assertEquals("Origin, Accept-Encoding", known.header("Vary"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html; charset=utf-8|true",
                "application/json|true",
                "application/vnd.a+json|true",
                "Application/XML|true",
                "image/svg+xml|true",
                "application/octet-stream|false",
                "image/png|false",
                "application/jsonx|false"
            })
    void only_what_is_text_is_compressed(String type, boolean isZipped) throws Exception {
        String body = type.equals("application/json") ? "\"" + LARGE + "\"" : LARGE;
        streams.created("s", "Content-Type: " + type);
        streams.appended("s", body, "Content-Type: " + type);
        assertEquals(isZipped, streams.get("s", "Accept-Encoding: gzip").has("Content-Encoding"));
    }

    @Test
    void what_fits_a_packet_is_sent_as_it_is() throws Exception {
        streams.created("s", Streams.TEXT);
        streams.appended("s", "x".repeat(1_399), Streams.TEXT);
        assertFalse(streams.get("s", "Accept-Encoding: gzip").has("Content-Encoding"));
        streams.appended("s", "x", Streams.TEXT);
        assertEquals("gzip", streams.get("s", "Accept-Encoding: gzip").header("Content-Encoding"));
    }

    private String tag(String query) throws Exception {
        return streams.get(query).header("ETag");
    }
}
