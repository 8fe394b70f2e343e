package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.helidon.webserver.WebServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RoutingTest {
    private static final String EVENTS = "/stream/events?sessionId=s";
    private static final int LINE_BYTES = 16 * 1024;

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.on(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/nope",
                "/stream",
                "/stream/event",
                "/stream/events/",
                "/stream/events/a",
                "/events",
                "/event/",
                "/servers/",
                "/servers/a/b",
                "/Servers",
                "/index.html"
            })
    void what_is_nowhere_is_404(String path) throws Exception {
        for (String method : List.of("GET", "POST", "DELETE", "OPTIONS")) {
            Answer answer = server.request(method, path + "?a=b");
            assertEquals(404, answer.status(), method);
            assertEquals("application/json", answer.header("Content-Type"));
            assertEquals("{\"error\":\"NotFound\",\"message\":\"there is nothing at " + path + "\"}", answer.body());
        }
    }

    @Test
    void an_unknown_path_is_named_as_json() throws Exception {
        assertEquals(
                "{\"error\":\"NotFound\",\"message\":\"there is nothing at /\\\"\\n\\u0000é\\\\\"}",
                server.get("/%22%0A%00%C3%A9%5C").body());
    }

    @ParameterizedTest
    @CsvSource({
        "/stream/events,'GET, HEAD, POST, OPTIONS'",
        "/event,'GET, OPTIONS'",
        "/servers,'GET, HEAD, POST, OPTIONS'",
        "/servers/a,'DELETE, OPTIONS'"
    })
    void options_are_told_without_a_body(String path, String allow) throws Exception {
        Answer answer = server.request("OPTIONS", path);

        assertEquals(204, answer.status());
        assertEquals(allow, answer.header("Allow"));
        assertFalse(answer.has("Content-Type"));
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,/stream/events,'GET, HEAD, POST, OPTIONS'",
        "DELETE,/stream/events,'GET, HEAD, POST, OPTIONS'",
        "PATCH,/stream/events,'GET, HEAD, POST, OPTIONS'",
        "TRACE,/stream/events,'GET, HEAD, POST, OPTIONS'",
        "BREW,/stream/events,'GET, HEAD, POST, OPTIONS'",
        "POST,/event,'GET, OPTIONS'",
        "DELETE,/event,'GET, OPTIONS'"
    })
    void another_method_is_405(String method, String path, String allow) throws Exception {
        Answer answer = server.request(method, path + "?sessionId=s");

        assertEquals(405, answer.status());
        assertEquals(allow, answer.header("Allow"));
        assertEquals("application/json", answer.header("Content-Type"));
        assertEquals(
                "{\"error\":\"MethodNotAllowed\",\"message\":\"" + path + " doesn't take " + method + ", only " + allow
                        + "\"}",
                answer.body());
    }

    @ParameterizedTest
    @CsvSource({"/event,405", "/servers/a,405", "/nope,404"})
    void a_head_that_is_refused_has_no_body(String path, int status) throws Exception {
        try (Wire wire = server.wire()) {
            assertEquals(status, wire.request("HEAD", path).head().status());
            assertEquals("[]", wire.request("GET", EVENTS).answer().body(), "right behind it");
        }
    }

    @Test
    void a_request_line_of_16_kib_works_and_a_longer_one_is_414() throws Exception {
        String around = "GET " + EVENTS + " HTTP/1.1\r\n";
        String fits = "s" + "x".repeat(LINE_BYTES - around.length() - 1);
        server.posted(fits, "1");
        assertTrue(server.get(EVENTS.replace("=s", "=" + fits)).body().endsWith("\"event\":1}]"));

        Answer answer = server.get(EVENTS + "x".repeat(LINE_BYTES));
        assertEquals(414, answer.status());
        assertEquals("application/json", answer.header("Content-Type"));
        assertTrue(answer.body().matches("\\{\"error\":\"[A-Za-z]+\",\"message\":\".+\"}"), answer.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /servers HTTP/1.1\r\n\r\n",
                "GET /servers HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /servers HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
                "GET /servers HTTP/1.1\r\nHost: a\r\nBad Name: b\r\n\r\n",
                "POST /servers HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
            })
    void malformed_http_is_400_in_the_same_shape(String request) throws Exception {
        try (Wire wire = server.wire()) {
            Answer answer = wire.send(request).answer();

            assertEquals(400, answer.status());
            assertEquals("application/json", answer.header("Content-Type"));
            assertTrue(answer.body().startsWith("{\"error\":\"BadRequest\",\"message\":\""), answer.body());
            assertEquals("close", answer.header("Connection"));
            assertEquals("", wire.rest(), "the connection ends");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nonsense\r\n\r\n", "GET /servers\r\n\r\n", "GET /servers HTTP/1.0\r\n\r\n", "\0\0\0\r\n\r\n"})
    void what_is_no_request_line_is_400_on_a_connection_that_spoke_http(String request) throws Exception {
        try (Wire wire = server.wire()) {
            wire.request("GET", "/servers").answer();
            Answer answer = wire.send(request).answer();

            assertEquals(400, answer.status());
            assertTrue(answer.body().startsWith("{\"error\":\"BadRequest\",\"message\":\""), answer.body());
            assertEquals("", wire.rest(), "the connection ends");
        }
    }

    @Test
    void headers_without_end_are_refused_in_the_same_shape() throws Exception {
        Answer answer = server.get("/servers", "X-Large: " + "x".repeat(20_000));

        assertTrue(answer.status() == 400 || answer.status() == 431, answer.head());
        assertEquals("application/json", answer.header("Content-Type"));
    }

    @Test
    void a_broken_store_is_500_and_says_so_in_the_same_shape() throws Exception {
        server.store().close();

        for (Answer answer : List.of(server.post(EVENTS, "1"), server.get(EVENTS), server.get(EVENTS + "&live=true"))) {
            assertEquals(500, answer.status());
            assertEquals("application/json", answer.header("Content-Type"));
            assertTrue(answer.body().startsWith("{\"error\":\"StorageFailed\",\"message\":\""), answer.body());
        }
        assertEquals(400, server.post(EVENTS, "{").status(), "what is malformed is that, store or no store");
        assertEquals("[]", server.get("/servers").body());
    }

    @Test
    void a_failure_that_nobody_foresaw_is_500_in_the_same_shape() throws Exception {
        WebServer web = TestServer.listen(tree -> tree.get("/bug", (_, _) -> {
            throw new IllegalStateException("/home/someone/secret");
        }));
        try (Wire wire = Wire.to(web.port())) {
            Answer answer = wire.request("GET", "/bug").answer();

            assertEquals(500, answer.status());
            assertEquals("application/json", answer.header("Content-Type"));
            assertTrue(answer.body().startsWith("{\"error\":\"InternalServerError\",\"message\":\""), answer.body());
            assertFalse(answer.body().contains("secret"), "what went wrong is for the log: " + answer.body());
        } finally {
            web.stop();
        }
    }

    @Test
    void requests_may_be_sent_ahead() throws Exception {
        try (Wire wire = server.wire()) {
            wire.request("POST", EVENTS, "1".getBytes(StandardCharsets.UTF_8));
            wire.request("GET", "/nope");
            wire.request("POST", EVENTS, "{".getBytes(StandardCharsets.UTF_8));
            wire.request("GET", EVENTS);

            assertEquals(201, wire.answer().status());
            assertEquals(404, wire.answer().status());
            assertEquals(400, wire.answer().status());
            assertTrue(wire.answer().body().endsWith("\"event\":1}]"));
        }
    }

    @Test
    void a_connection_that_is_to_be_closed_is_closed() throws Exception {
        try (Wire wire = server.wire()) {
            Answer answer = wire.request("GET", "/servers", "Connection: close").answer();

            assertEquals("close", answer.header("Connection"));
            wire.patience(3_000);
            assertEquals("", wire.rest());
        }
    }
}
