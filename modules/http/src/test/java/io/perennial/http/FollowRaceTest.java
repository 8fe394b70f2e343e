package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Offset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Followers that come, fall behind and come back while events are appended: each gets every event once, in order.
@Timeout(120)
class FollowRaceTest {
    private static final String LIVE = "/stream/events?sessionId=s&live=true";
    // Small enough that whoever pauses has lost something.
    private static final BusLimits TINY = new BusLimits(3, 1_500);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void events_that_arrive_during_the_catch_up_come_once_each_and_in_order(long seed) throws Exception {
        Random random = new Random(seed);
        int events = 400;
        HttpConfig config = TestServer.config(1 + random.nextInt(200), Duration.ofHours(1), 100);
        try (TestServer server = TestServer.on(directory, config, TINY)) {
            AtomicInteger appended = new AtomicInteger();
            Future<Void> writer = Eventually.start(() -> {
                for (int i = 0; i < events; i++) {
                    server.append("sessions/s", List.of(Integer.toString(i)));
                    appended.incrementAndGet();
                }
                server.close("sessions/s");
                return null;
            });
            List<Future<List<String>>> followers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                int after = random.nextInt(events);
                followers.add(Eventually.start(() -> followed(server, appended, after)));
            }
            Eventually.result(writer);
            List<String> expected =
                    IntStream.range(0, events).mapToObj(Integer::toString).toList();
            for (Future<List<String>> follower : followers) {
                assertEquals(expected, Eventually.result(follower));
            }
        }
    }

    @Test
    void a_client_that_reconnects_again_and_again_neither_repeats_nor_skips() throws Exception {
        Random random = new Random(4);
        int events = 300;
        try (TestServer server = TestServer.on(directory, TestServer.config(60, Duration.ofHours(1), 100), TINY)) {
            Future<Void> writer = Eventually.start(() -> {
                for (int i = 0; i < events; i++) {
                    server.append("sessions/s", List.of(Integer.toString(i)));
                }
                return null;
            });
            List<String> got = new ArrayList<>();
            String lastEventId = "";
            while (got.size() < events) {
                int take = 1 + random.nextInt(40);
                try (Followed followed = server.follow(LIVE, "Last-Event-ID: " + lastEventId)) {
                    for (int i = 0; i < take && got.size() < events; i++) {
                        SseEvent event = SseEvent.parse(followed.frame()).getFirst();
                        if (event.type().equals("message")) {
                            got.add(payload(event));
                            lastEventId = event.lastEventId();
                        }
                    }
                }
            }
            Eventually.result(writer);
            assertEquals(IntStream.range(0, events).mapToObj(Integer::toString).toList(), got);
        }
    }

    @Test
    void a_reader_that_stops_holds_up_nobody_and_gets_everything_once_it_reads_on() throws Exception {
        int events = 600;
        String filler = "x".repeat(40_000);
        // What the sockets hold between them is a few mebibytes of these 24.
        try (TestServer server = TestServer.on(directory, TestServer.config(100_000, Duration.ofHours(1), 10), TINY);
                Followed stalled = Followed.of(Wire.narrow(server.port()), LIVE);
                Followed reading = server.follow(LIVE)) {
            assertEquals(Frames.caughtUp("-1"), stalled.frame());
            assertEquals(Frames.caughtUp("-1"), reading.frame());
            ConcurrentHashMap<Integer, Offset> offsets = new ConcurrentHashMap<>();
            Future<Void> writer = Eventually.start(() -> {
                for (int i = 0; i < events; i++) {
                    String event = "\"" + i + filler + "\"";
                    offsets.put(i, server.append("sessions/s", List.of(event)).first());
                }
                return null;
            });

            assertAllCome(reading, events, filler, offsets);
            Eventually.result(writer);
            assertAllCome(stalled, events, filler, offsets);

            Offset last = server.posted("s", "1");
            assertEquals(Frames.event(last, "1"), stalled.frame());
            assertEquals(Frames.event(last, "1"), reading.frame());
        }
    }

    @Test
    void an_event_that_is_larger_than_the_bus_comes_from_the_store() throws Exception {
        try (TestServer server = TestServer.on(directory, TestServer.CALM, TINY);
                Followed followed = server.follow(LIVE)) {
            assertEquals(Frames.caughtUp("-1"), followed.frame());
            for (int i = 0; i < 5; i++) {
                String large = "\"" + i + "x".repeat(2_000) + "\"";
                Offset first = server.posted("s", large);
                assertEquals(Frames.event(first, large), followed.frame());
                Offset second = server.posted("s", "1");
                assertEquals(Frames.event(second, "1"), followed.frame());
            }
        }
    }

    private static List<String> followed(TestServer server, AtomicInteger appended, int after) throws Exception {
        Eventually.holds("the writer has come this far", () -> appended.get() >= after);
        List<String> payloads = new ArrayList<>();
        int notices = 0;
        try (Followed followed = server.follow(LIVE)) {
            List<SseEvent> events = SseEvent.parse(followed.rest());
            for (SseEvent event : events) {
                switch (event.type()) {
                    case "message" -> payloads.add(payload(event));
                    case "catch-up-complete" -> notices++;
                    default -> assertEquals("closed", event.type());
                }
            }
            assertEquals("closed", events.getLast().type());
        }
        assertEquals(1, notices);
        return payloads;
    }

    private static void assertAllCome(
            Followed followed, int events, String filler, ConcurrentHashMap<Integer, Offset> offsets) throws Exception {
        for (int i = 0; i < events; i++) {
            String frame = followed.frame();
            int number = i;
            Eventually.holds("the writer knows its offset", () -> offsets.containsKey(number));
            Offset offset = Objects.requireNonNull(offsets.get(i));
            assertTrue(frame.equals(Frames.event(offset, "\"" + i + filler + "\"")), "event " + i);
        }
    }

    // {"offset":"<26>","event":...}
    private static String payload(SseEvent event) {
        return event.data().substring(47, event.data().length() - 1);
    }
}
