package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where a request ends, and what becomes of its connection.
@Timeout(60)
class ConnectionsTest {
    private static final String EVENTS = "/stream/events?sessionId=s";
    private static final String LIVE = EVENTS + "&live=true";
    private static final int SOON_MILLIS = 3_000;

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.on(directory, TestServer.config(1_000, Duration.ofHours(1), 1));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http:./other/servers", "http:x/y", "mailto:a/b"})
    void a_target_without_a_path_is_the_clients_mistake(String target) throws Exception {
        for (String method : List.of("GET", "POST", "DELETE")) {
            try (Wire wire = server.wire()) {
                wire.patience(SOON_MILLIS);
                int status = wire.request(method, target).answer().status();
                assertTrue(status == 400 || status == 404, method + " " + target + ": " + status);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"DELETE /v1/stream/doomed", "DELETE /servers/x", "OPTIONS /v1/stream/s", "PUT /v1/stream/s"})
    void a_body_that_waits_to_be_asked_for_is_never_taken_for_a_request(String line) throws Exception {
        Streams streams = new Streams(server);
        streams.created("doomed", Streams.JSON);
        streams.created("s", Streams.JSON);
        String smuggled = Wire.head("POST", EVENTS, "Content-Length: 1") + "\r\n2";
        try (Wire wire = server.wire()) {
            wire.patience(SOON_MILLIS);
            wire.send(
                    line + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
                            + "Content-Length: " + smuggled.length() + "\r\n\r\n" + smuggled);
            wire.answer();
        }
        assertEquals("[]", server.get(EVENTS).body(), line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|/servers|200|close",
                "GET|/servers|200|Close",
                "GET|/servers|200|keep-alive, close",
                "GET|/stream/events|400|close",
                "GET|/stream/events|400|Close",
                "GET|/nope|404|close",
                "PUT|/servers|405|keep-alive, Close",
                "OPTIONS|/servers|204|close",
                "HEAD|/servers|200|close",
                "HEAD|/nope|404|Close",
            })
    void a_connection_is_closed_where_the_client_asks_for_it(String method, String target, int status, String option)
            throws Exception {
        try (Wire wire = server.wire()) {
            wire.patience(SOON_MILLIS);
            wire.request(method, target, "Connection: " + option);
            Answer answer = method.equals("HEAD") ? wire.head() : wire.answer();

            assertEquals(status, answer.status());
            assertEquals("close", answer.header("Connection"));
            assertEquals("", wire.rest());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /ser",
                "GET /servers HTTP/1.1\r\n",
                "GET /servers HTTP/1.1\r\nHo",
                "GET /servers HTTP/1.1\r\nHost: localhost\r\n",
                "GET /servers HTTP/1.1\r\nHost: localhost\r\n\r",
            })
    void who_says_no_more_in_the_middle_of_a_request_gets_no_answer(String beginning) throws Exception {
        try (Wire wire = server.wire()) {
            wire.send(beginning).shutOutput();
            assertEquals("", wire.rest());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET/servers HTTP/1.1", "/ HTTP/1.1", "G\u0000T /servers HTTP/1.1", "G(T /servers HTTP/1.1"})
    void a_method_that_is_none_is_400(String line) throws Exception {
        try (Wire wire = server.wire()) {
            Answer answer = wire.send(line + "\r\nHost: localhost\r\n\r\n").answer();
            assertEquals(400, answer.status());
            assertTrue(answer.body().contains("malformed"), answer.body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEaD", "get", "Post", "delete"})
    void a_method_in_small_letters_is_none_that_a_proxy_knows(String method) throws Exception {
        try (Wire wire = server.wire()) {
            Answer answer = wire.request(method, "/servers").answer();
            assertEquals(400, answer.status());
            assertTrue(answer.body().contains("capitals"), answer.body());
            assertEquals("", wire.rest());
        }
    }

    @Test
    void an_answer_without_a_body_says_nothing_of_a_length_and_leaves_the_connection_to_the_next() throws Exception {
        try (Wire wire = server.wire()) {
            wire.request("PUT", "/v1/stream/a", "Stream-Closed: true");
            assertEquals("0", wire.answer().header("Content-Length"));
            String tag = wire.request("GET", "/v1/stream/a").answer().header("ETag");

            Answer unchanged =
                    wire.request("GET", "/v1/stream/a", "If-None-Match: " + tag).head();
            assertEquals(304, unchanged.status());
            assertFalse(unchanged.has("Content-Length"));
            Answer head = wire.request("HEAD", "/v1/stream/a").head();
            assertEquals(200, head.status());
            assertFalse(head.has("Content-Length"));
            Answer options = wire.request("OPTIONS", "/servers").head();
            assertEquals(204, options.status());
            assertFalse(options.has("Content-Length"));
            Answer gone = wire.request("DELETE", "/v1/stream/a").head();
            assertEquals(204, gone.status());
            assertFalse(gone.has("Content-Length"));

            assertEquals("2", wire.request("HEAD", "/servers").head().header("Content-Length"));
            assertEquals("[]", wire.request("GET", "/servers").answer().body());
        }
    }

    @Test
    void a_live_answer_ends_its_connection_where_the_client_asks_for_it() throws Exception {
        server.posted("s", "1");
        server.close("sessions/s");
        for (int i = 0; i < 3; i++) {
            // There is room for one at a time, so each has to leave.
            int round = i;
            Eventually.holds("there is room again", () -> server.bus().subscriptions() == 0 || round == 0);
            try (Followed followed = server.follow(LIVE, "Connection: close")) {
                followed.wire().patience(SOON_MILLIS);
                assertEquals(200, followed.head().status());
                assertTrue(followed.rest().endsWith("\n\n"));
                assertEquals("", followed.wire().rest());
            }
        }
    }

    // As Python's urllib does, whatever it sends.
    @ParameterizedTest
    @CsvSource({"/stream/events?sessionId=s,413", "/stream/events,400", "/nope,404"})
    void who_wants_the_connection_closed_and_sends_it_all_can_read_why_it_was_refused(String target, int status)
            throws Exception {
        byte[] body = new byte[16 * 1024 * 1024];
        Arrays.fill(body, (byte) '1');
        for (int i = 0; i < 3; i++) {
            try (Wire wire = server.wire()) {
                wire.request("POST", target, body, "Connection: close");
                assertEquals(status, wire.answer().status());
            }
        }
    }

    @Test
    void an_accepted_event_of_a_client_that_wants_the_connection_closed_is_answered() throws Exception {
        try (Wire wire = server.wire()) {
            wire.request("POST", EVENTS, "1".getBytes(StandardCharsets.UTF_8), "Connection: close");
            assertEquals(201, wire.answer().status());
            assertEquals("", wire.rest());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 1\r\nContent-Length: 2",
                "Content-Length: 1\r\nContent-Length: 1",
                "Content-Length: 1, 1",
                "Content-Length: +1",
                "Content-Length: 0x1",
                "Content-Length: 1.0",
                "Content-Length: 1\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 1",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: Chunked",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            })
    void a_body_whose_end_is_a_matter_of_opinion_is_refused(String headers) throws Exception {
        try (Wire wire = server.wire()) {
            wire.patience(SOON_MILLIS);
            wire.send(Wire.head("POST", EVENTS, headers) + "\r\n1\r\n7\r\n0\r\n\r\n");
            Answer answer = wire.answer();

            assertTrue(answer.status() == 400 || answer.status() == 501, answer.head());
            assertTrue(!answer.body().contains("EmptyBody"), "it has one: " + answer.body());
            assertEquals("close", answer.header("Connection"));
            assertEquals("nosniff", answer.header("X-Content-Type-Options"));
            assertEquals("", wire.rest());
        }
        assertEquals("[]", server.get(EVENTS).body());
    }

    @Test
    void a_chunk_may_have_extensions() throws Exception {
        try (Wire wire = server.wire()) {
            wire.patience(SOON_MILLIS);
            wire.send(Wire.head("POST", EVENTS, "Transfer-Encoding: chunked") + "\r\n1;a=b\r\n7\r\n0\r\n\r\n");
            assertTrue(wire.answer().status() < 500, "a rare client, and no fault of the server's");
        }
    }
}
