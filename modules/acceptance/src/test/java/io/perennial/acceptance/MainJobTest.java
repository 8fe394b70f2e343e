package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Client.Page;
import io.perennial.acceptance.Client.Stored;
import io.perennial.acceptance.EventStream.Frame;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Publish, persist, catch up, follow.
class MainJobTest {
    private static final String FIRST_ULID = "00000000000000000000000000";
    private static final String LAST_ULID = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ";

    @AutoClose
    private static final Machine MACHINE = new Machine();

    private static Server server;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        server = MACHINE.server("--page-bytes", "4096", "--heartbeat", "PT1S");
        client = server.client();
    }

    @AfterAll
    static void nothing_was_logged() {
        assertEquals("", server.process().complaints());
    }

    @Test
    void an_append_says_where_it_is_and_where_to_go_on() throws Exception {
        HttpResponse<String> answer = client.post("append", "{\"a\":1}");
        assertEquals(201, answer.statusCode());
        assertEquals(
                "application/json", answer.headers().firstValue("Content-Type").orElseThrow());
        String next = Client.next(answer);
        assertTrue(Ulid.is(next));
        Page page = client.read("append", "-1");
        assertEquals("{\"offset\":\"" + page.events().getFirst().offset() + "\"}", answer.body());
        assertEquals(next, page.next());
        assertTrue(page.upToDate());
    }

    @Test
    void an_events_own_offset_includes_it_and_the_next_offset_does_not() throws Exception {
        String first = client.append("inclusive", "1");
        String second = client.append("inclusive", "2");
        assertEquals(List.of("1", "2"), texts(client.read("inclusive", first)));
        assertEquals(List.of("2"), texts(client.read("inclusive", Ulid.after(first))));
        assertEquals(List.of("2"), texts(client.read("inclusive", second)));
        Page page = client.read("inclusive", Ulid.after(second));
        assertEquals(new Page(List.of(), Ulid.after(second), true), page);
        assertEquals(List.of("1", "2"), texts(client.read("inclusive", FIRST_ULID)));
    }

    @Test
    void beyond_the_tail_is_the_tail() throws Exception {
        String offset = client.append("beyond", "1");
        assertEquals(new Page(List.of(), Ulid.after(offset), true), client.read("beyond", LAST_ULID));
        assertEquals(new Page(List.of(), Ulid.after(offset), true), client.read("beyond", "now"));
        try (EventStream stream = EventStream.open(server.url(), Client.live("beyond") + "&offset=" + LAST_ULID)) {
            stream.takeCaughtUp(Ulid.after(offset));
            client.append("beyond", "2");
            assertEquals("2", stream.take(1).getFirst().event().toString());
        }
    }

    @Test
    void an_unknown_session_is_empty_and_up_to_date() throws Exception {
        assertEquals(new Page(List.of(), "-1", true), client.read("unknown", "-1"));
        assertEquals(new Page(List.of(), "-1", true), client.read("unknown", LAST_ULID));
    }

    @Test
    void a_live_read_of_an_unknown_session_waits_for_it_to_be_born() throws Exception {
        try (EventStream stream = server.follow("unborn")) {
            stream.takeCaughtUp("-1");
            String offset = client.append("unborn", "1");
            assertEquals(offset, stream.take(1).getFirst().offset());
        }
    }

    @Test
    void live_delivers_the_past_then_says_so_once_then_each_event_as_it_commits() throws Exception {
        List<String> offsets = appendMany("live", 20);
        try (EventStream stream = server.follow("live")) {
            assertEquals(offsets, stream.take(20).stream().map(Stored::offset).toList());
            stream.takeCaughtUp(Ulid.after(offsets.getLast()));
            for (int i = 0; i < 50; i++) {
                // The next append waits until this one was delivered.
                String offset = client.append("live", "{\"later\":" + i + "}");
                assertEquals(offset, stream.take(1).getFirst().offset());
            }
        }
    }

    @Test
    void every_follower_of_a_session_gets_what_is_appended_while_it_catches_up_once_and_in_order() throws Exception {
        Future<List<String>> writer = Eventually.start(() -> appendMany("race", 300));
        List<Future<List<Stored>>> readers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            readers.add(Eventually.start(MainJobTest::followRace));
        }
        List<String> offsets = Eventually.result(writer);
        for (Future<List<Stored>> reader : readers) {
            assertEquals(
                    offsets,
                    Eventually.result(reader).stream().map(Stored::offset).toList());
        }
    }

    private static List<Stored> followRace() throws Exception {
        List<Stored> events = new ArrayList<>();
        int caughtUp = 0;
        try (EventStream stream = server.follow("race")) {
            while (events.size() < 300) {
                Frame frame = stream.next();
                if (frame.isMessage()) {
                    events.add(frame.stored());
                } else if (frame.type().equals("catch-up-complete")) {
                    caughtUp++;
                }
            }
            assertTrue(caughtUp <= 1);
        }
        return events;
    }

    @Test
    void the_last_event_id_goes_over_the_offset() throws Exception {
        List<String> offsets = appendMany("resume", 3);
        String path = Client.live("resume") + "&offset=-1";
        try (EventStream stream = EventStream.open(server.url(), path, "Last-Event-ID", Ulid.after(offsets.get(1)))) {
            assertEquals(offsets.get(2), stream.take(1).getFirst().offset());
            stream.takeCaughtUp(Ulid.after(offsets.get(2)));
        }
    }

    @Test
    void a_live_answer_without_news_has_a_heartbeat() throws Exception {
        long before = System.currentTimeMillis();
        try (EventStream stream = server.follow("silence");
                EventStream bus = server.bus()) {
            stream.takeCaughtUp("-1");
            assertHeartbeat(before, stream.next());
            for (Frame frame = bus.next(); !frame.type().equals("heartbeat"); frame = bus.next()) {
                assertTrue(frame.isMessage());
            }
        }
    }

    private static void assertHeartbeat(long after, Frame frame) {
        assertEquals("heartbeat", frame.type());
        long timestamp = Client.json(frame.data())
                .asJsonObject()
                .getJsonNumber("timestamp")
                .longValueExact();
        assertTrue(timestamp >= after && timestamp <= System.currentTimeMillis(), frame.data());
    }

    @Test
    void a_hundred_rapid_appends_are_strictly_increasing() throws Exception {
        List<String> offsets = appendMany("rapid", 100);
        for (int i = 1; i < offsets.size(); i++) {
            assertTrue(offsets.get(i).compareTo(offsets.get(i - 1)) > 0, offsets.get(i));
        }
        assertEquals(
                offsets,
                client.readAll("rapid", "-1").stream().map(Stored::offset).toList());
    }

    @Test
    void ten_thousand_events_are_read_in_pages_without_a_gap() throws Exception {
        List<Future<List<String>>> writers = IntStream.range(0, 10)
                .mapToObj(_ -> Eventually.start(() -> appendMany("many", 1_000)))
                .toList();
        List<String> offsets = new ArrayList<>();
        for (Future<List<String>> writer : writers) {
            offsets.addAll(Eventually.result(writer));
        }
        List<String> inOrder = offsets.stream().sorted().toList();
        assertTrue(client.read("many", "-1").events().size() < 1_000, "one page has it all");
        assertEquals(
                inOrder,
                client.readAll("many", "-1").stream().map(Stored::offset).toList());
        try (EventStream stream = server.follow("many")) {
            assertEquals(
                    inOrder, stream.take(10_000).stream().map(Stored::offset).toList());
            stream.takeCaughtUp(Ulid.after(inOrder.getLast()));
        }
    }

    @Test
    void the_bus_has_what_happens_in_every_session_or_in_one_and_replays_nothing() throws Exception {
        client.append("bus a", "\"before\"");
        try (EventStream all = server.bus();
                EventStream one = EventStream.open(server.url(), "/event?sessionId=bus%20a")) {
            assertEquals(
                    "{\"type\":\"server.connected\",\"properties\":{}}",
                    one.next().data());
            String other = client.append("bus/ü", "{\"n\":1}");
            String ours = client.append("bus a", "{\"n\":2}");
            assertEquals(
                    "{\"sessionId\":\"bus/ü\",\"offset\":\"" + other + "\",\"event\":{\"n\":1}}", nextOf(all, "bus/ü"));
            String expected = "{\"sessionId\":\"bus a\",\"offset\":\"" + ours + "\",\"event\":{\"n\":2}}";
            assertEquals(expected, nextOf(all, "bus a"));
            assertEquals(expected, nextOf(one, "bus a"));
        }
    }

    // Others use the same server.
    private static String nextOf(EventStream bus, String session) throws Exception {
        while (true) {
            Frame frame = bus.next();
            if (frame.data().startsWith("{\"sessionId\":\"" + session + "\"")) {
                return frame.data();
            }
        }
    }

    private static List<String> appendMany(String session, int count) throws Exception {
        List<String> offsets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            offsets.add(client.append(session, "{\"n\":" + i + ",\"text\":\"about fifty bytes of an event\"}"));
        }
        return offsets;
    }

    private static List<String> texts(Page page) {
        return page.events().stream().map(stored -> stored.event().toString()).toList();
    }
}
