package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Idempotent producers on the protocol's face (protocol, section 5.2.1).
@Timeout(60)
class StreamProducerTest {
    private static final long GREATEST = 9_007_199_254_740_991L;

    @TempDir
    Path directory;

    private TestServer server;
    private Streams streams;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.on(directory);
        streams = new Streams(server);
        streams.created("s", Streams.TEXT);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void news_is_200_and_a_retry_204() throws Exception {
        Answer first = append("a", 0, 0);
        assertEquals(200, first.status());
        assertEquals("0", first.header("Content-Length"));
        assertAccepted(first, 0, 0);

        Answer second = append("b", 0, 1);
        assertEquals(200, second.status());
        assertAccepted(second, 0, 1);

        for (int seq = 0; seq <= 1; seq++) {
            Answer retry = append("other bytes, which nobody compares", 0, seq);
            assertEquals(204, retry.status());
            assertAccepted(retry, 0, 1);
            assertEquals(second.header("Stream-Next-Offset"), retry.header("Stream-Next-Offset"));
        }
        assertEquals("ab", streams.get("s").body());
    }

    @Test
    void a_gap_is_409_with_what_comes_next() throws Exception {
        Answer unknown = append("a", 0, 1);
        assertEquals(409, unknown.status());
        assertEquals("0", unknown.header("Producer-Expected-Seq"));
        assertEquals("1", unknown.header("Producer-Received-Seq"));

        append("a", 0, 0);
        Answer gap = append("c", 0, 2);
        assertEquals(409, gap.status());
        assertEquals("1", gap.header("Producer-Expected-Seq"));
        assertEquals("2", gap.header("Producer-Received-Seq"));
        assertFalse(gap.has("Stream-Closed"));
        assertEquals("a", streams.get("s").body());
    }

    @Test
    void an_old_epoch_is_403_with_the_one_that_took_over() throws Exception {
        append("a", 1, 0);
        append("b", 5, 0);
        for (int seq : new int[] {0, 1, 9}) {
            Answer answer = append("z", 1, seq);
            assertEquals(403, answer.status());
            assertEquals("5", answer.header("Producer-Epoch"));
        }
        assertEquals(200, append("c", 5, 1).status());
        assertEquals("abc", streams.get("s").body());
    }

    @Test
    void a_new_epoch_begins_at_zero() throws Exception {
        append("a", 0, 0);
        Answer answer = append("b", 1, 1);
        assertEquals(400, answer.status());
        assertTrue(answer.body().startsWith("{\"error\":\"InvalidProducer\","), answer.body());
        assertEquals(200, append("b", 1, 0).status());
        assertEquals(403, append("c", 0, 1).status());
    }

    @Test
    void the_greatest_numbers_are_two_to_the_53_less_one() throws Exception {
        assertEquals(200, append("a", GREATEST, 0).status());
        assertEquals(409, append("b", GREATEST, GREATEST).status());
        assertEquals("a", streams.get("s").body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"9007199254740992", "10000000000000000", "-1", "+1", "1.0", "1e3", "", "a", "1 1", "0x1"})
    void what_is_no_such_number_is_400(String number) throws Exception {
        assertEquals(400, streams.post("s", "x", headers("p", number, "0")).status());
        assertEquals(400, streams.post("s", "x", headers("p", "0", number)).status());
        assertEquals("", streams.get("s").body());
    }

    @ParameterizedTest
    @CsvSource({
        "Producer-Id: p,X: x",
        "Producer-Epoch: 0,X: x",
        "Producer-Seq: 0,X: x",
        "Producer-Id: p,Producer-Epoch: 0",
        "Producer-Id: p,Producer-Seq: 0",
        "Producer-Epoch: 0,Producer-Seq: 0"
    })
    void some_of_the_headers_are_400_even_where_the_stream_is_closed(String one, String other) throws Exception {
        assertEquals(400, streams.post("s", "x", Streams.TEXT, one, other).status());
        assertEquals(400, streams.post("s", "", Streams.CLOSED, one, other).status());
        assertFalse(streams.head("s").has("Stream-Closed"));
        streams.close("s");
        assertEquals(400, streams.post("s", "x", Streams.TEXT, one, other).status());
    }

    @Test
    void an_id_is_ascii_or_two_producers_could_be_one() throws Exception {
        for (String id : List.of("", "\u00e9", "p\u4e2d", "p".repeat(256))) {
            assertEquals(400, streams.post("s", "x", headers(id, "0", "0")).status(), id);
        }
        assertEquals(
                200, streams.post("s", "x", headers("p".repeat(255), "0", "0")).status());
        assertEquals(200, streams.post("s", "y", headers("a b/%2F,~", "0", "0")).status());
    }

