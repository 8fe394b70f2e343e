package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProducerHeadersTest {
    private static final String EVENTS = "/stream/events?sessionId=s";
    private static final long GREATEST = 9_007_199_254_740_991L;

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
    void a_numbered_event_is_stored_and_its_number_echoed() throws Exception {
        Answer answer = post("1", "p", 7, 0);

        assertEquals(201, answer.status());
        assertEquals("7", answer.header("Producer-Epoch"));
        assertEquals("0", answer.header("Producer-Seq"));
        assertTrue(answer.has("Stream-Next-Offset"));
    }

    @Test
    void an_event_without_a_number_has_none_echoed() throws Exception {
        Answer answer = server.post(EVENTS, "1");

        assertFalse(answer.has("Producer-Epoch") || answer.has("Producer-Seq"));
    }

    @Test
    void a_retry_stores_nothing_twice_and_is_told_how_far_it_came() throws Exception {
        post("1", "p", 0, 0);
        String tail = post("2", "p", 0, 1).header("Stream-Next-Offset");

        for (int seq = 0; seq <= 1; seq++) {
            Answer retry = post("2", "p", 0, seq);
            assertEquals(204, retry.status());
            assertEquals("", retry.body());
            assertEquals("0", retry.header("Producer-Epoch"));
            assertEquals("1", retry.header("Producer-Seq"));
            assertEquals(tail, retry.header("Stream-Next-Offset"));
            assertFalse(retry.has("Content-Type"));
        }
        assertEquals(2, stored());
    }

    @Test
    void a_retry_on_the_same_connection_leaves_it_usable() throws Exception {
        try (Wire wire = server.wire()) {
            String[] headers = headers("p", "0", "0");
            assertEquals(
                    201,
                    wire.request("POST", EVENTS, new byte[] {'1'}, headers)
                            .answer()
                            .status());
            assertEquals(
                    204,
                    wire.request("POST", EVENTS, new byte[] {'1'}, headers)
                            .answer()
                            .status());
            assertEquals(200, wire.request("GET", EVENTS).answer().status());
        }
    }

    @Test
    void a_gap_is_409_and_says_what_comes_next() throws Exception {
        post("1", "p", 0, 0);
        Answer answer = post("3", "p", 0, 2);

        assertEquals(409, answer.status());
        assertEquals("1", answer.header("Producer-Expected-Seq"));
        assertEquals("2", answer.header("Producer-Received-Seq"));
        assertEquals(
                "{\"error\":\"SequenceGap\",\"message\":\"Producer-Seq 1 comes next, and this is 2\"}", answer.body());
        assertEquals(1, stored());
    }

    @Test
    void a_producer_that_nobody_knows_begins_at_zero() throws Exception {
        Answer answer = post("1", "p", 3, 5);

        assertEquals(409, answer.status());
        assertEquals("0", answer.header("Producer-Expected-Seq"));
        assertEquals("5", answer.header("Producer-Received-Seq"));
        assertEquals("-1", server.get(EVENTS).header("Stream-Next-Offset"), "no session was made");
    }

    @Test
    void a_producer_that_was_replaced_is_403_and_told_by_whom() throws Exception {
        post("1", "p", 4, 0);
        post("2", "p", 5, 0);
        Answer answer = post("3", "p", 4, 1);

        assertEquals(403, answer.status());
        assertEquals("5", answer.header("Producer-Epoch"));
        assertEquals(
                "{\"error\":\"StaleEpoch\",\"message\":" + "\"a producer of the same id has taken over with epoch 5\"}",
                answer.body());
        assertEquals(2, stored());
    }

    @Test
    void a_new_epoch_begins_at_zero() throws Exception {
        post("1", "p", 0, 0);
        Answer answer = post("2", "p", 1, 1);

        assertEquals(400, answer.status());
        assertEquals(
                "{\"error\":\"InvalidProducer\",\"message\":"
                        + "\"epoch 1 is new and begins with Producer-Seq 0, not 1\"}",
                answer.body());
        assertEquals(201, post("2", "p", 1, 0).status());
    }

    @Test
    void producers_and_sessions_are_numbered_each_on_their_own() throws Exception {
        assertEquals(201, post("1", "p", 0, 0).status());
        assertEquals(201, post("2", "q", 0, 0).status());
        assertEquals(
                201,
                server.post("/stream/events?sessionId=t", "3", headers("p", "0", "0"))
                        .status());
        assertEquals(201, post("4", "p", 0, 1).status());
    }

    @ParameterizedTest
    @CsvSource({
        "true,false,false",
        "false,true,false",
        "false,false,true",
        "true,true,false",
        "true,false,true",
        "false,true,true"
    })
    void some_of_the_headers_are_400(boolean id, boolean epoch, boolean seq) throws Exception {
        Answer answer = server.post(
                EVENTS,
                "1",
                id ? "Producer-Id: p" : "X-Id: p",
                epoch ? "Producer-Epoch: 0" : "X-Epoch: 0",
                seq ? "Producer-Seq: 0" : "X-Seq: 0");

        assertEquals(400, answer.status());
        assertEquals(
                "{\"error\":\"InvalidProducer\",\"message\":\"Producer-Id, Producer-Epoch and Producer-Seq go"
                        + " together: all three, or none\"}",
                answer.body());
        assertEquals(0, stored());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "+1",
                "1.0",
                "1e3",
                "0x1",
                "one",
                "1 2",
                "1,2",
                "9007199254740992",
                "99999999999999999999",
                "٣"
            })
    void a_number_is_a_whole_one_below_two_to_the_53(String number) throws Exception {
        Answer epoch = server.post(EVENTS, "1", headers("p", number, "0"));
        assertEquals(400, epoch.status());
        assertEquals(
                "{\"error\":\"InvalidProducer\",\"message\":\"Producer-Epoch is a whole number from 0 to " + GREATEST
                        + "\"}",
                epoch.body());

        Answer seq = server.post(EVENTS, "1", headers("p", "0", number));
        assertEquals(400, seq.status());
        assertEquals(
                "{\"error\":\"InvalidProducer\",\"message\":\"Producer-Seq is a whole number from 0 to " + GREATEST
                        + "\"}",
                seq.body());
    }

    @Test
    void the_greatest_numbers_are_numbers() throws Exception {
        assertEquals(201, post("1", "p", GREATEST, 0).status());
        assertEquals(409, post("1", "p", GREATEST, GREATEST).status());
    }

    @Test
    void a_producer_id_has_1_to_255_characters() throws Exception {
        assertEquals(400, post("1", "", 0, 0).status());
        assertEquals(201, post("1", "p".repeat(255), 0, 0).status());
        assertEquals(400, post("1", "p".repeat(256), 0, 0).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Producer-Id: q", "Producer-Epoch: 1", "Producer-Seq: 1"})
    void a_header_that_is_there_twice_is_not_chosen_from(String second) throws Exception {
        Answer answer = server.post(EVENTS, "1", "Producer-Id: p", "Producer-Epoch: 0", "Producer-Seq: 0", second);

        assertEquals(400, answer.status());
        assertEquals(0, stored());
    }

    @Test
    void a_malformed_event_uses_up_no_number() throws Exception {
        assertEquals(400, post("{", "p", 0, 0).status());
        assertEquals(201, post("{}", "p", 0, 0).status());
    }

    @Test
    void case_matters_in_no_header_name() throws Exception {
        assertEquals(
                201,
                server.post(EVENTS, "1", "producer-id: p", "PRODUCER-EPOCH: 0", "Producer-seq: 0")
                        .status());
        assertEquals(204, post("1", "p", 0, 0).status());
    }

    private Answer post(String event, String id, long epoch, long seq) throws Exception {
        return server.post(EVENTS, event, headers(id, Long.toString(epoch), Long.toString(seq)));
    }

    private static String[] headers(String id, String epoch, String seq) {
        return new String[] {"Producer-Id: " + id, "Producer-Epoch: " + epoch, "Producer-Seq: " + seq};
    }

    private int stored() throws Exception {
        return server.get(EVENTS).body().split("\"offset\"", -1).length - 1;
    }
}
