package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.helidon.webserver.WebServer;
import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.Offset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Live answers over HTTP/2: many on one connection, each with an end of its own.
@Timeout(60)
class Http2LiveTest {
    private static final String EVENTS = "/stream/events?sessionId=s";
    private static final String LIVE = EVENTS + "&live=true";

    @TempDir
    Path directory;

    @Test
    void an_sse_answer_over_http2_is_flushed_event_by_event() throws Exception {
        try (TestServer server = TestServer.on(directory);
                FramedWire wire = FramedWire.to(server.port())) {
            int follower = wire.request("GET", LIVE);
            int bus = wire.request("GET", "/event");
            assertEquals("text/event-stream", wire.head(follower).header("content-type"));
            assertEquals(Frames.caughtUp("-1"), wire.text(follower, 1));
            assertEquals(200, wire.head(bus).status());
            assertEquals(Frames.CONNECTED, wire.text(bus, 1));
            for (int i = 0; i < 5; i++) {
                Offset offset = server.posted("s", Integer.toString(i));
                assertEquals(Frames.event(offset, Integer.toString(i)), wire.text(follower, 1));
                assertEquals(Frames.onTheBus("s", offset, Integer.toString(i)), wire.text(bus, 1));
            }
            server.bus().close();
            assertEquals("", wire.rest(follower));
            assertEquals("", wire.rest(bus));
        }
    }

