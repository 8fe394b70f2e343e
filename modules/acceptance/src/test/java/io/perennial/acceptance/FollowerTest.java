package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Client.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every event once, in order, whatever happens to the connection.
class FollowerTest {
    private static final int CUTS = 20;
    private static final int EVENTS = 2_000;
    private static final long SEED = 1;

    @AutoClose
    private final Machine machine = new Machine();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_follower_comes_through_restarts_of_the_server(boolean killed) throws Exception {
        AtomicReference<Server> server = new AtomicReference<>(machine.server());
        List<String> offsets = new ArrayList<>();
        try (Browser browser = Browser.follow(() -> server.get().url(), "s")) {
            for (int restarts = 0; restarts < 3; restarts++) {
                browser.awaitCaughtUp(restarts + 1);
                for (int i = 0; i < 50; i++) {
                    offsets.add(server.get().client().append("s", Integer.toString(i)));
                }
                if (killed) {
                    server.get().kill();
                } else {
                    server.get().stop();
                }
                server.set(machine.server());
                // While the browser is on its way back.
                offsets.add(server.get().client().append("s", "\"missed\""));
            }
            browser.awaitCaughtUp(4);
            browser.awaitEvents(offsets.size());
            assertEquals(offsets, browser.events().stream().map(Stored::offset).toList());
            assertEquals(browser.connections(), browser.timesCaughtUp());
        }
    }

    @Test
    void a_browser_whose_connection_is_cut_in_the_middle_gets_every_event_once_and_in_order() throws Exception {
        Server server = machine.server("--page-bytes", "10000");
        try (CuttingProxy proxy = new CuttingProxy(server.url(), SEED, CUTS, 200, 30_000);
                Browser browser = Browser.follow(proxy::url, "s")) {
            List<String> offsets = new ArrayList<>();
            for (int i = 0; i < EVENTS; i++) {
                offsets.add(server.client().append("s", "{\"n\":" + i + ",\"text\":\"" + "x".repeat(i % 200) + "\"}"));
            }
            browser.awaitEvents(EVENTS);
            assertEquals(offsets, browser.events().stream().map(Stored::offset).toList());
            assertEquals(CUTS, proxy.cuts());
            assertTrue(browser.connections() > CUTS);
        }
    }

    @Test
    void a_follower_that_begins_now_misses_nothing_when_it_is_cut_off_before_the_first_event() throws Exception {
        Server server = machine.server();
        server.client().append("s", "\"the past\"");
        String lastEventId;
        try (EventStream stream = EventStream.open(server.url(), Client.live("s") + "&offset=now")) {
            EventStream.Frame caughtUp = stream.next();
            assertEquals("catch-up-complete", caughtUp.type());
            lastEventId = caughtUp.id();
        }
        String missed = server.client().append("s", "\"while it was away\"");
        // A browser sends the same URL again, and the header where it has seen an id.
        String[] headers = lastEventId.isEmpty() ? new String[0] : new String[] {"Last-Event-ID", lastEventId};
        try (EventStream stream = EventStream.open(server.url(), Client.live("s") + "&offset=now", headers)) {
            assertEquals(
                    List.of(missed), stream.take(1).stream().map(Stored::offset).toList());
        }
    }

    @Test
    void a_follower_that_reads_slowly_gets_everything_and_holds_up_nobody() throws Exception {
        Server server = machine.server("--bus-window-messages", "16", "--page-bytes", "65536");
        try (EventStream slow = server.follow("s");
                EventStream quick = server.follow("s")) {
            slow.takeCaughtUp("-1");
            quick.takeCaughtUp("-1");
            String text = "x".repeat(50_000);
            Future<List<Stored>> arrived = Eventually.start(() -> quick.take(400));
            List<String> offsets = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                offsets.add(server.client().append("s", "\"" + text + "\""));
            }
            assertEquals(
                    offsets,
                    Eventually.result(arrived).stream().map(Stored::offset).toList());
            assertEquals(offsets, slow.take(400).stream().map(Stored::offset).toList());
        }
    }

    @Test
    void one_follower_more_than_allowed_is_told_to_come_back_and_gets_the_place_of_one_that_left() throws Exception {
        Server server = machine.server("--follower-limit", "2", "--heartbeat", "PT0.1S");
        try (EventStream first = server.follow("s")) {
            EventStream second = server.bus();
            Wire.Answer refused = Wire.exchange(server.url(), Wire.request("GET", Client.live("s")));
            assertEquals(503, refused.status());
            assertEquals("1", refused.head().header("Retry-After"));
            assertTrue(refused.body().startsWith("{\"error\":\"TooManyFollowers\",\"message\":\""), refused.body());
            second.close();
            Eventually.holds("a free place", () -> isFollowed(server));
            first.takeCaughtUp("-1");
        }
        server.stop();
        assertEquals("", server.process().complaints());
    }

    private static boolean isFollowed(Server server) throws Exception {
        try (Wire wire = Wire.connect(server.url())) {
            wire.send(Wire.request("GET", Client.live("s")));
            return wire.head().status() == 200;
        }
    }
}
