package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// More than the bounds allow: refused at once and told to come again, and as many as before are let in afterwards.
class OverloadTest {
    private static final int PLACES = 20;
    private static final int TOO_MANY = 200;
    private static final String[] FLAGS = {"--heartbeat", "PT0.2S"};

    @AutoClose
    private final Machine machine = new Machine();

    private final List<Wire> open = new ArrayList<>();
    private Server server;

    @AfterEach
    void stop() throws Exception {
        closeAll();
        server.stop();
        assertEquals("", server.process().complaints());
    }

    private void start(String flag, int places) throws Exception {
        server = machine.server(FLAGS[0], FLAGS[1], flag, Integer.toString(places));
    }

    private void closeAll() throws IOException {
        for (Wire wire : open) {
            wire.close();
        }
        open.clear();
    }

    private Wire ask(String target) throws IOException {
        Wire wire = Wire.connect(server.url());
        open.add(wire);
        wire.send(Wire.request("GET", target));
        return wire;
    }

    private static void assertRefused(String code, Wire.Answer answer) {
        Problem.assertIs(503, answer);
        assertEquals("1", answer.head().header("Retry-After"));
        assertTrue(answer.body().contains("\"" + code + "\""), answer.body());
    }

    // Until as many are in as there are places: those that left before make room when the server finds them gone.
    private void fill(String target) throws Exception {
        closeAll();
        Eventually.holds("room for all", () -> {
            Wire wire = ask(target);
            if (status(wire, target) != 200) {
                open.removeLast().close();
            }
            return open.size() == PLACES;
        });
    }

    // A live answer has no end.
    private static int status(Wire wire, String target) throws IOException {
        return target.contains("live") ? wire.head().status() : wire.answer().status();
    }

    @Test
    void connections_beyond_the_limit_are_refused_and_as_many_as_before_are_let_in_again() throws Exception {
        start("--connection-limit", PLACES);
        for (int round = 0; round < 3; round++) {
            fill("/servers");
            for (int i = 0; i < TOO_MANY; i++) {
                try (Wire more = Wire.connect(server.url())) {
                    more.send(Wire.request("GET", "/servers"));
                    Wire.Answer answer = more.answer();
                    assertRefused("TooManyConnections", answer);
                    assertEquals("close", answer.head().header("Connection"));
                    assertTrue(more.isClosed());
                }
            }
            // Nobody who was in was put out for them.
            for (Wire wire : open) {
                wire.send(Wire.request("GET", "/servers"));
                assertEquals(200, wire.answer().status());
            }
        }
        closeAll();
        Eventually.holds("an answer", () -> server.client().get("/servers").statusCode() == 200);
    }

    @Test
    void followers_beyond_the_limit_are_refused_and_as_many_as_before_are_let_in_again() throws Exception {
        start("--follower-limit", PLACES);
        server.client().append("s", "1");
        for (int round = 0; round < 3; round++) {
            fill(Client.live("s"));
            for (int i = 0; i < TOO_MANY; i++) {
                String target = i % 2 == 0 ? "/event" : Sight.path("s") + "?offset=now&live=long-poll";
                assertRefused("TooManyFollowers", Wire.exchange(server.url(), Wire.request("GET", target)));
            }
            // What isn't live goes on.
            assertEquals(200, server.client().get(Client.path("s")).statusCode());
            server.client().append("s", "2");
        }
    }

    @Test
    void appends_beyond_the_limit_are_refused_or_stored_and_never_both() throws Exception {
        start("--queued-appends", 2);
        List<Future<List<Integer>>> writers = new ArrayList<>();
        CountDownLatch together = new CountDownLatch(1);
        for (int writer = 0; writer < TOO_MANY; writer++) {
            int own = writer;
            writers.add(Eventually.start(() -> {
                try (Wire wire = Wire.connect(server.url())) {
                    wire.patience(Eventually.LONG);
                    together.await();
                    return write(wire, own);
                }
            }));
        }
        together.countDown();
        List<Integer> told = new ArrayList<>();
        for (Future<List<Integer>> writer : writers) {
            told.addAll(Eventually.result(writer));
        }
        List<Integer> stored = server.client().readAll("s", "-1").stream()
                .map(event -> Integer.parseInt(event.event().toString()))
                .sorted()
                .toList();
        int asked = TOO_MANY * PLACES;
        System.out.println(asked + " appends at once where 2 may wait: " + told.size() + " stored, "
                + (asked - told.size()) + " refused");
        assertFalse(told.size() == asked, "nothing was refused");
        assertEquals(told.stream().sorted().toList(), stored);
        for (int i = 0; i < PLACES; i++) {
            server.client().append("s", "1");
        }
    }

    // The numbers that were stored, as far as it was told.
    private static List<Integer> write(Wire wire, int writer) throws IOException {
        List<Integer> done = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            String event = Integer.toString(100_000 + writer * PLACES + i);
            wire.send(
                    Wire.request("POST", Client.path("s"), "Content-Length", Integer.toString(event.length())) + event);
            Wire.Answer answer = wire.answer();
            if (answer.status() == 201) {
                done.add(Integer.parseInt(event));
            } else {
                assertRefused("Busy", answer);
            }
        }
        return done;
    }
}