    @Test
    void what_is_refused_uses_up_no_number() throws Exception {
        assertEquals(
                409,
                streams.post("s", "x", "Content-Type: a/b", "Producer-Id: p", "Producer-Epoch: 0", "Producer-Seq: 0")
                        .status());
        assertEquals(400, append("", 0, 0).status());
        streams.appended("s", "1", Streams.TEXT, "Stream-Seq: b");
        assertEquals(409, append("x", 0, 0, "Stream-Seq: a").status());
        assertEquals(200, append("2", 0, 0, "Stream-Seq: c").status());
        assertEquals(204, append("2", 0, 0, "Stream-Seq: c").status(), "a retry, though its sequence is old by now");
    }

    @Test
    void who_closed_it_may_say_so_again_and_nobody_else() throws Exception {
        append("a", 0, 0);
        Answer close = append("b", 0, 1, Streams.CLOSED);
        assertEquals(200, close.status());
        assertEquals("true", close.header("Stream-Closed"));
        assertAccepted(close, 0, 1);

        Answer again = append("b", 0, 1, Streams.CLOSED);
        assertEquals(204, again.status());
        assertEquals("true", again.header("Stream-Closed"));
        assertAccepted(again, 0, 1);
        assertEquals(close.header("Stream-Next-Offset"), again.header("Stream-Next-Offset"));

        for (Answer late :
                List.of(append("a", 0, 0), append("c", 0, 2), append("c", 1, 0), append("c", 0, 2, Streams.CLOSED))) {
            assertEquals(409, late.status());
            assertEquals("true", late.header("Stream-Closed"));
            assertEquals(close.header("Stream-Next-Offset"), late.header("Stream-Next-Offset"));
        }
        assertEquals(204, streams.close("s").status(), "closing without a number is always fine");
        assertEquals("ab", streams.get("s").body());
    }

    @Test
    void a_numbered_close_without_a_body_is_204_each_time() throws Exception {
        append("a", 0, 0);
        for (int i = 0; i < 2; i++) {
            Answer answer = append("", 0, 1, Streams.CLOSED);
            assertEquals(204, answer.status());
            assertEquals("true", answer.header("Stream-Closed"));
            assertAccepted(answer, 0, 1);
        }
    }

    @Test
    void numbers_outlive_the_server() throws Exception {
        append("a", 3, 0);
        Answer close = append("b", 3, 1, Streams.CLOSED);
        streams.created("t", Streams.TEXT);
        streams.post("t", "1", headers("p", "0", "0"));
        server.close();
        start(directory);

        assertEquals(204, append("b", 3, 1, Streams.CLOSED).status());
        assertEquals(close.header("Stream-Next-Offset"), append("b", 3, 1).header("Stream-Next-Offset"));
        assertEquals(409, append("c", 3, 2).status());
        assertEquals(204, streams.post("t", "1", headers("p", "0", "0")).status());
        assertEquals(409, streams.post("t", "3", headers("p", "0", "2")).status());
        assertEquals(200, streams.post("t", "2", headers("p", "0", "1")).status());
        assertEquals("12", streams.get("t").body());
    }

    private void start(Path same) {
        server = TestServer.on(same);
        streams = new Streams(server);
    }

    @Test
    void a_fork_knows_no_producer_of_its_source() throws Exception {
        append("a", 2, 0);
        append("b", 2, 1);
        streams.appended("s", "c", Streams.TEXT, "Stream-Seq: z");
        streams.created("fork", "Stream-Forked-From: /v1/stream/s");
        assertEquals(409, streams.post("fork", "x", headers("p", "2", "2")).status());
        assertEquals(200, streams.post("fork", "x", headers("p", "0", "0")).status());
        streams.appended("fork", "y", Streams.TEXT, "Stream-Seq: a");
        assertEquals("abcxy", streams.get("fork").body());
    }

    private static void assertAccepted(Answer answer, long epoch, long seq) {
        assertEquals(Long.toString(epoch), answer.header("Producer-Epoch"));
        assertEquals(Long.toString(seq), answer.header("Producer-Seq"));
    }

    private Answer append(String body, long epoch, long seq, String... more) throws Exception {
        List<String> headers = new ArrayList<>(List.of(headers("p", Long.toString(epoch), Long.toString(seq))));
        headers.addAll(List.of(more));
        return streams.post("s", body, headers.toArray(String[]::new));
    }

    private static String[] headers(String id, String epoch, String seq) {
        return new String[] {Streams.TEXT, "Producer-Id: " + id, "Producer-Epoch: " + epoch, "Producer-Seq: " + seq};
    }
}
