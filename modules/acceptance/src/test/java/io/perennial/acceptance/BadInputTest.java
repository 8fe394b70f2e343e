package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever is wrong is answered `{"error": code, "message": sentence}`, and logged nowhere: it is the client's.
class BadInputTest {
    private static final int LIMIT = 4 * 1024 * 1024;
    private static final String ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    @AutoClose
    private static final Machine MACHINE = new Machine();

    private static Server server;

    @BeforeAll
    static void start() throws Exception {
        server = MACHINE.server();
    }

    @AfterAll
    static void nothing_was_logged() throws Exception {
        assertEquals(200, server.client().get("/servers").statusCode());
        assertEquals("", server.process().complaints());
    }

    private static Wire.Answer exchange(String request) throws IOException {
        return Wire.exchange(server.url(), request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//",
                "/nowhere",
                "/index.html",
                "/inspector/",
                "/stream",
                "/stream/events/more",
                "/event/more",
                "/servers/a/b/c",
                "/v1",
                "/favicon.ico",
                "/../etc/passwd",
                "/%2e%2e/"
            })
    void an_unknown_path_is_404(String path) throws Exception {
        Problem.assertIs(404, exchange(Wire.request("GET", path)));
        Problem.assertIs(404, exchange(Wire.request("POST", path, "Content-Length", "2") + "{}"));
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /stream/events, GET, POST",
        "DELETE, /stream/events?sessionId=s, GET, POST",
        "PATCH, /stream/events, GET, POST",
        "POST, /event, GET, GET",
        "HEAD, /event, GET, GET",
        "PUT, /servers, GET, POST",
        "DELETE, /servers, GET, POST",
        "GET, /servers/a, DELETE, DELETE",
        "POST, /servers/a, DELETE, DELETE",
        "TRACE, /servers, GET, POST",
        "FROBNICATE, /event, GET, GET"
    })
    void a_wrong_method_is_405_with_what_is_allowed(String method, String path, String one, String other)
            throws Exception {
        try (Wire wire = Wire.connect(server.url())) {
            wire.send(Wire.request(method, path));
            Wire.Head head = wire.head();
            assertEquals(405, head.status());
            List<String> allowed = List.of(head.header("Allow").split(", "));
            assertTrue(allowed.containsAll(List.of(one, other)), allowed.toString());
            assertFalse(allowed.contains(method));
            if (!method.equals("HEAD")) {
                String body = new String(wire.body(head).readAllBytes(), StandardCharsets.UTF_8);
                Problem.assertIs(405, new Wire.Answer(head, body));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?sessionId=",
                "?sessionId",
                "?session=s",
                "?sessionId=.",
                "?sessionId=..",
                "?sessionId=%2E%2e",
                "?sessionId=a&sessionId=a",
                "?sessionId=%ff",
                "?sessionId=%c0%af",
                "?sessionId=%ed%a0%80",
                "?sessionId=%",
                "?sessionId=%4",
                "?sessionId=%zz"
            })
    void a_session_that_is_none_is_400(String query) throws Exception {
        Problem.assertIs(400, exchange(Wire.request("GET", "/stream/events" + query)));
        String post = Wire.request("POST", "/stream/events" + query, "Content-Length", "2") + "{}";
        Problem.assertIs(400, exchange(post));
        if (!query.isEmpty() && !query.startsWith("?session=")) {
            Problem.assertIs(400, exchange(Wire.request("GET", "/event" + query)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-2",
                "--1",
                "0",
                "NOW",
                "now ",
                "+now",
                "-1%00",
                "01arz3ndektsv4rrffq69g5fav",
                "8ARZ3NDEKTSV4RRFFQ69G5FAV",
                "01ARZ3NDEKTSV4RRFFQ69G5FA",
                "01ARZ3NDEKTSV4RRFFQ69G5FAVV",
                "01ARZ3NDEKTSV4RRFFQ69G5FAI",
                "01ARZ3NDEKTSV4RRFFQ69G5FAU",
                "%D9%A001ARZ3NDEKTSV4RRFFQ69G5F",
                "0000000000000000_0000000000000000"
            })
    void an_offset_that_is_none_is_400(String offset) throws Exception {
        String path = "/stream/events?sessionId=s&offset=" + offset.replace(" ", "%20");
        Problem.assertIs(400, exchange(Wire.request("GET", path)));
        Problem.assertIs(400, exchange(Wire.request("GET", path + "&live=true")));
    }

    @Test
    void two_offsets_are_400() throws Exception {
        Problem.assertIs(
                400, exchange(Wire.request("GET", "/stream/events?sessionId=s&offset=" + ULID + "&offset=" + ULID)));
    }

    @Test
    void a_last_event_id_that_is_none_is_400() throws Exception {
        for (String path : List.of(Client.path("s"), Client.live("s"))) {
            Problem.assertIs(400, exchange(Wire.request("GET", path, "Last-Event-ID", "7")));
            Problem.assertIs(400, exchange(Wire.request("GET", path, "Last-Event-ID", ULID, "Last-Event-ID", ULID)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "TRUE", "1", "sse", ""})
    void a_mode_that_is_none_is_400(String live) throws Exception {
        Problem.assertIs(400, exchange(Wire.request("GET", "/stream/events?sessionId=s&live=" + live)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\r\n",
                "{",
                "}",
                "{]",
                "nul",
                "nullx",
                "1 2",
                "{}{}",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "'a'",
                "\"a",
                "\"\\x\"",
                "\"tab\tin\"",
                "01",
                "1.",
                "+1",
                "NaN",
                "// c\n1",
                "\u0000",
                "\u00ff",
                "\"\u00c0\u00af\"",
                "\"\u00ed\u00a0\u0080\"",
                "\u00ef\u00bb\u00bf1",
                "\u00a01"
            })
    void a_body_that_is_not_one_json_value_is_400(String body) throws Exception {
        // Each character is one byte.
        String length = Integer.toString(body.length());
        String request = Wire.request("POST", "/stream/events?sessionId=malformed", "Content-Length", length);
        Problem.assertIs(400, exchange(request + body));
        assertEquals(List.of(), server.client().read("malformed", "-1").events());
    }

    @Test
    void no_body_at_all_is_400() throws Exception {
        Problem.assertIs(400, exchange(Wire.request("POST", "/stream/events?sessionId=s")));
        Problem.assertIs(400, exchange(Wire.request("POST", "/servers")));
    }

    @Test
    void a_nesting_as_deep_as_the_body_is_long_is_400() throws Exception {
        HttpResponse<String> answer = server.client().post("deep", "[".repeat(1_000_000) + "]".repeat(1_000_000));
        assertEquals(400, answer.statusCode());
    }

    @Test
    void a_body_over_the_limit_is_413_and_one_of_just_the_limit_is_none() throws Exception {
        assertEquals(
                201,
                server.client()
                        .post("size", "\"" + "x".repeat(LIMIT - 2) + "\"")
                        .statusCode());
        HttpResponse<String> answer = server.client().post("size", "\"" + "x".repeat(LIMIT - 1) + "\"");
        assertEquals(413, answer.statusCode());
        assertTrue(answer.body().startsWith("{\"error\":\"PayloadTooLarge\",\"message\":\""), answer.body());
        assertTrue(answer.body().contains(Integer.toString(LIMIT)), answer.body());
        assertEquals(1, server.client().readAll("size", "-1").size());
    }

    @Test
    void a_body_that_says_that_it_is_over_the_limit_is_413_before_it_is_sent() throws Exception {
        String path = "/stream/events?sessionId=s";
        Problem.assertIs(413, exchange(Wire.request("POST", path, "Content-Length", "4194305")));
        Problem.assertIs(413, exchange(Wire.request("POST", path, "Content-Length", "9223372036854775807")));
        String expecting = Wire.request("POST", path, "Content-Length", "4194305", "Expect", "100-continue");
        Problem.assertIs(413, exchange(expecting));
        Problem.assertIs(413, exchange(Wire.request("POST", "/servers", "Content-Length", "4194305")));
    }

    @Test
    void a_body_in_chunks_over_the_limit_is_413() throws Exception {
        String chunk = "100000\r\n" + "x".repeat(1 << 20) + "\r\n";
        String request = Wire.request("POST", "/stream/events?sessionId=s", "Transfer-Encoding", "chunked");
        Problem.assertIs(413, exchange(request + chunk.repeat(5) + "0\r\n\r\n"));
    }

    @Test
    void a_request_line_of_more_than_16_kib_is_414_and_a_session_of_500_characters_of_nine_is_read() throws Exception {
        Problem.assertIs(414, exchange(Wire.request("GET", "/stream/events?sessionId=" + "x".repeat(16_384))));
        assertEquals(
                200, exchange(Wire.request("GET", Client.path("日".repeat(500)))).status());
        String longest = "GET /stream/events?sessionId=s&x=" + "x".repeat(16_384 - 33 - 11) + " HTTP/1.1\r\n";
        assertEquals(16_384, longest.length());
        assertEquals(200, exchange(longest + "Host: localhost\r\n\r\n").status());
    }

    @Test
    void headers_of_more_than_their_limit_are_an_error() throws Exception {
        Wire.Answer answer = exchange(Wire.request("GET", "/servers", "X-Large", "x".repeat(20_000)));
        Problem.assertIs(answer.status() == 431 ? 431 : 400, answer);
    }
}
