package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Client.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StopTest {
    private static final int FOLLOWERS = 10;

    @AutoClose
    private final Machine machine = new Machine();

    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = machine.server();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void a_stop_under_followers_is_clean(String signal) throws Exception {
        List<EventStream> streams = new ArrayList<>();
        for (int i = 0; i < FOLLOWERS; i++) {
            streams.add(server.follow("s"));
            streams.add(server.bus());
        }
        String offset = server.client().append("s", "\"acknowledged just before\"");
        assertTrue(Files.readString(machine.registry()).contains(server.id()));

        server.process().signal(signal);
        server.assertStops();

        for (EventStream stream : streams) {
            stream.takeEnd();
            stream.close();
        }
        assertFalse(Files.readString(machine.registry()).contains(server.id()), "its lease is still there");
        assertEquals("", server.process().complaints());
        List<Stored> events = machine.server().client().read("s", "-1").events();
        assertEquals(List.of(offset), events.stream().map(Stored::offset).toList());
    }

    @Test
    void a_client_that_does_not_read_holds_nothing_up() throws Exception {
        try (EventStream deaf = server.follow("s");
                EventStream attentive = server.follow("quiet")) {
            deaf.takeCaughtUp("-1");
            String large = "\"" + "x".repeat(1 << 20) + "\"";
            for (int i = 0; i < 24; i++) {
                server.client().append("s", large);
            }
            server.process().signal("TERM");
            server.assertStops();
            attentive.takeEnd();
        }
        assertEquals("", server.process().complaints());
    }

    @Test
    void requests_that_never_end_hold_nothing_up() throws Exception {
        try (Wire idle = Wire.connect(server.url());
                Wire head = Wire.connect(server.url());
                Wire body = Wire.connect(server.url());
                EventStream follower = server.follow("s")) {
            idle.send(Wire.request("GET", "/servers"));
            assertEquals(200, idle.answer().status());
            head.send("POST /stream/events?sessionId=s HTTP/1.1\r\nHo");
            body.send("POST /stream/events?sessionId=s HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
            server.client().append("s", "1");
            server.process().signal("TERM");
            server.assertStops();
            follower.takeEnd();
            assertTrue(idle.isClosed());
        }
        assertEquals("", server.process().complaints());
    }

    @Test
    void a_stop_under_load_loses_nothing_that_was_acknowledged() throws Exception {
        AtomicInteger acknowledged = new AtomicInteger();
        List<Future<List<String>>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String session = "s" + i;
            writers.add(Eventually.start(() -> write(session, acknowledged)));
        }
        Eventually.holds("some load", () -> acknowledged.get() >= 400);
        server.process().signal("TERM");
        server.assertStops();

        Client client = machine.server().client();
        for (int i = 0; i < writers.size(); i++) {
            List<String> offsets = Eventually.result(writers.get(i));
            List<String> stored =
                    client.readAll("s" + i, "-1").stream().map(Stored::offset).toList();
            // One more may have been stored whose answer didn't come through.
            assertEquals(offsets, stored.subList(0, Math.min(offsets.size(), stored.size())));
            assertTrue(stored.size() <= offsets.size() + 1);
        }
    }

    private List<String> write(String session, AtomicInteger acknowledged) throws InterruptedException {
        List<String> offsets = new ArrayList<>();
        try {
            while (true) {
                var answer = server.client().post(session, "{\"n\":" + offsets.size() + "}");
                if (answer.statusCode() != 201) {
                    return offsets;
                }
                offsets.add(Client.json(answer.body()).asJsonObject().getString("offset"));
                acknowledged.incrementAndGet();
            }
        } catch (IOException e) {
            return offsets;
        }
    }

    @Test
    void told_to_end_in_the_middle_of_its_start_it_ends_cleanly() throws Exception {
        server.stop();
        for (int i = 0; i < 8; i++) {
            Perennial starting = machine.serve();
            // Somewhere else in its start each time.
            LockSupport.parkNanos(i * 50_000_000L);
            starting.signal("TERM");
            int code = starting.exitCode();
            // 143 until the JVM can be told what to do at its end.
            assertTrue(code == 0 || code == 143, code + " " + starting.err());
        }
        assertFalse(Files.readString(machine.registry()).contains("127.0.0.1:"), "a lease was left behind");
        machine.server().client().append("s", "1");
    }
}
