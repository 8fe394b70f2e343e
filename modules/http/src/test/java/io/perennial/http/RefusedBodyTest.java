package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies that are no event, and what they leave of their connection.
@Timeout(60)
class RefusedBodyTest {
    private static final String EVENTS = "/stream/events?sessionId=s";
    private static final String TOO_LARGE = "{\"error\":\"PayloadTooLarge\",\"message\":\"the body is larger than "
            + TestServer.LIMIT_BYTES + " bytes, the limit of this server\"}";

    // One for all: none of these requests is to leave anything behind.
    private static TestServer server;

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = TestServer.on(directory);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\r\n\t "})
    void an_empty_body_is_no_event(String body) throws Exception {
        Answer answer = server.post(EVENTS, body);

        assertEquals(400, answer.status());
        assertEquals(
                "{\"error\":\"EmptyBody\",\"message\":\"the body is empty: it has to hold one JSON value\"}",
                answer.body());
        assertNothingIsStored();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "}",
                "[",
                "]",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{a:1}",
                "{1:1}",
                "{'a':1}",
                "'a'",
                "\"a",
                "\"a\nb\"",
                "\"a\tb\"",
                "\"\u0000\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\u12\"",
                "tru",
                "truex",
                "TRUE",
                "nul",
                "None",
                "undefined",
                "NaN",
                "Infinity",
                "01",
                "-",
                "-a",
                "+1",
                ".5",
                "1.",
                "1.e5",
                "1e",
                "1e+",
                "0x10",
                "1_000",
                "1,",
                ",1",
                "[01]",
                "[1.]",
                "[-]",
                "//c\n1",
                "/**/1",
                "1;",
                "\f1",
                "1\f",
                "\u00a01",
                "\u20281",
                "1\u0000",
                "\u00001"
            })
    void a_malformed_body_is_no_event(String body) throws Exception {
        assertIsNoJson(body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 2",
                "1\n2",
                "{} {}",
                "{}{}",
                "[] []",
                "[][]",
                "{}[]",
                "\"a\" \"b\"",
                "\"a\"\"b\"",
                "null null",
                "{} 1",
                "[1]]",
                "{}}",
                "{},{}",
                "null,",
                "1 x",
                "{\"a\":1}\n{\"b\":2}\n"
            })
    void a_second_document_makes_it_no_event(String body) throws Exception {
        assertIsNoJson(body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22ff22", // "\xff"
                "22c328 22", // a lead byte without its follower
                "22c080 22", // an overlong NUL
                "22eda080 22", // a surrogate of its own
                "22f5808080 22", // beyond the last code point
                "22e297", // cut off
                "efbbbf 31", // a byte order mark
                "fffe 3100", // UTF-16
                "3100" // UTF-16 without its mark
            })
    void what_is_not_utf_8_is_no_event(String hex) throws Exception {
        assertIsNoJson(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void five_thousand_levels_are_refused_without_harm(String open) throws Exception {
        String close = open.equals("[") ? "]" : "}";
        assertIsNoJson((open.repeat(5_000) + "1" + close.repeat(5_000)).getBytes(StandardCharsets.UTF_8));
        assertIsNoJson(open.repeat(200_000).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_body_over_the_limit_is_413_and_the_connection_goes_on() throws Exception {
        try (Wire wire = server.wire()) {
            wire.request("POST", EVENTS, large(TestServer.LIMIT_BYTES + 1));
            Answer answer = wire.answer();

            assertEquals(413, answer.status());
            assertEquals(TOO_LARGE, answer.body());
            assertEquals("[]", wire.request("GET", EVENTS).answer().body(), "the next answer on the connection");
        }
    }

    @Test
    void who_sends_ever_so_much_before_it_reads_can_read_the_413() throws Exception {
        try (Wire wire = server.wire()) {
            wire.request("POST", EVENTS, large(10 * TestServer.LIMIT_BYTES));
            assertEquals(TOO_LARGE, wire.answer().body());
        }
        try (Wire wire = server.wire()) {
            wire.request("POST", "/stream/events", large(10 * TestServer.LIMIT_BYTES));
            assertEquals(400, wire.answer().status());
        }
    }

    @Test
    void a_chunked_body_over_the_limit_is_413_and_can_be_read() throws Exception {
        try (Wire wire = server.wire()) {
            wire.send(Wire.head("POST", EVENTS, "Transfer-Encoding: chunked") + "\r\n");
            wire.send(AppendEventTest.chunks(large(TestServer.LIMIT_BYTES + 1), 65_536));
            assertEquals(TOO_LARGE, wire.answer().body());
            assertEquals("[]", wire.request("GET", EVENTS).answer().body());
        }
        try (Wire wire = server.wire()) {
            wire.send(Wire.head("POST", EVENTS, "Transfer-Encoding: chunked") + "\r\n");
            wire.send(AppendEventTest.chunks(large(10 * TestServer.LIMIT_BYTES), 65_536));
            assertEquals(TOO_LARGE, wire.answer().body());
        }
    }

    @Test
    void a_chunked_body_without_an_end_is_413_before_its_end() throws Exception {
        byte[] chunks = AppendEventTest.chunks(large(2 * TestServer.LIMIT_BYTES), 65_536);
        try (Wire wire = server.wire()) {
            wire.send(Wire.head("POST", EVENTS, "Transfer-Encoding: chunked") + "\r\n");
            // All of it but the last chunk, as of a client that has more to say.
            wire.send(Arrays.copyOf(chunks, chunks.length - "0\r\n\r\n".length()));
            assertEquals(413, wire.answer().status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection: close", "Expect: 100-continue", "X-Nothing: special"})
    void the_body_of_a_refused_request_is_never_taken_for_a_request(String header) throws Exception {
        String session = header.substring(0, header.indexOf(':'));
        try (Wire wire = server.wire()) {
            wire.request("POST", "/stream/events", disguised(session), header);
            assertEquals(400, wire.answer().status());
            wire.shutOutput();
            assertEquals("", wire.rest(), "what comes after the one answer");
        }
        assertEquals("[]", server.get("/stream/events?sessionId=" + session).body());
    }

    @Test
    void the_body_of_a_get_is_never_taken_for_a_request() throws Exception {
        try (Wire wire = server.wire()) {
            wire.request("GET", EVENTS, disguised("get"), "Connection: close");
            assertEquals("[]", wire.answer().body());
            wire.shutOutput();
            assertEquals("", wire.rest(), "what comes after the one answer");
        }
        assertEquals("[]", server.get("/stream/events?sessionId=get").body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n1\r\n0\r\n\r\n", "-1\r\n1\r\n0\r\n\r\n", "\r\n1\r\n0\r\n\r\n"})
    void a_malformed_chunk_is_answered_400_and_ends_the_connection(String chunks) throws Exception {
        try (Wire wire = server.wire()) {
            wire.patience(3_000);
            wire.send(Wire.head("POST", EVENTS, "Transfer-Encoding: chunked") + "\r\n" + chunks);
            assertEquals(400, wire.answer().status());
            assertEquals("", wire.rest());
        }
        assertNothingIsStored();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "one", "1 1", "99999999999999999999"})
    void a_malformed_length_is_answered_400(String length) throws Exception {
        try (Wire wire = server.wire()) {
            wire.patience(3_000);
            wire.send(Wire.head("POST", EVENTS, "Content-Length: " + length) + "\r\n1");
            assertEquals(400, wire.answer().status());
        }
        assertNothingIsStored();
    }

    @Test
    void a_body_that_breaks_off_is_no_event() throws Exception {
        try (Wire wire = server.wire()) {
            wire.send(Wire.head("POST", EVENTS, "Content-Length: 10") + "\r\n123");
            wire.shutOutput();
            wire.rest();
        }
        try (Wire wire = server.wire()) {
            wire.send(Wire.head("POST", EVENTS, "Transfer-Encoding: chunked") + "\r\n3\r\n123\r\n");
            wire.shutOutput();
            wire.rest();
        }
        assertNothingIsStored();
    }

    @Test
    void what_a_client_only_announces_takes_no_memory(@TempDir Path directory) throws Exception {
        int announced = 256 * 1024 * 1024;
        Duration hour = Duration.ofHours(1);
        HttpConfig config = new HttpConfig(1_000, announced, hour, 1, hour, hour, List.of("*"));
        List<Wire> waiting = new ArrayList<>();
        try (TestServer roomy = TestServer.on(directory, config)) {
            // Three times the memory of the tests.
            for (int i = 0; i < 12; i++) {
                waiting.add(
                        roomy.wire().send(Wire.head("POST", EVENTS, "Content-Length: " + announced) + "\r\n" + "1"));
            }
            roomy.posted("s", "1");
            for (Wire wire : waiting) {
                wire.shutOutput();
                assertEquals(400, wire.answer().status());
            }
        } finally {
            waiting.forEach(Wire::close);
        }
    }

    private static void assertIsNoJson(byte[] body) throws Exception {
        Answer answer = server.post(EVENTS, body);

        assertEquals(400, answer.status());
        assertTrue(answer.body().startsWith("{\"error\":\"InvalidJson\",\"message\":\"the body isn't "), answer.body());
        assertNothingIsStored();
    }

    private static void assertNothingIsStored() throws Exception {
        Answer answer = server.get(EVENTS);
        assertEquals("[]", answer.body());
        assertEquals("-1", answer.header("Stream-Next-Offset"), "the session is still unknown");
    }

    // A body that would append an event, were it a request.
    private static byte[] disguised(String session) {
        return Wire.head("POST", "/stream/events?sessionId=" + session)
                .concat("Content-Length: 1\r\n\r\n1")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] large(int bytes) {
        byte[] body = new byte[bytes];
        Arrays.fill(body, (byte) 'a');
        return body;
    }
}
