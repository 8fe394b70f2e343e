package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Appending, closing and deleting through the protocol's face.
@Timeout(60)
class AppendToStreamTest {
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
    void an_append_is_204_with_the_tail_and_no_length() throws Exception {
        streams.created("s", Streams.TEXT);
        Answer answer = streams.post("s", "hello", Streams.TEXT);

        assertEquals(
                Set.of(
                        "HTTP/1.1 204 No Content",
                        "Connection: keep-alive",
                        "Cross-Origin-Resource-Policy: cross-origin",
                        "Stream-Next-Offset: " + streams.head("s").header("Stream-Next-Offset"),
                        "Vary: Origin",
                        "X-Content-Type-Options: nosniff"),
                Streams.lines(answer));
    }

    @Test
    void a_head_tells_all_but_the_length() throws Exception {
        streams.created("s", "Content-Type: text/plain; charset=utf-8", "Stream-TTL: 60");
        String tail = streams.appended("s", "hello", Streams.TEXT);

        assertEquals(
                Set.of(
                        "HTTP/1.1 200 OK",
                        "Cache-Control: no-store",
                        "Connection: keep-alive",
                        "Content-Type: text/plain; charset=utf-8",
                        "Cross-Origin-Resource-Policy: cross-origin",
                        "Stream-Next-Offset: " + tail,
                        "Stream-TTL: 60",
                        "Vary: Origin",
                        "X-Content-Type-Options: nosniff"),
                Streams.lines(streams.head("s")));
    }

    @Test
    void an_empty_body_is_only_for_closing() throws Exception {
        streams.created("s", Streams.TEXT);
        for (Answer answer : new Answer[] {
            streams.post("s", "", Streams.TEXT), server.request("POST", Streams.at("s")), chunked("0\r\n\r\n")
        }) {
            assertEquals(400, answer.status());
            assertTrue(answer.body().startsWith("{\"error\":\"EmptyBody\","), answer.body());
        }
    }

    @Test
    void a_body_has_a_type_and_an_empty_one_needs_none() throws Exception {
        streams.created("s", Streams.TEXT);
        Answer answer = streams.post("s", "x");
        assertEquals(400, answer.status());
        assertTrue(answer.body().startsWith("{\"error\":\"MissingContentType\","), answer.body());

        assertEquals(
                204,
                streams.post("s", "", "Content-Type: no type at all", Streams.CLOSED)
                        .status());
    }

    @Test
    void chunks_are_one_body() throws Exception {
        streams.created("s", Streams.TEXT);
        assertEquals(204, chunked("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n").status());
        assertEquals("abcde", streams.get("s").body());
    }

    @Test
    void closing_is_told_each_time_and_changes_nothing_again() throws Exception {
        streams.created("s", Streams.TEXT);
        String tail = streams.appended("s", "x", Streams.TEXT);
        for (int i = 0; i < 3; i++) {
            Answer answer = streams.close("s");
            assertEquals(204, answer.status());
            assertEquals("true", answer.header("Stream-Closed"));
            assertEquals(tail, answer.header("Stream-Next-Offset"));
        }
    }

    @Test
    void the_last_append_closes_in_one_step() throws Exception {
        streams.created("s", Streams.TEXT);
        Answer answer = streams.post("s", "end", Streams.TEXT, Streams.CLOSED);
        assertEquals(204, answer.status());
        assertEquals("true", answer.header("Stream-Closed"));

        Answer read = streams.get("s");
        assertEquals("end", read.body());
        assertEquals("true", read.header("Stream-Closed"));
        assertClosed(streams.post("s", "end", Streams.TEXT, Streams.CLOSED), answer.header("Stream-Next-Offset"));
    }

