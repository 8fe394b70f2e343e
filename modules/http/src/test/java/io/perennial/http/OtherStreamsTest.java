package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.ReadFrom;
import io.perennial.eventstore.ReadOutcome;
import io.perennial.eventstore.StreamKey;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `stream=PATH` in place of a session: the events of any stream, each with its offset.
class OtherStreamsTest {
    private TestServer server;
    private Streams streams;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = TestServer.on(directory);
        streams = new Streams(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String offset(int event) {
        return server.store().read(new StreamKey("jobs/a%2Fb"), ReadFrom.START, 1_000) instanceof ReadOutcome.Read read
                ? read.page().events().get(event).offset().toString()
                : "";
    }

    @Test
    void the_events_of_any_json_stream_come_as_those_of_a_session() throws Exception {
        streams.created("jobs/a%2Fb", Streams.JSON);
        streams.appended("jobs/a%2Fb", "[1, {\"b\": 2}]", Streams.JSON);
        assertEquals(
                "[{\"offset\":\"" + offset(0) + "\",\"event\":1},{\"offset\":\"" + offset(1)
                        + "\",\"event\":{\"b\": 2}}]",
                server.get("/stream/events?stream=jobs/a%252fb").body());
    }

    @Test
    void what_is_not_json_comes_as_base64() throws Exception {
        streams.created("jobs/a%2Fb", "Content-Type: text/plain");
        streams.appended("jobs/a%2Fb", "hello\n", "Content-Type: text/plain");
        streams.appended("jobs/a%2Fb", "x", "Content-Type: text/plain");
        String first = "{\"offset\":\"" + offset(0) + "\",\"data\":\"aGVsbG8K\"}";
        assertEquals(
                "[" + first + ",{\"offset\":\"" + offset(1) + "\",\"data\":\"eA==\"}]",
                server.get("/stream/events?stream=jobs/a%252Fb").body());
        streams.close("jobs/a%2Fb");
        try (Followed follower = server.follow("/stream/events?stream=jobs/a%252Fb&live=true")) {
            String text = follower.rest();
            assertTrue(text.contains("data: " + first + "\n\n"), text);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/stream/events?stream=a&sessionId=a,400",
        "/stream/events?stream=,400",
        "/stream/events?stream=a/../b,400",
        "/stream/events?stream=__ds/x,404",
        "/stream/events?stream=unknown,200"
    })
    void it_is_named_as_everywhere(String target, int status) throws Exception {
        assertEquals(status, server.get(target).status());
    }
}
