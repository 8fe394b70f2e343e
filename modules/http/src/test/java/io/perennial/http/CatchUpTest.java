package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Append;
import io.perennial.eventstore.AppendOutcome;
import io.perennial.eventstore.Offset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CatchUpTest {
    private static final String EVENTS = "/stream/events?sessionId=s";
    private static final int PAGE_BYTES = 10;

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.on(directory, TestServer.config(PAGE_BYTES, Duration.ofHours(1), 10));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_read_begins_at_the_start_where_nothing_else_is_said() throws Exception {
        Offset first = server.posted("s", "1");
        Offset second = server.posted("s", "2");
        String all = "[" + entry(first, 1) + "," + entry(second, 2) + "]";

        Answer answer = server.get(EVENTS);
        assertEquals(all, answer.body());
        assertEquals(all, server.get(EVENTS + "&offset=-1").body());
        assertEquals(
                Set.of(
                        "HTTP/1.1 200 OK",
                        "Stream-Next-Offset: " + second.next(),
                        "Stream-Up-To-Date: true",
                        "Content-Type: application/json",
                        "Content-Length: " + all.length(),
                        "Cache-Control: no-store",
                        "X-Content-Type-Options: nosniff",
                        "Cross-Origin-Resource-Policy: cross-origin",
                        "Vary: Origin",
                        "Connection: keep-alive"),
                lines(answer.head()));
    }

    @Test
    void an_events_own_offset_includes_it_and_its_next_one_does_not() throws Exception {
        Offset first = server.posted("s", "1");
        Offset second = server.posted("s", "2");

        assertEquals(
                "[" + entry(first, 1) + "," + entry(second, 2) + "]",
                server.get(EVENTS + "&offset=" + first).body());
        assertEquals(
                "[" + entry(second, 2) + "]",
                server.get(EVENTS + "&offset=" + first.next()).body());
        assertEquals(
                "[" + entry(second, 2) + "]",
                server.get(EVENTS + "&offset=" + second).body());
    }

    @Test
    void an_offset_between_two_events_begins_with_the_later_one() throws Exception {
        Offset first = server.posted("s", "1");
        Offset elsewhere = server.posted("t", "0");
        server.clock().step(Duration.ofMinutes(1));
        Offset second = server.posted("s", "2");

        for (Offset between : List.of(elsewhere, Offset.since(TestServer.BEGINNING.plusSeconds(1)))) {
            assertTrue(first.isBefore(between) && between.isBefore(second));
            assertEquals(
                    "[" + entry(second, 2) + "]",
                    server.get(EVENTS + "&offset=" + between).body());
        }
    }

    @Test
    void now_is_the_tail() throws Exception {
        Offset offset = server.posted("s", "1");
        Answer answer = server.get(EVENTS + "&offset=now");

        assertEquals("[]", answer.body());
        assertEquals(offset.next().toString(), answer.header("Stream-Next-Offset"));
        assertEquals("true", answer.header("Stream-Up-To-Date"));
    }

    @Test
    void an_offset_beyond_the_tail_counts_as_the_tail() throws Exception {
        Offset offset = server.posted("s", "1");
        server.posted("t", "2");
        String tail = offset.next().toString();

        for (String beyond :
                List.of(tail, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", offset.next().next().toString())) {
            Answer answer = server.get(EVENTS + "&offset=" + beyond);
            assertEquals("[]", answer.body());
            assertEquals(tail, answer.header("Stream-Next-Offset"));
            assertEquals("true", answer.header("Stream-Up-To-Date"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&offset=-1", "&offset=now", "&offset=01ARZ3NDEKTSV4RRFFQ69G5FAV"})
    void an_unknown_session_is_empty_and_begins_at_the_start(String offset) throws Exception {
        Answer answer = server.get(EVENTS + offset);

        assertEquals(200, answer.status());
        assertEquals("[]", answer.body());
        assertEquals("-1", answer.header("Stream-Next-Offset"));
        assertEquals("true", answer.header("Stream-Up-To-Date"));
    }

    @Test
    void reading_an_unknown_session_does_not_make_it() throws Exception {
        server.get(EVENTS);
        server.head(EVENTS);

        assertEquals("-1", server.get(EVENTS).header("Stream-Next-Offset"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-2",
                "+-1",
                "%20-1",
                "-1%20",
                "--1",
                "0",
                "1",
                "NOW",
                "Now",
                "null",
                "undefined",
                "*",
                "01arz3ndektsv4rrffq69g5fav",
                "01ARZ3NDEKTSV4RRFFQ69G5FA",
                "01ARZ3NDEKTSV4RRFFQ69G5FAVX",
                "81ARZ3NDEKTSV4RRFFQ69G5FAV",
                "01ARZ3NDEKTSV4RRFFQ69G5FAI",
                "01ARZ3NDEKTSV4RRFFQ69G5FAL",
                "01ARZ3NDEKTSV4RRFFQ69G5FAO",
                "01ARZ3NDEKTSV4RRFFQ69G5FAU",
                "01ARZ3NDEKTSV4RRFFQ69G5FA%00",
                "01ARZ3NDEKTSV4RRFFQ69G5FAV%0A",
                "0000000000000000_0000000000000000",
                "%FF",
                "%D9%A3"
            })
    void a_malformed_offset_is_400(String offset) throws Exception {
        server.posted("s", "1");
        for (String live : List.of("", "&live=true")) {
            Answer answer = server.get(EVENTS + "&offset=" + offset + live);
            assertEquals(400, answer.status(), live);
            assertTrue(answer.body().matches("\\{\"error\":\"Invalid(Offset|Parameter)\",.*"), answer.body());
        }
    }

    @Test
    void a_malformed_offset_is_named_and_the_grammar_told() throws Exception {
        assertEquals(
                "{\"error\":\"InvalidOffset\",\"message\":\"offset: '-2' is no offset: an offset is -1 (the start),"
                        + " now (the tail), or 26 characters of upper-case Crockford base 32, as Stream-Next-Offset"
                        + " gives them\"}",
                server.get(EVENTS + "&offset=-2").body());
    }

    @Test
    void two_offsets_are_400() throws Exception {
        assertEquals(
                "{\"error\":\"RepeatedParameter\",\"message\":\"the parameter offset is given more than once\"}",
                server.get(EVENTS + "&offset=-1&offset=-1").body());
    }

    @Test
    void pages_followed_by_their_next_offsets_hold_every_event_once() throws Exception {
        List<String> posted = IntStream.range(0, 25)
                .mapToObj(i -> "\"" + "x".repeat(i % 7) + i + "\"")
                .toList();
        List<String> expected = new ArrayList<>();
        for (String event : posted) {
            expected.add("{\"offset\":\"" + server.posted("s", event) + "\",\"event\":" + event + "}");
        }
        List<String> read = new ArrayList<>();
        String next = "-1";
        int pages = 0;
        boolean upToDate = false;
        while (!upToDate) {
            Answer page = server.get(EVENTS + "&offset=" + next);
            read.add(page.body().substring(1, page.body().length() - 1));
            next = page.header("Stream-Next-Offset");
            upToDate = Boolean.parseBoolean(page.header("Stream-Up-To-Date"));
            pages++;
        }

        assertEquals(String.join(",", expected), String.join(",", read));
        assertTrue(pages > 10, pages + " pages");
        assertEquals("[]", server.get(EVENTS + "&offset=" + next).body());
    }

    @Test
    void a_page_has_one_event_at_least_and_says_whether_more_follow() throws Exception {
        Offset first = server.posted("s", "\"" + "x".repeat(PAGE_BYTES * 10) + "\"");
        assertEquals("true", server.get(EVENTS).header("Stream-Up-To-Date"), "nothing lies behind the only event");

        Offset second = server.posted("s", "2");
        Answer page = server.get(EVENTS);
        assertEquals("false", page.header("Stream-Up-To-Date"));
        assertEquals(first.next().toString(), page.header("Stream-Next-Offset"));

        Answer last = server.get(EVENTS + "&offset=" + page.header("Stream-Next-Offset"));
        assertEquals("[" + entry(second, 2) + "]", last.body());
        assertEquals("true", last.header("Stream-Up-To-Date"));
    }

    @Test
    void a_batch_that_the_other_face_appended_is_its_events_one_by_one() throws Exception {
        AppendOutcome.Appended appended = server.append("sessions/s", List.of("1", "2", "3"));
        Offset first = appended.first();

        assertEquals(
                "[" + entry(first, 1) + "," + entry(first.next(), 2) + ","
                        + entry(first.next().next(), 3) + "]",
                server.get(EVENTS).body());
    }

    @Test
    void a_session_that_never_held_an_event_has_a_tail() throws Exception {
        server.append("sessions/s", "application/json", Append.Closing.CLOSE);
        Answer answer = server.get(EVENTS);

        assertEquals("[]", answer.body());
        assertFalse(answer.header("Stream-Next-Offset").equals("-1"));
        assertEquals("true", answer.header("Stream-Closed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&offset=now", "&offset=01ARZ3NDEKTSV4RRFFQ69G5FAV", "&live=false"})
    void a_head_tells_what_a_get_does_and_has_no_body(String query) throws Exception {
        server.posted("s", "\"0123456789\"");
        server.posted("s", "2");
        try (Wire wire = server.wire()) {
            Answer get = wire.request("GET", EVENTS + query).answer();
            Answer head = wire.request("HEAD", EVENTS + query).head();

            assertEquals(lines(get.head()), lines(head.head()));
            assertEquals(
                    get.body(), wire.request("GET", EVENTS + query).answer().body(), "right behind it");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/stream/events", EVENTS + "&offset=x", EVENTS + "&live=x", EVENTS + "%FF"})
    void a_head_that_is_refused_has_no_body_either(String target) throws Exception {
        try (Wire wire = server.wire()) {
            Answer get = wire.request("GET", target).answer();
            Answer head = wire.request("HEAD", target).head();

            assertEquals(lines(get.head()), lines(head.head()));
            assertEquals("[]", wire.request("GET", EVENTS).answer().body(), "right behind it");
        }
    }

    @Test
    void a_head_never_becomes_a_live_answer() throws Exception {
        server.posted("s", "1");
        try (Wire wire = server.wire()) {
            wire.request("HEAD", EVENTS + "&live=true").head();

            assertTrue(
                    wire.request("GET", EVENTS).answer().body().startsWith("[{\"offset\":"),
                    "the connection is free for the next request");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "yes", "TRUE", "True", "sse", "long-poll", "true%20", "false,true"})
    void live_is_true_or_false(String live) throws Exception {
        Answer answer = server.get(EVENTS + "&live=" + live);

        assertEquals(400, answer.status());
        assertEquals(
                "{\"error\":\"InvalidParameter\",\"message\":\"the parameter live is true or false\"}", answer.body());
    }

    @Test
    void live_false_is_a_catch_up() throws Exception {
        Offset offset = server.posted("s", "1");

        assertEquals(
                "[" + entry(offset, 1) + "]", server.get(EVENTS + "&live=false").body());
        assertEquals(
                "{\"error\":\"RepeatedParameter\",\"message\":\"the parameter live is given more than once\"}",
                server.get(EVENTS + "&live=false&live=false").body());
    }

    private static String entry(Offset offset, int event) {
        return "{\"offset\":\"" + offset + "\",\"event\":" + event + "}";
    }

    private static Set<String> lines(String head) {
        return Arrays.stream(head.split("\r\n", -1))
                .filter(line -> !line.startsWith("Date: "))
                .collect(Collectors.toSet());
    }
}
