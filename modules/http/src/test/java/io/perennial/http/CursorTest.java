package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The numbers by which caches tell live answers apart (protocol, section 10.1).
@Timeout(60)
class CursorTest {
    private static final Instant EPOCH = Instant.parse("2024-10-09T00:00:00Z");
    private static final long NOW =
            Duration.between(EPOCH, TestServer.BEGINNING).toSeconds() / 20;

    @TempDir
    Path directory;

    private TestServer server;
    private Streams streams;
    private String tail;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.on(
                directory,
                new HttpConfig(
                        1024,
                        TestServer.LIMIT_BYTES,
                        Duration.ofHours(1),
                        10,
                        Duration.ofMillis(1),
                        Duration.ofMillis(100),
                        List.of("*")));
        streams = new Streams(server);
        tail = streams.created("s", Streams.TEXT);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_cursor_that_comes_back_is_answered_with_a_greater_one() throws Exception {
        long cursor = polled("");
        for (int i = 0; i < 20; i++) {
            long next = polled("&cursor=" + cursor);
            assertTrue(next > cursor, next + " after " + cursor);
            cursor = next;
            if (i % 3 == 0) {
                server.clock().step(Duration.ofHours(1));
            }
        }
    }

    @Test
    void a_cursor_is_the_number_of_its_twenty_seconds_or_up_to_an_hour_later() throws Exception {
        for (String old : List.of("", "&cursor=0", "&cursor=" + (NOW - 1))) {
            assertEquals(NOW, polled(old));
        }
        long later = polled("&cursor=" + NOW);
        assertTrue(later > NOW && later <= NOW + 180, "by up to an hour: " + later);
        server.clock().step(Duration.ofSeconds(20));
        assertEquals(NOW + 1, polled(""));
    }

    @Test
    void an_old_answer_ends_with_a_cursor_that_is_new() throws Exception {
        assertEquals(List.of(NOW, NOW + 1), followed(""));
        List<Long> back = followed("&cursor=" + (NOW + 1));
        assertTrue(NOW + 1 < back.getFirst() && back.getFirst() < back.getLast(), back.toString());
    }

    private long polled(String cursor) throws Exception {
        return Long.parseLong(
                streams.get("s?offset=now&live=long-poll" + cursor).header("Stream-Cursor"));
    }

    // All that an answer gives until it is old.
    private List<Long> followed(String cursor) throws Exception {
        try (Followed followed = streams.follow("s?offset=-1&live=sse" + cursor)) {
            return SseEvent.parse(followed.rest()).stream()
                    .map(event -> event.data()
                            .replace("{\"streamNextOffset\":\"" + tail + "\",\"streamCursor\":\"", "")
                            .replace("\",\"upToDate\":true}", ""))
                    .map(Long::valueOf)
                    .toList();
        }
    }
}
