package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Forks over HTTP (protocol, section 4.2); the store's own tests have the rules.
@Timeout(60)
class StreamForkTest {
    private static final String FROM = "Stream-Forked-From: /v1/stream/s";

    @TempDir
    Path directory;

    private TestServer server;
    private Streams streams;

    @BeforeEach
    void start() {
        server = TestServer.on(directory, TestServer.config(3, Duration.ofHours(1), 10));
        streams = new Streams(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_fork_reads_on_from_its_source_to_its_own() throws Exception {
        streams.created("s", Streams.TEXT);
        streams.appended("s", "aaaa", Streams.TEXT);
        String middle = streams.appended("s", "bbbb", Streams.TEXT);
        streams.appended("s", "cccc", Streams.TEXT);
        assertEquals(middle, streams.created("f", FROM, "Stream-Fork-Offset: " + middle));
        streams.appended("f", "dddd", Streams.TEXT);
        streams.appended("s", "eeee", Streams.TEXT);
        streams.created("g", "Stream-Forked-From: /v1/stream/f", "Stream-Fork-Sub-Offset: 0");
        streams.appended("g", "ffff", Streams.TEXT);

        assertEquals("aaaabbbbcccceeee", all("s"));
        assertEquals("aaaabbbbdddd", all("f"));
        assertEquals("aaaabbbbddddffff", all("g"));
        assertEquals("text/plain", streams.head("g").header("Content-Type"));
        assertEquals(
                streams.get("s").header("Stream-Next-Offset"),
                streams.get("g").header("Stream-Next-Offset"),
                "what is inherited keeps its offsets");
    }

    @Test
    void messages_of_both_are_one_array_and_a_batch_may_be_split() throws Exception {
        streams.created("s", Streams.JSON);
        String begin = streams.appended("s", "[1,2]", Streams.JSON);
        streams.appended("s", "[3,4,5]", Streams.JSON);
        String[] split = {FROM, "Stream-Fork-Offset: " + begin, "Stream-Fork-Sub-Offset: 2"};
        assertEquals(201, streams.putBody("f", "[6]", split).status());
        assertEquals(200, streams.put("f", split).status());
        assertEquals("[1,2,3][4,6]", all("f"), "two pages of three bytes");
    }

    @Test
    void a_text_is_split_between_bytes() throws Exception {
        streams.created("s", Streams.TEXT);
        streams.appended("s", "hello world", Streams.TEXT);
        streams.created("f", FROM, "Stream-Fork-Offset: -1", "Stream-Fork-Sub-Offset: 5");
        streams.created("z", FROM, "Stream-Fork-Offset: 0000000000000000_0000000000000000");
        streams.appended("f", "!", Streams.TEXT);
        assertEquals("hello!", all("f"));
        assertEquals("", all("z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Stream-Forked-From: /v1/stream/nowhere|X: x|404|SourceNotFound",
                "Stream-Forked-From: s|X: x|400|InvalidPath",
                "Stream-Forked-From: http://localhost/v1/stream/s|X: x|400|InvalidPath",
                "Stream-Forked-From: /v1/stream/|X: x|400|InvalidPath",
                "Stream-Forked-From: /v1/stream/../s|X: x|400|InvalidPath",
                "Stream-Forked-From:|X: x|400|InvalidPath",
                "Stream-Forked-From: /v1/stream/f|X: x|404|SourceNotFound",
                "Stream-Forked-From: /v1/stream/s|Stream-Forked-From: /v1/stream/s|400|RepeatedHeader",
                "Stream-Forked-From: /v1/stream/s|Content-Type: text/html|409|ContentTypeMismatch",
                "Stream-Forked-From: /v1/stream/s|Stream-Fork-Offset: 7ZZZZZZZZZZZZZZZZZZZZZZZZZ|400|InvalidOffset",
                "Stream-Forked-From: /v1/stream/s|Stream-Fork-Offset: now|400|InvalidOffset",
                "Stream-Forked-From: /v1/stream/s|Stream-Fork-Offset: x|400|InvalidOffset",
                "Stream-Forked-From: /v1/stream/s|Stream-Fork-Offset:|400|InvalidOffset",
                "Stream-Forked-From: /v1/stream/s|Stream-Fork-Sub-Offset: 1|400|InvalidOffset",
                "Stream-Forked-From: /v1/stream/s|Stream-Fork-Sub-Offset: -1|400|InvalidNumber",
                "Stream-Forked-From: /v1/stream/s|Stream-Fork-Sub-Offset: 01|400|InvalidNumber",
                "Stream-Forked-From: /v1/stream/s|Stream-Fork-Sub-Offset: 1.5|400|InvalidNumber",
                "Stream-Forked-From: /v1/stream/s|Stream-TTL: 01|400|InvalidNumber",
                "Stream-Fork-Offset: -1|X: x|400|InvalidFork",
                "Stream-Fork-Sub-Offset: 0|X: x|400|InvalidFork"
            })
    void a_fork_that_cannot_be_leaves_nothing(String one, String other, int status, String code) throws Exception {
        streams.created("s", Streams.TEXT);
        streams.appended("s", "abc", Streams.TEXT);
        Answer answer = streams.putBody("f", "body", one, other);

        assertEquals(status, answer.status(), answer.body());
        assertTrue(answer.body().startsWith("{\"error\":\"" + code + "\","), answer.body());
        assertEquals(404, streams.head("f").status());
        assertEquals(204, streams.delete("s").status());
        assertEquals(404, streams.head("s").status(), "the source is held by no fork");
    }

    @Test
    void a_sub_offset_ends_with_its_append() throws Exception {
        streams.created("s", Streams.TEXT);
        String middle = streams.appended("s", "abc", Streams.TEXT);
        streams.appended("s", "de", Streams.TEXT);
        String at = "Stream-Fork-Offset: " + middle;
        assertEquals(
                400, streams.put("f", FROM, at, "Stream-Fork-Sub-Offset: 3").status());
        assertEquals(
                201, streams.put("f", FROM, at, "Stream-Fork-Sub-Offset: 2").status());
        assertEquals("abcde", all("f"));
    }

    @Test
    void the_same_fork_again_is_200_and_another_409() throws Exception {
        streams.created("s", Streams.TEXT);
        String first = streams.appended("s", "a", Streams.TEXT);
        String second = streams.appended("s", "b", Streams.TEXT);
        streams.created("t", Streams.TEXT);
        streams.created("f", FROM, "Stream-Fork-Offset: " + first);

        assertEquals(
                200,
                streams.put("f", FROM, "Stream-Fork-Offset: " + first, Streams.TEXT)
                        .status());
        assertEquals(200, streams.put("f", FROM).status());
        assertEquals(
                409, streams.put("f", FROM, "Stream-Fork-Offset: " + second).status());
        assertEquals(409, streams.put("f", FROM, "Stream-Fork-Sub-Offset: 1").status());
        assertEquals(409, streams.put("f", "Stream-Forked-From: /v1/stream/t").status());
        assertEquals(409, streams.put("f", Streams.TEXT).status(), "it is no fresh stream");
        assertEquals(409, streams.put("t", FROM).status(), "and that is no fork");
        assertEquals(409, streams.put("s", FROM).status(), "nothing is a fork of itself");
    }

    @Test
    void a_fork_of_what_is_closed_is_open() throws Exception {
        streams.created("s", Streams.TEXT);
        streams.appended("s", "a", Streams.TEXT, Streams.CLOSED);
        streams.created("f", FROM);
        assertFalse(streams.head("f").has("Stream-Closed"));
        streams.appended("f", "b", Streams.TEXT);
        assertEquals("ab", all("f"));
        streams.created("g", FROM, Streams.CLOSED);
        assertEquals("true", streams.get("g").header("Stream-Closed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Stream-TTL: 60", "Stream-Expires-At: 2030-01-01T00:00:00.000Z"})
    void a_fork_lives_like_its_source_or_as_it_says(String lifetime) throws Exception {
        String name = lifetime.substring(0, lifetime.indexOf(':'));
        streams.created("s", Streams.TEXT, lifetime);
        streams.created("f", FROM);
        streams.created("g", FROM, "Stream-TTL: 7");
        assertEquals(lifetime, name + ": " + streams.head("f").header(name));
        assertEquals("7", streams.head("g").header("Stream-TTL"));
    }

    @Test
    void a_source_that_is_deleted_is_gone_and_kept_for_its_forks() throws Exception {
        streams.created("s", Streams.TEXT);
        String tail = streams.appended("s", "abc", Streams.TEXT);
        streams.created("f", FROM);
        assertEquals(204, streams.delete("s").status());

        for (Answer answer : List.of(
                streams.get("s"),
                streams.get("s?offset=now"),
                streams.get("s?offset=" + tail + "&live=long-poll"),
                streams.get("s?offset=-1&live=sse"),
                streams.post("s", "x", Streams.TEXT),
                streams.close("s"),
                streams.delete("s"))) {
            assertEquals(410, answer.status());
            assertTrue(answer.body().startsWith("{\"error\":\"StreamDeleted\","), answer.body());
        }
        assertEquals(410, streams.head("s").status());
        assertEquals(409, streams.put("s", Streams.TEXT).status());
        Answer another = streams.put("g", FROM);
        assertEquals(409, another.status());
        assertTrue(another.body().startsWith("{\"error\":\"SourceDeleted\","), another.body());
        assertEquals("abc", all("f"));
        assertEquals(200, streams.put("f", FROM).status(), "the fork is as it was made");

        streams.delete("f");
        Eventually.holds("the last fork takes it along", () -> streams.head("s").status() == 404);
        assertEquals(201, streams.put("s", Streams.TEXT).status());
    }

    @Test
    void the_deletion_of_a_source_wakes_who_waits_for_it() throws Exception {
        streams.created("s", Streams.TEXT);
        streams.created("f", FROM);
        try (Followed followed = streams.follow("s?offset=-1&live=sse");
                Followed fork = streams.follow("f?offset=-1&live=sse")) {
            followed.frame();
            fork.frame();
            streams.delete("s");
            assertEquals("", followed.rest());
            String tail = streams.appended("f", "x", Streams.TEXT);
            assertEquals("id: " + tail + "\nevent: data\ndata:x\n\n", fork.frame());
        }
    }

    private String all(String path) throws Exception {
        StringBuilder all = new StringBuilder();
        String next = "-1";
        for (boolean more = true; more; ) {
            Answer page = streams.get(path + "?offset=" + next);
            all.append(page.body());
            next = page.header("Stream-Next-Offset");
            more = !page.has("Stream-Up-To-Date");
        }
        return all.toString();
    }
}
