package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StreamPathTest {
    private static TestServer server;
    private static Streams streams;

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = TestServer.on(directory);
        streams = new Streams(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "a/b a%2Fb",
                "a a/",
                "a A",
                "a//b a/b",
                "a+b a%20b",
                "a+b a%2Bb",
                "%C3%A9 e%CC%81",
                "a%3Fb a",
                "...a ..a",
                "a;v=1 a"
            })
    void these_are_two_streams(String one, String other) throws Exception {
        assertEquals(201, streams.put("two/" + one, Streams.TEXT).status());
        assertEquals(201, streams.put("two/" + other, Streams.JSON).status());
        assertEquals("text/plain", streams.head("two/" + one).header("Content-Type"));
        assertEquals(204, streams.delete("two/" + one).status());
        assertEquals(204, streams.delete("two/" + other).status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "%61 a",
                "%7E ~",
                "%2d%2E%5f -._",
                "a%2fb a%2Fb",
                "%e4%b8%ad %E4%B8%AD",
                "!$&'()*+,;=:@ !$&'()*+,;=:@",
                "%00 %00"
            })
    void these_are_one_stream_and_it_is_called_by_its_second_name(String one, String name) throws Exception {
        Answer created = streams.put("one/" + one, Streams.TEXT);
        assertEquals(201, created.status(), created.body());
        assertEquals("http://localhost:80/v1/stream/one/" + name, created.header("Location"));
        assertEquals(200, streams.put("one/" + name, Streams.TEXT).status());
        assertEquals(204, streams.delete("one/" + name).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//a",
                "/a",
                ".",
                "..",
                "a/../b",
                "a/.",
                "./a",
                "%2e%2E/a",
                "a/%2e./b",
                "a%",
                "a%2",
                "a%zz",
                "a%-1",
                "a%u0041"
            })
    void these_name_no_stream(String path) throws Exception {
        for (String method : List.of("PUT", "GET", "POST", "DELETE")) {
            Answer answer = server.request(method, Streams.at(path));
            assertEquals(400, answer.status(), method);
            assertTrue(answer.body().matches("\\{\"error\":\"(InvalidPath|BadRequest)\",.*"), answer.body());
        }
        assertEquals(400, streams.head(path).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\u0000b", "a\u00e9", "a\tb"})
    void what_is_no_url_names_nothing_either(String path) throws Exception {
        try (Wire wire = server.wire()) {
            // Whoever speaks nonsense first isn't taken for a client of HTTP.
            wire.request("GET", "/servers").answer();
            assertEquals(400, wire.request("PUT", Streams.at(path)).answer().status());
        }
        assertEquals(404, streams.head("a").status());
    }

    @Test
    void a_path_is_as_long_as_a_request_line_lets_it() throws Exception {
        String around = "DELETE " + Streams.at("") + " HTTP/1.1\r\n";
        String longest = "x".repeat(16 * 1024 - around.length());
        assertEquals(201, streams.put(longest, Streams.TEXT).status());
        assertEquals(204, streams.delete(longest).status());
        assertEquals(414, streams.put("x".repeat(16 * 1024)).status());

        Answer escaped = streams.put("a", "Stream-Forked-From: " + Streams.at("\"".repeat(6_000)));
        assertEquals(400, escaped.status(), "escaped it would be longer than a stream's name can be");
        assertTrue(escaped.body().startsWith("{\"error\":\"InvalidPath\","), escaped.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"__registry__", "%5F_registry__", "__%72egistry__"})
    void the_registry_is_read_by_all_and_written_by_none(String path) throws Exception {
        for (Answer answer : List.of(
                streams.put(path, Streams.JSON),
                streams.post(path, "{}", Streams.JSON),
                streams.close(path),
                streams.delete(path))) {
            assertEquals(403, answer.status());
            assertTrue(answer.body().startsWith("{\"error\":\"ReadOnlyStream\","), answer.body());
        }
        assertEquals(201, streams.put(path + "/a", Streams.JSON).status(), "that is another stream");
        assertEquals(204, streams.delete(path + "/a").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"%5f%5fds", "%5f_ds/a", "_%5Fds/subscriptions/a"})
    void what_is_reserved_is_no_stream_by_whatever_spelling(String path) throws Exception {
        assertEquals(404, streams.put(path, Streams.JSON).status());
        assertEquals(
                404,
                streams.put("fork-of", "Stream-Forked-From: /v1/stream/" + path).status());
        assertEquals(404, streams.get(path).status());
        for (String free : List.of("__dsx", "a/__ds", "__DS")) {
            assertEquals(201, streams.put(free, Streams.JSON).status());
            assertEquals(204, streams.delete(free).status());
        }
    }
}
