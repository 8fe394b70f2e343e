package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Offset;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AppendEventTest {
    private static final String EVENTS = "/stream/events?sessionId=s";

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

    @Test
    void an_event_is_answered_with_its_offset_and_the_next() throws Exception {
        Answer answer = server.post(EVENTS, "{\"a\":1}");
        Offset offset = Offset.parse(answer.body().substring(11, 37));

        assertEquals("{\"offset\":\"" + offset + "\"}", answer.body());
        assertEquals(
                Set.of(
                        "HTTP/1.1 201 Created",
                        "Stream-Next-Offset: " + offset.next(),
                        "Content-Type: application/json",
                        "Content-Length: 39",
                        "Cache-Control: no-store",
                        "X-Content-Type-Options: nosniff",
                        "Cross-Origin-Resource-Policy: cross-origin",
                        "Vary: Origin",
                        "Connection: keep-alive"),
                Arrays.stream(answer.head().split("\r\n", -1))
                        .filter(line -> !line.startsWith("Date: "))
                        .collect(Collectors.toSet()));
    }

    @Test
    void offsets_ascend_across_sessions() throws Exception {
        Offset first = server.posted("a", "1");
        Offset second = server.posted("b", "2");
        Offset third = server.posted("a", "3");

        assertTrue(first.isBefore(second) && second.isBefore(third));
    }

    @Test
    void an_array_is_one_event_and_no_batch() throws Exception {
        Offset offset = server.posted("s", "[1,2,[3]]");

        assertEquals(
                "[{\"offset\":\"" + offset + "\",\"event\":[1,2,[3]]}]",
                server.get(EVENTS).body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "0",
                "-0",
                "\"\"",
                "[]",
                "{}",
                "12345678901234567890",
                "1.0",
                "1.10",
                "1e5",
                "1E+400",
                "-0.0e-00",
                "0.1000000000000000055511151231257827021181583404541015625",
                "\"\\u00e9\\u0000\\/\\\"\\\\\\b\\f\\n\\r\\t\"",
                "\"\\ud83c\\udf31 \\ud800\"",
                "\"🌱 naïve 日本 \u2028\u2029\u007f\ufeff\"",
                "{\"🌱\":\"b\",\"\":1,\"a\":{\"a\":[]}}",
                "{\"a\":1,\"a\":2,\"a\":1}",
                "{ \"a\" :\t[ 1 ,\r\n 2 ] ,\n\n \"b\" : null }",
                "{\"__proto__\":{},\"</script>\":\"<!--\"}",
            })
    void an_event_is_kept_byte_for_byte(String event) throws Exception {
        Offset offset = server.posted("s", event);

        assertEquals(
                "[{\"offset\":\"" + offset + "\",\"event\":" + event + "}]",
                server.get(EVENTS).body());
    }

    @Test
    void white_space_around_an_event_is_dropped_and_within_it_kept() throws Exception {
        Offset offset = server.posted("s", " \r\n\t{ \"a\" :\n1 } \t\r\n ");

        assertEquals(
                "[{\"offset\":\"" + offset + "\",\"event\":{ \"a\" :\n1 }}]",
                server.get(EVENTS).body());
    }

    @Test
    void a_hundred_objects_within_each_other_are_an_event() throws Exception {
        String event = "{\"a\":".repeat(100) + "null" + "}".repeat(100);
        Offset offset = server.posted("s", event);

        assertEquals(
                "[{\"offset\":\"" + offset + "\",\"event\":" + event + "}]",
                server.get(EVENTS).body());
    }

    @Test
    void a_string_of_a_mebibyte_is_an_event() throws Exception {
        String event = "\"" + "é🌱ab".repeat(128 * 1024) + "\"";
        Offset offset = server.posted("s", event);

        assertEquals(
                "[{\"offset\":\"" + offset + "\",\"event\":" + event + "}]",
                server.get(EVENTS).body());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000})
    void a_body_may_come_in_chunks_of_any_size(int chunkBytes) throws Exception {
        String event = "{\"text\":\"é🌱日本\",\"n\":[1.0,2]}";
        try (Wire wire = server.wire()) {
            wire.send(Wire.head("POST", EVENTS, "Transfer-Encoding: chunked") + "\r\n");
            wire.send(chunks(event.getBytes(StandardCharsets.UTF_8), chunkBytes));

            assertEquals(201, wire.answer().status());
            assertTrue(wire.request("GET", EVENTS).answer().body().endsWith(",\"event\":" + event + "}]"));
        }
    }

    @Test
    void one_connection_takes_many_events_in_order() throws Exception {
        try (Wire wire = server.wire()) {
            for (int i = 0; i < 20; i++) {
                byte[] event = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                assertEquals(201, wire.request("POST", EVENTS, event).answer().status());
            }
        }
        String body = server.get(EVENTS).body();
        for (int i = 0; i < 20; i++) {
            assertTrue(body.contains("\"event\":" + i + "}"), body);
        }
    }

    @Test
    void what_says_nothing_of_its_type_is_judged_by_its_bytes() throws Exception {
        assertEquals(201, server.post(EVENTS, "1", "Content-Type: text/plain").status());
        assertEquals(201, server.post(EVENTS, "2").status());
    }

    @Test
    void an_event_is_there_for_readers_before_its_writer_is_answered() throws Exception {
        for (int i = 0; i < 50; i++) {
            Offset offset = server.posted("s", Integer.toString(i));
            Answer answer = server.get(EVENTS + "&offset=" + offset);
            assertEquals("[{\"offset\":\"" + offset + "\",\"event\":" + i + "}]", answer.body());
        }
    }

    @Test
    void an_event_as_large_as_the_limit_is_taken() throws Exception {
        byte[] event = new byte[TestServer.LIMIT_BYTES];
        Arrays.fill(event, (byte) 'a');
        event[0] = '"';
        event[event.length - 1] = '"';

        assertEquals(201, server.post(EVENTS, event).status());
        try (Wire wire = server.wire()) {
            wire.send(Wire.head("POST", EVENTS, "Transfer-Encoding: chunked") + "\r\n");
            assertEquals(201, wire.send(chunks(event, 100_000)).answer().status());
        }
        assertArrayEquals(
                event,
                Arrays.copyOfRange(
                        server.get(EVENTS).bytes(),
                        "[{'offset':'01234567890123456789012345','event':".length(),
                        "[{'offset':'01234567890123456789012345','event':".length() + event.length));
    }

    @Test
    void who_asks_first_is_told_to_go_on() throws Exception {
        try (Wire wire = server.wire()) {
            wire.send(Wire.head("POST", EVENTS, "Expect: 100-continue", "Content-Length: 2") + "\r\n");
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", wire.text(25));

            assertEquals(201, wire.send("12").answer().status());
            assertEquals(200, wire.request("GET", EVENTS).answer().status());
        }
    }

    @Test
    void who_asks_first_and_may_not_is_not_told_to_go_on() throws Exception {
        try (Wire wire = server.wire()) {
            wire.send(Wire.head("POST", EVENTS, "Expect: 100-continue", "Content-Length: 99999999") + "\r\n");
            assertEquals(413, wire.answer().status());
        }
        try (Wire wire = server.wire()) {
            wire.send(Wire.head("POST", "/stream/events", "Expect: 100-continue", "Content-Length: 1") + "\r\n");
            assertEquals(400, wire.answer().status());
        }
    }

    @Test
    void an_answer_to_a_post_is_never_kept_by_a_cache() throws Exception {
        assertEquals("no-store", server.post(EVENTS, "1").header("Cache-Control"));
        assertEquals("no-store", server.post(EVENTS, "x").header("Cache-Control"));
        assertFalse(server.post(EVENTS, "1").has("ETag"));
    }

    static byte[] chunks(byte[] body, int chunkBytes) throws IOException {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int i = 0; i < body.length; i += chunkBytes) {
            byte[] chunk = Arrays.copyOfRange(body, i, Math.min(body.length, i + chunkBytes));
            chunks.writeBytes((Integer.toHexString(chunk.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            chunks.writeBytes(chunk);
            chunks.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        chunks.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return chunks.toByteArray();
    }
}