    @Test
    void that_it_is_closed_goes_before_what_else_is_wrong() throws Exception {
        streams.created("s", Streams.TEXT);
        String tail = streams.appended("s", "x", Streams.TEXT, "Stream-Seq: b");
        streams.close("s");

        assertClosed(streams.post("s", "x", Streams.TEXT), tail);
        assertClosed(streams.post("s", "{}", Streams.JSON), tail);
        assertClosed(streams.post("s", "x", Streams.TEXT, "Stream-Seq: a"), tail);
        assertClosed(streams.post("s", "x", "Content-Type: x/y", "Stream-Seq: a", Streams.CLOSED), tail);
    }

    @Test
    void another_type_goes_before_an_old_sequence() throws Exception {
        streams.created("s", Streams.TEXT);
        streams.appended("s", "x", Streams.TEXT, "Stream-Seq: b");
        Answer answer = streams.post("s", "x", Streams.BYTES, "Stream-Seq: a");

        assertEquals(409, answer.status());
        assertEquals(
                "{\"error\":\"ContentTypeMismatch\",\"message\":\"the stream s holds text/plain\"}", answer.body());
        assertFalse(answer.has("Stream-Closed"));
    }

    @ParameterizedTest
    @CsvSource({"a,b,204", "a,a,409", "b,a,409", "9,10,409", "09,10,204", "a,aa,204", "Z,a,204", "a,Z,409", "~,!,409"})
    void sequences_are_compared_byte_by_byte(String first, String second, int status) throws Exception {
        streams.created("s", Streams.TEXT);
        streams.appended("s", "1", Streams.TEXT, "Stream-Seq: " + first);
        assertEquals(
                status,
                streams.post("s", "2", Streams.TEXT, "Stream-Seq: " + second).status());
        assertEquals(status == 204 ? "12" : "1", streams.get("s").body());
    }

    @Test
    void an_append_without_a_sequence_leaves_the_last_one_as_it_was() throws Exception {
        streams.created("s", Streams.TEXT);
        streams.appended("s", "1", Streams.TEXT, "Stream-Seq: b");
        streams.appended("s", "2", Streams.TEXT);
        assertEquals(409, streams.post("s", "3", Streams.TEXT, "Stream-Seq: b").status());
        streams.appended("s", "3", Streams.TEXT, "Stream-Seq: c");
    }

    @Test
    void a_sequence_is_short_ascii_and_given_once() throws Exception {
        streams.created("s", Streams.TEXT);
        assertIsRefused("InvalidSequence", "Stream-Seq:");
        assertIsRefused("InvalidSequence", "Stream-Seq: " + "x".repeat(256));
        assertIsRefused("RepeatedHeader", "Stream-Seq: a", "Stream-Seq: b");
        assertIsRefused("InvalidHeader", "Stream-Seq: \u00e9");
        assertIsRefused("InvalidHeader", "Stream-Seq: \u4e2d");
        assertIsRefused("RepeatedHeader", Streams.TEXT);
        streams.appended("s", "x", Streams.TEXT, "Stream-Seq: " + "x".repeat(255));
    }

    @Test
    void bytes_that_are_no_text_at_all_are_no_sequence() throws Exception {
        streams.created("s", Streams.TEXT);
        try (Wire wire = server.wire()) {
            wire.send(Wire.head("POST", Streams.at("s"), Streams.TEXT, "Content-Length: 1"));
            wire.send("Stream-Seq: a".getBytes(StandardCharsets.US_ASCII));
            wire.send(new byte[] {(byte) 0xff, (byte) 0x80}).send("\r\n\r\nx");
            assertEquals(400, wire.answer().status());
            assertEquals("", wire.request("GET", Streams.at("s")).answer().body(), "nothing was stored");
        }
    }