    // Firefox says so.
    @Test
    void a_client_that_takes_trailers_sees_the_end_of_a_live_answer() throws Exception {
        try (TestServer server = TestServer.on(directory);
                FramedWire wire = FramedWire.to(server.port())) {
            int follower = wire.request("GET", LIVE, "te: trailers");
            assertEquals(200, wire.head(follower).status());
            assertEquals(Frames.caughtUp("-1"), wire.text(follower, 1));
            server.bus().close();
            assertEquals("", wire.rest(follower));
            assertEquals("[]", wire.get("/servers", "te: trailers").body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LIVE, "/event"})
    void a_stream_that_is_reset_makes_room_at_once(String target) throws Exception {
        try (TestServer server = TestServer.on(directory, TestServer.config(1_000, Duration.ofHours(1), 1));
                FramedWire wire = FramedWire.to(server.port())) {
            for (int i = 0; i < 5; i++) {
                int follower = admitted(wire, target);
                wire.text(follower, 1);
                assertEquals(503, wire.get(target).status());
                wire.reset(follower);
            }
            wire.reset(admitted(wire, target));
            Eventually.holds("nobody follows", () -> server.bus().subscriptions() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_clients_of_a_connection_that_ends_make_room_at_once(boolean reset) throws Exception {
        try (TestServer server = TestServer.on(directory, TestServer.config(1_000, Duration.ofHours(1), 3))) {
            FramedWire wire = FramedWire.to(server.port());
            for (String target : List.of(LIVE, "/event", LIVE)) {
                int follower = wire.request("GET", target);
                assertEquals(200, wire.head(follower).status());
                wire.text(follower, 1);
            }
            if (reset) {
                wire.wire().reset();
            } else {
                wire.close();
            }
            Eventually.holds("nobody follows", () -> server.bus().subscriptions() == 0);
        }
    }

    private static int admitted(FramedWire wire, String target) throws Exception {
        AtomicInteger admitted = new AtomicInteger();
        Eventually.holds("there is room", () -> {
            int follower = wire.request("GET", target);
            admitted.set(follower);
            return wire.head(follower).status() == 200;
        });
        return admitted.get();
    }

    @Test
    void nobody_waits_for_a_body_whose_client_has_gone() throws Exception {
        AtomicInteger working = new AtomicInteger();
        Bus<Commit> bus = new Bus<>(BusLimits.defaults(), Commit::bytes);
        PerennialRouting routing = PerennialRouting.off(TestServer.CALM, bus, InstantSource.system());
        WebServer web = TestServer.listen(tree -> {
            tree.addFilter((chain, _, _) -> {
                working.incrementAndGet();
                try {
                    chain.proceed();
                } finally {
                    working.decrementAndGet();
                }
            });
            routing.setup(tree);
            tree.any(
                    "/read",
                    new Resource(Guard.open())
                            .post(Rule.KNOWN, (request, response) -> response.send(RequestBody.read(request, 10))));
        });
        try (FramedWire wire = FramedWire.to(web.port())) {
            int reading = wire.begin("POST", "/read");
            wire.data(reading, "1");
            int refused = wire.begin("POST", "/read", "content-length: 11");
            assertEquals(413, wire.reply(refused).status());
            int vanishing = wire.begin("POST", "/read");
            wire.data(vanishing, "2");
            Eventually.holds("all are at work", () -> working.get() == 3);

            wire.reset(reading).reset(refused);
            Eventually.holds("one is still there", () -> working.get() == 1);
            int whole = wire.begin("POST", "/read");
            wire.end(whole, "3");
            assertEquals("3", wire.reply(whole).body());
            wire.wire().reset();
            Eventually.holds("nobody works", () -> working.get() == 0);
        } finally {
            web.stop();
        }
    }

    @Test
    void a_reader_that_stops_reading_stalls_no_other_on_its_connection() throws Exception {
        try (TestServer server = TestServer.on(directory);
                FramedWire wire = FramedWire.to(server.port())) {
            int slow = wire.request("GET", LIVE);
            int quick = wire.request("GET", "/stream/events?sessionId=t&live=true");
            assertEquals(200, wire.head(slow).status());
            assertEquals(200, wire.head(quick).status());
            wire.text(slow, 1);
            wire.text(quick, 1);
            for (int i = 0; i < 10; i++) {
                server.posted("s", "\"" + "x".repeat(100_000) + "\"");
            }
            for (int i = 0; i < 50; i++) {
                Offset offset = server.posted("t", Integer.toString(i));
                assertEquals(Frames.event(offset, Integer.toString(i)), wire.text(quick, 1));
            }
            wire.grant(slow, 1 << 24);
            assertTrue(wire.text(slow, 1_000_000).length() >= 1_000_000);
        }
    }

    @Test
    void a_reader_that_stops_reading_and_resets_its_stream_makes_room_at_once() throws Exception {
        try (TestServer server = TestServer.on(directory);
                FramedWire wire = FramedWire.to(server.port())) {
            int follower = wire.request("GET", LIVE);
            wire.head(follower);
            wire.text(follower, 1);
            server.posted("s", "\"" + "x".repeat(100_000) + "\"");
            assertTrue(wire.text(follower, 60_000).length() < 100_000, "the rest waits");
            wire.reset(follower);
            Eventually.holds("nobody follows", () -> server.bus().subscriptions() == 0);
            assertEquals(200, wire.get("/servers").status());
        }
    }

    @Test
    void a_crowd_that_shares_one_window_is_sent_no_more_than_was_granted() throws Exception {
        try (TestServer server = TestServer.on(directory);
                FramedWire wire = FramedWire.narrow(server.port())) {
            List<Integer> followers = new ArrayList<>();
            long sent = 0;
            for (int i = 0; i < 20; i++) {
                followers.add(wire.request("GET", LIVE));
                wire.head(followers.getLast());
                sent += wire.text(followers.getLast(), 1).length();
            }
            long granted = 65_535;
            for (int i = 0; i < 200; i++) {
                server.posted("s", "\"" + "x".repeat(3_000) + "\"");
            }
            while (sent < 3_000_000) {
                FramedWire.Frame frame = wire.next();
                if (frame.type() == FramedWire.DATA) {
                    sent += frame.payload().length;
                    assertTrue(sent <= granted, sent + " bytes of " + granted);
                    if (granted - sent < 1_500) {
                        wire.grant(0, 20_000);
                        granted += 20_000;
                    }
                }
            }
        }
    }

    @Test
    void a_server_stops_soon_and_cleanly_with_followers_on_its_connections() throws Exception {
        TestServer server = TestServer.on(directory);
        try (FramedWire wire = FramedWire.to(server.port())) {
            List<Integer> followers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                followers.add(wire.request("GET", LIVE));
                assertEquals(200, wire.head(followers.getLast()).status());
                wire.text(followers.getLast(), 1);
            }
            long begin = System.nanoTime();
            Future<?> closed = Eventually.start(() -> {
                server.close();
                return "closed";
            });
            for (int follower : followers) {
                assertEquals("", wire.rest(follower));
            }
            Eventually.result(closed);
            assertTrue(System.nanoTime() - begin < Duration.ofSeconds(2).toNanos());
        } finally {
            server.close();
        }
    }
}
