package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perennial.acceptance.Client.Stored;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that stop in the middle, each in a place of its own: what they hold up together is many times as much as the
/// server has memory.
class StuckClientsTest {
    private static final int READERS = Integer.getInteger("perennial.stuck", 600);
    private static final int BODIES = 200;
    private static final int BATCHES = 60;
    private static final int BATCH = 200;
    private static final String SESSION = "long";
    private static final String TEXT = "x".repeat(1_000);

    @AutoClose
    private final Machine machine = new Machine().with(SmallHeap.VARIABLE, SmallHeap.OPTIONS);

    private final List<Wire> stuck = new ArrayList<>();
    private Server server;
    private Vitals before;

    @BeforeEach
    void start() throws Exception {
        server = machine.server(SmallHeap.flags("--heartbeat", "PT0.5S", "--long-poll-wait", "PT2S"));
        before = Vitals.of(server);
    }

    @AfterEach
    void nothing_is_left_of_it() throws Exception {
        Vitals meanwhile = Vitals.of(server);
        for (Wire wire : stuck) {
            wire.close();
        }
        Vitals after = Vitals.assertBack(server, before);
        System.out.println("before: " + before + "\nmeanwhile: " + meanwhile + "\nafter: " + after);
        server.stop();
        assertEquals("", server.process().complaints());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/stream/sessions/long?",
                "/v1/stream/sessions/long?live=sse&",
                "/v1/stream/sessions/long?live=long-poll&",
                "/stream/events?sessionId=long&",
                "/stream/events?sessionId=long&live=true&"
            })
    void answers_that_nobody_reads_hold_up_nobody(String target) throws Exception {
        String[] json = {"Content-Type", "application/json"};
        assertEquals(
                201, server.client().send("PUT", Sight.path(SESSION), "", json).statusCode());
        String batch =
                IntStream.range(0, BATCH).mapToObj(_ -> "\"" + TEXT + "\"").collect(Collectors.joining(",", "[", "]"));
        for (int i = 0; i < BATCHES; i++) {
            assertEquals(
                    204,
                    server.client()
                            .send("POST", Sight.path(SESSION), batch, json)
                            .statusCode());
        }
        List<Stored> events = server.client().readAll(SESSION, "-1");
        for (int i = 0; i < READERS; i++) {
            Wire wire = Wire.narrow(server.url());
            stuck.add(wire);
            wire.send(Wire.request(
                    "GET",
                    target + "offset=" + events.get(i * 10 % events.size()).offset()));
        }
        for (int i = 0; i < 100; i++) {
            server.client().append("beside", "1");
        }
        assertEquals(events, server.client().readAll(SESSION, "-1"));
        assertEquals(100, server.client().readAll("beside", "-1").size());
    }

    @Test
    void bodies_that_stop_just_before_their_end_hold_up_nobody() throws Exception {
        int length = 4 * 1024 * 1024;
        byte[] almost =
                Requests.bytes(Wire.request("POST", Client.path(SESSION), "Content-Length", Integer.toString(length))
                        + "1".repeat(length - 1));
        int cut = 0;
        for (int i = 0; i < BODIES; i++) {
            Wire wire = Wire.connect(server.url());
            stuck.add(wire);
            try {
                wire.send(almost);
            } catch (IOException e) {
                cut++;
            }
            server.client().append("beside", "1");
        }
        assertEquals(0, cut, "the newest isn't the one that has waited longest");
        assertEquals(BODIES, server.client().readAll("beside", "-1").size());
        assertEquals(List.of(), server.client().readAll(SESSION, "-1"));
    }
}