    @Test
    void a_body_over_the_limit_is_413_and_nothing_of_it_is_stored() throws Exception {
        streams.created("s", Streams.TEXT);
        String most = "x".repeat(TestServer.LIMIT_BYTES);
        assertEquals(413, streams.post("s", most + "x", Streams.TEXT).status());
        String chunk = Integer.toHexString(most.length() / 2 + 1) + "\r\n" + "x".repeat(most.length() / 2 + 1) + "\r\n";
        assertEquals(413, chunked(chunk + chunk + "0\r\n\r\n").status());
        assertEquals(413, streams.putBody("t", most + "x", Streams.TEXT).status());
        assertEquals("", streams.get("s").body());
        assertEquals(404, streams.get("t").status());

        streams.appended("s", most, Streams.TEXT);
        assertEquals(most, streams.get("s").body());
    }

    @Test
    void a_client_that_goes_away_within_its_body_leaves_nothing() throws Exception {
        streams.created("s", Streams.TEXT);
        for (String rest : new String[] {"Content-Length: 10\r\n\r\nx", "Transfer-Encoding: chunked\r\n\r\n5\r\nabc"}) {
            try (Wire wire = server.wire()) {
                wire.send(Wire.head("POST", Streams.at("s"), Streams.TEXT) + rest);
                wire.shutOutput();
                assertTrue(wire.rest().matches("(?s)(HTTP/1.1 400 .*)?"));
            }
            Wire gone = server.wire();
            gone.send(Wire.head("PUT", Streams.at("t"), Streams.TEXT) + rest);
            gone.reset();
        }
        streams.appended("s", "whole", Streams.TEXT);
        assertEquals("whole", streams.get("s").body());
        assertEquals(404, streams.get("t").status());
    }

    @Test
    void what_was_deleted_is_gone_and_may_come_again_as_another() throws Exception {
        streams.created("s", Streams.TEXT);
        streams.appended("s", "x", Streams.TEXT);
        Answer deleted = streams.delete("s");
        assertEquals(204, deleted.status());
        assertFalse(deleted.has("Content-Length"));

        assertEquals(404, streams.get("s").status());
        assertEquals(404, streams.head("s").status());
        assertEquals(404, streams.delete("s").status());
        assertEquals(404, streams.close("s").status());
        assertEquals(404, streams.post("s", "x", Streams.TEXT).status());
        assertEquals(404, streams.get("s?offset=now").status());
        assertEquals(404, streams.get("s?offset=-1&live=long-poll").status());
        assertEquals(404, streams.get("s?offset=-1&live=sse").status());

        streams.created("s", Streams.JSON);
        assertEquals("[]", streams.get("s").body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATCH", "TRACE", "BREW"})
    void a_method_that_is_not_there_is_405(String method) throws Exception {
        Answer answer = server.request(method, Streams.at("s"));
        assertEquals(405, answer.status());
        assertEquals("GET, HEAD, PUT, POST, DELETE, OPTIONS", answer.header("Allow"));
        assertEquals(204, server.request("OPTIONS", Streams.at("s")).status());
    }

    private Answer chunked(String chunks) throws Exception {
        try (Wire wire = server.wire()) {
            return wire.send(Wire.head("POST", Streams.at("s"), Streams.TEXT, "Transfer-Encoding: chunked") + "\r\n"
                            + chunks)
                    .answer();
        }
    }

    private static void assertClosed(Answer answer, String tail) {
        assertEquals(409, answer.status());
        assertEquals("true", answer.header("Stream-Closed"));
        assertEquals(tail, answer.header("Stream-Next-Offset"));
        assertTrue(answer.body().startsWith("{\"error\":\"StreamClosed\","), answer.body());
    }

    private void assertIsRefused(String code, String... more) throws Exception {
        String[] headers = new String[more.length + 1];
        headers[0] = Streams.TEXT;
        System.arraycopy(more, 0, headers, 1, more.length);
        Answer answer = streams.post("s", "x", headers);
        assertEquals(400, answer.status(), answer.body());
        assertTrue(answer.body().startsWith("{\"error\":\"" + code + "\","), answer.body());
        assertEquals("", streams.get("s").body(), "nothing was stored");
    }
}
