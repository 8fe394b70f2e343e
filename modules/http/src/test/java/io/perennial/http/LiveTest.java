package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Append;
import io.perennial.eventstore.Offset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What all live answers have in common: heartbeats, and a bound on their number.
@Timeout(60)
class LiveTest {
    private static final String LIVE = "/stream/events?sessionId=s&live=true";
    private static final Duration HEARTBEAT = Duration.ofMillis(200);

    @TempDir
    Path directory;

    @Test
    void a_silent_answer_is_kept_alive() throws Exception {
        try (TestServer server = TestServer.on(directory, TestServer.config(1_000, HEARTBEAT, 10))) {
            long begin = System.nanoTime();
            try (Followed followed = server.follow(LIVE)) {
                assertEquals(Frames.caughtUp("-1"), followed.frame());

                assertEquals(Frames.heartbeat(TestServer.BEGINNING), followed.frame());
                assertTrue(System.nanoTime() - begin >= HEARTBEAT.toNanos(), "not before the time");
                server.clock().step(Duration.ofMillis(1_234));
                String after = Frames.heartbeat(TestServer.BEGINNING.plusMillis(1_234));
                String next = followed.frame();
                while (!next.equals(after)) {
                    assertEquals(Frames.heartbeat(TestServer.BEGINNING), next, "one that was on its way");
                    next = followed.frame();
                }
                assertTrue(System.nanoTime() - begin >= 2 * HEARTBEAT.toNanos(), "not before the time");
            }
        }
    }

    @Test
    void events_come_between_heartbeats_and_carry_the_only_ids() throws Exception {
        try (TestServer server = TestServer.on(directory, TestServer.config(1_000, Duration.ofMillis(20), 10));
                Followed followed = server.follow(LIVE)) {
            assertEquals(Frames.caughtUp("-1"), followed.frame());
            for (int i = 0; i < 5; i++) {
                assertEquals(Frames.heartbeat(TestServer.BEGINNING), followed.frame());
                Offset offset = server.posted("s", Integer.toString(i));
                String frame = followed.frame();
                while (frame.equals(Frames.heartbeat(TestServer.BEGINNING))) {
                    frame = followed.frame();
                }
                assertEquals(Frames.event(offset, Integer.toString(i)), frame);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LIVE, "/event"})
    void one_follower_too_many_is_told_to_come_back(String target) throws Exception {
        try (TestServer server = TestServer.on(directory, TestServer.config(1_000, Duration.ofHours(1), 2));
                Followed first = server.follow(target);
                Followed second = server.follow(LIVE)) {
            assertEquals(200, first.head().status());
            assertEquals(200, second.head().status());

            Answer answer = server.get(target);
            assertEquals(503, answer.status());
            assertEquals("1", answer.header("Retry-After"));
            assertEquals("application/json", answer.header("Content-Type"));
            assertEquals(
                    "{\"error\":\"TooManyFollowers\",\"message\":"
                            + "\"as many clients follow as this server allows: try again in a moment\"}",
                    answer.body());
            assertEquals(200, server.get("/stream/events?sessionId=s").status(), "a catch-up is no follower");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LIVE, "/event"})
    void a_client_that_vanishes_makes_room(String target) throws Exception {
        try (TestServer server = TestServer.on(directory, TestServer.config(1_000, Duration.ofMillis(20), 1))) {
            for (int i = 0; i < 5; i++) {
                Followed followed = admitted(server, target);
                followed.frame();
                assertEquals(503, server.get(LIVE).status());
                if (i % 2 == 0) {
                    followed.wire().reset();
                } else {
                    followed.close();
                }
            }
            admitted(server, target).close();
            Eventually.holds("nobody follows", () -> server.bus().subscriptions() == 0);
        }
    }

    @Test
    void an_answer_that_ends_makes_room() throws Exception {
        try (TestServer server = TestServer.on(directory, TestServer.config(1_000, Duration.ofHours(1), 1))) {
            server.posted("s", "1");
            server.close("sessions/s");
            for (int i = 0; i < 3; i++) {
                try (Followed followed = admitted(server, LIVE)) {
                    followed.rest();
                }
            }
            Eventually.holds("nobody follows", () -> server.bus().subscriptions() == 0);
        }
    }

    @Test
    void a_request_that_is_refused_takes_no_room() throws Exception {
        try (TestServer server = TestServer.on(directory, TestServer.config(1_000, Duration.ofHours(1), 1))) {
            server.append("sessions/t", "text/plain", Append.Closing.STAY_OPEN, "x");
            for (int i = 0; i < 3; i++) {
                assertEquals(
                        409, server.get("/stream/events?sessionId=t&live=true").status());
                assertEquals(
                        400, server.get("/stream/events?sessionId=&live=true").status());
                assertEquals(400, server.get("/event?sessionId=").status());
            }
            try (Followed followed = server.follow(LIVE)) {
                assertEquals(200, followed.head().status());
            }
        }
    }

    @Test
    void an_event_reaches_fifty_followers() throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            List<Followed> crowd = new ArrayList<>();
            try {
                for (int i = 0; i < 50; i++) {
                    Followed followed = server.follow(LIVE);
                    assertEquals(Frames.caughtUp("-1"), followed.frame());
                    crowd.add(followed);
                }
                for (int event = 0; event < 3; event++) {
                    Offset offset = server.posted("s", Integer.toString(event));
                    for (Followed followed : crowd) {
                        assertEquals(Frames.event(offset, Integer.toString(event)), followed.frame());
                    }
                }
                server.bus().close();
                for (Followed followed : crowd) {
                    assertEquals("", followed.rest());
                }
            } finally {
                crowd.forEach(Followed::close);
            }
        }
    }

    // The one before is noticed at the latest by its second heartbeat.
    private static Followed admitted(TestServer server, String target) throws Exception {
        List<Followed> admitted = new ArrayList<>();
        Eventually.holds("there is room", () -> {
            Followed followed = server.follow(target);
            if (followed.head().status() != 200) {
                followed.close();
                return false;
            }
            return admitted.add(followed);
        });
        return admitted.getFirst();
    }
}
