package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What keeps a stream with a time to live alive, and what doesn't (protocol, section 5.1).
@Timeout(60)
class StreamLifetimeTest {
    private static final Duration MOST_OF_IT = Duration.ofSeconds(9);

    @TempDir
    Path directory;

    /// Something that a client does to the stream `s`.
    @FunctionalInterface
    private interface Deed {
        void of(Streams streams) throws Exception;
    }

    @ParameterizedTest
    @ValueSource(strings = {"s", "s?offset=now", "s?offset=-1&live=long-poll", "s?offset=now&live=long-poll"})
    void a_read_keeps_it_alive(String read) throws Exception {
        assertKeepsAlive(streams -> streams.get(read));
    }

    @Test
    void a_read_that_finds_nothing_new_keeps_it_alive() throws Exception {
        assertKeepsAlive(streams -> {
            String tag = streams.get("s").header("ETag");
            assertEquals(304, streams.get("s", "If-None-Match: " + tag).status());
        });
    }

    @Test
    void a_live_answer_keeps_it_alive_as_long_as_it_lasts() throws Exception {
        assertKeepsAlive(streams -> {
            try (Followed followed = streams.follow("s?offset=now&live=sse")) {
                followed.frame();
            }
        });
        try (TestServer server = TestServer.on(directory)) {
            Streams streams = new Streams(server);
            streams.created("t", Streams.TEXT, "Stream-TTL: 10");
            try (Followed followed = streams.follow("t?offset=now&live=sse")) {
                followed.frame();
                server.clock().step(Duration.ofDays(1));
                assertEquals(200, streams.head("t").status());
            }
        }
    }

    @Test
    void a_write_keeps_it_alive() throws Exception {
        assertKeepsAlive(streams -> streams.appended("s", "x", Streams.TEXT));
        assertKeepsAlive(streams -> assertEquals(204, streams.close("s").status()));
    }

    @Test
    void a_retry_of_a_write_keeps_it_alive() throws Exception {
        String[] numbered = {Streams.TEXT, "Producer-Id: p", "Producer-Epoch: 0", "Producer-Seq: 0"};
        try (TestServer server = TestServer.on(directory)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT, "Stream-TTL: 10");
            assertEquals(200, streams.post("s", "x", numbered).status());
            server.clock().step(MOST_OF_IT);
            assertEquals(204, streams.post("s", "x", numbered).status());
            server.clock().step(MOST_OF_IT);
            assertEquals(200, streams.head("s").status());
        }
    }

    @Test
    void asking_whether_it_is_there_does_not_keep_it_alive() throws Exception {
        assertLetsDie(streams -> assertEquals(200, streams.head("s").status()));
    }

    @Test
    void what_is_refused_does_not_keep_it_alive() throws Exception {
        assertLetsDie(streams -> {
            assertEquals(409, streams.post("s", "{}", Streams.JSON).status());
            assertEquals(400, streams.get("s?offset=x").status());
            assertEquals(409, streams.put("s", Streams.JSON).status());
        });
    }

    @Test
    void an_end_comes_whatever_is_read_or_written() throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            Streams streams = new Streams(server);
            streams.created("s", Streams.TEXT, "Stream-Expires-At: 2026-01-01T00:00:10Z");
            try (Followed followed = streams.follow("s?offset=now&live=sse")) {
                followed.frame();
                server.clock().step(Duration.ofMillis(9_999));
                streams.appended("s", "x", Streams.TEXT);
                assertEquals("x", streams.get("s").body());
                server.clock().step(Duration.ofMillis(1));
                for (Answer answer : List.of(
                        streams.get("s"),
                        streams.head("s"),
                        streams.post("s", "x", Streams.TEXT),
                        streams.delete("s"),
                        streams.get("s?offset=-1&live=sse"))) {
                    assertEquals(404, answer.status());
                }
            }
            assertEquals(201, streams.put("s", Streams.JSON).status(), "the name is free");
        }
    }

    @Test
    void a_life_goes_on_after_a_restart() throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            new Streams(server).created("s", Streams.TEXT, "Stream-TTL: 10");
        }
        try (TestServer server = TestServer.on(directory)) {
            Streams streams = new Streams(server);
            server.clock().step(MOST_OF_IT);
            assertEquals("10", streams.head("s").header("Stream-TTL"));
            server.clock().step(Duration.ofSeconds(1));
            assertEquals(404, streams.head("s").status());
        }
    }

    private void assertKeepsAlive(Deed deed) throws Exception {
        assertEquals(200, afterALife(deed));
    }

    private void assertLetsDie(Deed deed) throws Exception {
        assertEquals(404, afterALife(deed));
    }

    // Nine seconds, the deed, and nine more, of a stream that lives ten.
    private int afterALife(Deed deed) throws Exception {
        try (TestServer server = TestServer.on(directory)) {
            Streams streams = new Streams(server);
            streams.delete("s");
            streams.created("s", Streams.TEXT, "Stream-TTL: 10");
            server.clock().step(MOST_OF_IT);
            deed.of(streams);
            server.clock().step(MOST_OF_IT);
            return streams.head("s").status();
        }
    }
}
