package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Offset;
import io.perennial.eventstore.ReadFrom;
import io.perennial.eventstore.ReadOutcome;
import io.perennial.eventstore.StreamKey;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Session ids on their way through a request line.
@Timeout(60)
class SessionIdTest {
    private static final String EVENTS = "/stream/events?sessionId=";

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.on(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '~',
            value = {
                "a%2Fb%2F%2Fc a%2Fb%2F%2Fc",
                "a/b a%2Fb",
                "a:b a%3Ab",
                "a%5Cb a%5Cb",
                "100%25 100%25",
                "a%2Bb a%2Bb",
                "a+b a%20b",
                "a%20b a%20b",
                "%22q%22 %22q%22",
                "it's it%27s",
                "%F0%9F%8C%B1 %F0%9F%8C%B1",
                "a%00b a%00b",
                "%0d%0a %0D%0A",
                "a=b a%3Db",
                "a?b a%3Fb",
                "a;b a%3Bb",
                "... ...",
                "%2e%2e%2F %2E%2E%2F",
            })
    void an_id_may_hold_anything(String query, String path) throws Exception {
        String expected = path.replace("%2E", ".");
        Offset offset = server.posted(query, "1");

        assertEquals(
                "[{\"offset\":\"" + offset + "\",\"event\":1}]",
                server.get(EVENTS + query).body());
        assertTrue(
                server.store().read(new StreamKey("sessions/" + expected), ReadFrom.START, 1)
                        instanceof ReadOutcome.Read,
                "one event in sessions/" + expected);
    }

    @Test
    void an_id_of_500_chinese_characters_works() throws Exception {
        String id = "%E6%97%A5".repeat(500);
        Offset offset = server.posted(id, "1");

        try (Followed followed = server.follow(EVENTS + id + "&live=true")) {
            assertEquals(Frames.event(offset, "1"), followed.frame());
        }
    }

    @Test
    void similar_ids_are_different_sessions() throws Exception {
        List<String> queries = List.of(
                "a%2Fb",
                "a%252Fb",
                "a%25252Fb",
                "A%2FB",
                "a%2FB",
                "a+b",
                "a%2Bb",
                "a%5Cb",
                "a%00b",
                "ab",
                "a",
                "a%2F",
                "%2Fa%2Fb",
                "a%2F%2Fb",
                "a.b",
                "%C3%A9",
                "e%CC%81",
                "e",
                "%EF%BF%BD",
                "%3F",
                "__registry__",
                "sessions%2Fa%2Fb",
                "a%20",
                "a%09",
                "%E2%84%AA",
                "K",
                "k");
        Map<String, String> bodies = new LinkedHashMap<>();
        for (String query : queries) {
            Offset offset = server.posted(query, "\"" + query + "\"");
            bodies.put(query, "[{\"offset\":\"" + offset + "\",\"event\":\"" + query + "\"}]");
        }
        for (String query : queries) {
            assertEquals(bodies.get(query), server.get(EVENTS + query).body());
        }
    }

    @Test
    void two_spellings_of_one_id_are_one_session() throws Exception {
        server.posted("a%2fb%20%c3%a9", "1");

        for (String spelling : List.of("a%2Fb%20%C3%A9", "a/b+%c3%A9", "%61%2f%62%20%C3%a9")) {
            assertTrue(server.get(EVENTS + spelling).body().endsWith("\"event\":1}]"), spelling);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".",
                "..",
                "%2E",
                "%2e.",
                "",
                "a&sessionId=b",
                "a&sessionId=a",
                "a&sessionId",
                "%FF",
                "a%C3",
                "%C0%80",
                "%ED%A0%80",
                "%",
                "%4",
                "%zz",
                "%+1",
                "%-1",
                "é"
            })
    void an_id_that_names_nothing_is_400(String query) throws Exception {
        Answer post = server.post(EVENTS + query, "1");
        assertEquals(400, post.status());
        assertTrue(post.body().matches("\\{\"error\":\"[A-Za-z]+\",\"message\":\".+\"}"), post.body());

        assertEquals(400, server.get(EVENTS + query).status());
        assertEquals(400, server.get(EVENTS + query + "&live=true").status());
    }

    @Test
    void a_session_that_is_not_named_is_400() throws Exception {
        String missing = "{\"error\":\"MissingSessionId\",\"message\":"
                + "\"the parameter sessionId is missing: it names the session\"}";
        for (String target : List.of(
                "/stream/events", "/stream/events?", "/stream/events?sessionid=a", "/stream/events?live=true")) {
            assertEquals(missing, server.get(target).body(), target);
            assertEquals(missing, server.post(target, "1").body(), target);
        }
    }

    @Test
    void an_id_that_no_stream_can_be_named_by_is_400() throws Exception {
        Answer answer = server.get(EVENTS + "/".repeat(6_000));

        assertEquals(400, answer.status());
        assertEquals(
                "{\"error\":\"InvalidSessionId\",\"message\":\"the session id is too long: percent-encoded it may"
                        + " have 16375 characters\"}",
                answer.body());
    }

    @Test
    void other_parameters_are_left_alone() throws Exception {
        Offset offset = server.posted("s&x=1&x=2&&=&y", "1");

        assertEquals(
                "[{\"offset\":\"" + offset + "\",\"event\":1}]",
                server.get("/stream/events?&z=%FF&sessionId=s").body());
    }
}
