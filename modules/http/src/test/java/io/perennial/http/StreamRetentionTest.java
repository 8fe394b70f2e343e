package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `Stream-Retain-Age`, `Stream-Retain-Bytes` and `Stream-Retain-Count`: how they are said, and what a reader is told
/// of what is gone.
@Timeout(60)
class StreamRetentionTest {
    private static final String TWO = "Stream-Retain-Count: 2";

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

    // Offsets of five events, the first three of which are gone.
    private String[] trimmed(String path) throws Exception {
        String[] tails = new String[6];
        tails[0] = streams.created(path, Streams.JSON, TWO);
        for (int i = 1; i < tails.length; i++) {
            tails[i] = streams.appended(path, Integer.toString(i), Streams.JSON);
        }
        Eventually.holds(
                "three are gone", () -> streams.get(path + "?offset=-1").body().equals("[4,5]"));
        return tails;
    }

    @Test
    void whoever_missed_an_event_is_told_where_to_go_on_and_nobody_else_is_turned_away() throws Exception {
        String[] tails = trimmed("s");
        for (String live : new String[] {"", "&live=long-poll", "&live=sse"}) {
            Answer gone = streams.get("s?offset=" + tails[2] + live);
            assertEquals(410, gone.status(), gone.head());
            assertEquals(tails[3], gone.header("Stream-Earliest-Offset"));
            assertTrue(gone.body().contains("\"EventsTrimmed\"") && gone.body().contains(tails[3]), gone.body());
        }
        assertEquals("[4,5]", streams.get("s?offset=" + tails[3]).body());
        assertEquals("[5]", streams.get("s?offset=" + tails[4]).body());
        assertEquals("[]", streams.get("s?offset=" + tails[5]).body());
    }

    @Test
    void the_session_face_tells_the_same_of_a_session() throws Exception {
        String[] tails = trimmed("sessions/s");
        for (String live : new String[] {"", "&live=true"}) {
            Answer gone = server.get("/stream/events?sessionId=s&offset=" + tails[2] + live);
            assertEquals(410, gone.status(), gone.head());
            assertEquals(tails[3], gone.header("Stream-Earliest-Offset"));
        }
        assertTrue(server.get("/stream/events?sessionId=s&offset=" + tails[3])
                .body()
                .contains("\"event\":4"));
    }

    @Test
    void a_fork_of_what_is_gone_is_gone_too() throws Exception {
        String[] tails = trimmed("s");
        Answer gone = streams.put("f", "Stream-Forked-From: /v1/stream/s", "Stream-Fork-Offset: " + tails[1]);
        assertEquals(410, gone.status(), gone.head());
        assertEquals(tails[3], gone.header("Stream-Earliest-Offset"));
        streams.created("f", "Stream-Forked-From: /v1/stream/s", "Stream-Fork-Offset: " + tails[4]);
        assertEquals("[4]", streams.get("f?offset=-1").body());
        assertEquals(410, streams.get("f?offset=" + tails[2]).status());
    }

    @Test
    void it_is_part_of_the_creation_and_told_by_head() throws Exception {
        String[] all = {
            Streams.TEXT, "Stream-Retain-Age: 3600", "Stream-Retain-Bytes: 9007199254740991", TWO,
        };
        streams.created("s", all);
        assertEquals(200, streams.put("s", all).status());
        for (String[] other : new String[][] {
            {Streams.TEXT}, {Streams.TEXT, TWO}, {Streams.TEXT, "Stream-Retain-Age: 3601", all[2], TWO},
        }) {
            Answer answer = streams.put("s", other);
            assertEquals(409, answer.status(), answer.head());
            assertTrue(answer.body().contains("Stream-Retain-Age"), answer.body());
        }
        Answer head = streams.head("s");
        assertEquals("3600", head.header("Stream-Retain-Age"));
        assertEquals("9007199254740991", head.header("Stream-Retain-Bytes"));
        assertEquals("2", head.header("Stream-Retain-Count"));
        streams.created("plain", Streams.TEXT);
        assertEquals(List.of(), streams.head("plain").all("Stream-Retain-Count"));
    }

    @ParameterizedTest
    @CsvSource({"Age", "Bytes", "Count"})
    void nothing_is_no_retention(String what) throws Exception {
        Answer answer = streams.put("s", Streams.TEXT, "Stream-Retain-" + what + ": 0");
        assertEquals(400, answer.status());
        assertTrue(answer.body().contains("Stream-Retain-" + what + " is at least 1"), answer.body());
        assertEquals(404, streams.head("s").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "01", "P7D", "9007199254740992", "", "1, 2"})
    void a_retention_is_a_whole_number(String value) throws Exception {
        for (String what : new String[] {"Age", "Bytes", "Count"}) {
            Answer answer = streams.put("s", Streams.TEXT, "Stream-Retain-" + what + ": " + value);
            assertEquals(400, answer.status(), value);
            assertTrue(answer.body().contains("Stream-Retain-" + what), answer.body());
        }
    }
}
