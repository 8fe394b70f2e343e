package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// The page at `/`, in a real browser.
class InspectorTest {
    private static final Path PICTURES = Image.inProject("modules/inspector/screenshots");
    private static final int MOST_PICTURE_BYTES = 250_000;
    private static final Duration ANSWERED = Duration.ofSeconds(2);

    @AutoClose
    private final Machine machine = new Machine();

    private static void append(Server server, int from, int to) throws Exception {
        for (int number = from; number < to; number++) {
            server.client().append("demo", Integer.toString(number));
        }
    }

    /// A stream of numbers, many to an append.
    private static void appendBatches(Server server, int from, int to) throws Exception {
        for (int begin = from; begin < to; begin += 500) {
            String batch = IntStream.range(begin, Math.min(to, begin + 500))
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(",", "[", "]"));
            HttpResponse<String> answer =
                    server.client().send("POST", "/v1/stream/numbers", batch, "Content-Type", "application/json");
            assertEquals(204, answer.statusCode(), answer.body());
        }
    }

    private static void create(Server server, String path) throws Exception {
        HttpResponse<String> answer =
                server.client().send("PUT", "/v1/stream/" + path, "", "Content-Type", "application/json");
        assertEquals(201, answer.statusCode(), answer.body());
    }

    @Test
    void it_loads_without_a_complaint_and_asks_no_other_host() throws Exception {
        Server server = machine.server();
        append(server, 0, 3);
        try (InspectorWindow window = new InspectorWindow(machine, server)) {
            window.noteRequests();
            window.show("/sessions/demo");
            window.untilState("live");
            window.until("three events", "document.querySelectorAll('#events > li').length === 3");
            window.until("servers", "document.querySelectorAll('#server-list li').length === 1");
            window.until("health", "document.getElementById('server').textContent.endsWith('is ready')");
            assertEquals(List.of(), window.complaints());
            assertEquals(
                    List.of(server.url().getAuthority()),
                    window.requests().stream()
                            .map(url -> String.valueOf(url.getAuthority()))
                            .distinct()
                            .toList());
            System.out.println("first paint after " + window.text("""
                    String(Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime))
                    """) + " ms, " + window.text("""
                    String(performance.getEntriesByType('resource').filter(entry => entry.name.includes('/inspector/'))
                        .concat(performance.getEntriesByType('navigation'))
                        .reduce((sum, entry) => sum + entry.encodedBodySize, 0))
                    """) + " bytes");
        }
    }

    @Test
    void the_list_is_searched_and_a_stream_opened_and_read_by_the_keyboard_alone() throws Exception {
        Server server = machine.server();
        for (String path : List.of("orders/1", "orders/2", "returns/1")) {
            create(server, path);
        }
        append(server, 0, 3);
        try (InspectorWindow window = new InspectorWindow(machine, server)) {
            window.show("");
            window.until("the list", "document.querySelectorAll('#stream-list li').length === 5");
            assertEquals(
                    List.of("__registry__", "orders/1", "orders/2", "returns/1", "sessions/demo"), window.streams());
            window.press("/");
            window.type("ses");
            window.until("one stream", "document.querySelectorAll('#stream-list li').length === 1");
            window.run("document.getElementById('prefix').blur()");
            window.press("j");
            window.press("Enter");
            window.untilState("live");
            window.until("three events", "document.querySelectorAll('#events > li').length === 3");
            window.press("j");
            window.press("j");
            window.press("Enter");
            window.until("the second event", "document.querySelector('#events > li:nth-child(2) .number') !== null");
            window.press(" ");
            window.untilState("held");
            append(server, 3, 5);
            window.press(" ");
            window.until("what came meanwhile", "document.querySelectorAll('#events > li').length === 5");
            window.press("?");
            window.until("the help", "document.getElementById('help').open");
        }
    }

    @Test
    void a_stream_is_followed_across_a_kill_and_every_event_is_there_once() throws Exception {
        Server server = machine.server();
        append(server, 0, 50);
        try (InspectorWindow window = new InspectorWindow(machine, server)) {
            window.show("/sessions/demo?from=-1");
            window.awaitNumbers(50);
            server.kill();
            window.untilState("away");
            Server again =
                    machine.server("--port", Integer.toString(server.url().getPort()));
            append(again, 50, 100);
            window.awaitNumbers(100);
            append(again, 100, 150);
            window.awaitNumbers(150);
            again.stop();
            Server third =
                    machine.server("--port", Integer.toString(server.url().getPort()));
            append(third, 150, 200);
            window.awaitNumbers(200);
        }
    }

    @Test
    void where_retention_has_gone_past_the_reader_it_says_so_and_space_goes_on_with_what_is_left() throws Exception {
        Server server = machine.server();
        HttpResponse<String> created = server.client()
                .send(
                        "PUT",
                        "/v1/stream/sessions/demo",
                        "",
                        "Content-Type",
                        "application/json",
                        "Stream-Retain-Count",
                        "2");
        assertEquals(201, created.statusCode());
        String first = server.client().append("demo", "0");
        append(server, 1, 5);
        Eventually.holds(
                "the first is gone",
                () -> server.client()
                                .get(Client.path("demo") + "&offset=" + first)
                                .statusCode()
                        == 410);
        try (InspectorWindow window = new InspectorWindow(machine, server)) {
            window.show("/sessions/demo?from=" + first);
            window.untilState("refused");
            window.press(" ");
            window.untilState("live");
            window.until("what is left", "document.querySelectorAll('#events > li').length === 2");
            assertEquals(List.of("3", "4"), window.events());
        }
    }

    @Test
    void ten_thousand_events_leave_the_latest_thousand_and_a_page_that_answers() throws Exception {
        Server server = machine.server();
        create(server, "numbers");
        try (InspectorWindow window = new InspectorWindow(machine, server)) {
            window.show("/numbers?from=now");
            window.untilState("live");
            window.run("""
                    window.longest = 0
                    new PerformanceObserver(list => list.getEntries().forEach(
                        task => window.longest = Math.max(window.longest, task.duration))).observe({ type: 'longtask' })
                    """);
            appendBatches(server, 0, 5_000);
            long before = System.nanoTime();
            window.run("document.getElementById('help-button').click()");
            window.until("the help", "document.getElementById('help').open");
            Duration answered = Duration.ofNanos(System.nanoTime() - before);
            window.press("Escape");
            appendBatches(server, 5_000, 10_000);
            window.until("the last", "document.querySelector('#events > li:last-child code')?.textContent === '9999'");
            assertEquals(InspectorWindow.numbers(9_000, 10_000), window.events());
            assertEquals(
                    "9,000 older events are gone from the page. They are still in the stream.",
                    window.text("document.getElementById('gone').textContent"));
            int longest = Integer.parseInt(window.text("String(Math.round(window.longest))"));
            System.out.println("a click was answered after " + answered.toMillis() + " ms, the longest task took "
                    + longest + " ms");
            assertTrue(answered.compareTo(ANSWERED) < 0, answered.toString());
            assertTrue(longest < ANSWERED.toMillis(), longest + " ms");
        }
    }

    @Test
    void who_reads_from_the_start_is_not_hurried_to_the_end() throws Exception {
        Server server = machine.server();
        create(server, "numbers");
        appendBatches(server, 0, 3_000);
        try (InspectorWindow window = new InspectorWindow(machine, server)) {
            window.show("/numbers?from=-1");
            window.untilState("held");
            assertEquals(InspectorWindow.numbers(0, 1_000), window.events());
            assertEquals("0", window.text("String(document.getElementById('events').scrollTop)"));
            window.run("document.getElementById('events').scrollTop = 1e9");
            window.until("more", "document.querySelector('#events > li:last-child code').textContent === '1499'");
            window.untilState("held");
            window.press(" ");
            window.until("the last", "document.querySelector('#events > li:last-child code').textContent === '2999'");
            appendBatches(server, 3_000, 3_001);
            window.until("news", "document.querySelector('#events > li:last-child code').textContent === '3000'");
        }
    }

    @Test
    void what_is_appended_on_the_page_is_stored_as_it_was_typed_and_shown() throws Exception {
        Server server = machine.server();
        append(server, 0, 1);
        try (InspectorWindow window = new InspectorWindow(machine, server)) {
            window.show("/sessions/demo");
            window.untilState("live");
            window.until("what it takes", "document.getElementById('event-label').textContent.includes('json')");
            window.press("a");
            window.type("{\"big\":12345678901234567890,\"text\":\"<img src=x>\"}");
            window.run("document.getElementById('append-form').requestSubmit()");
            window.until("the event", "document.querySelectorAll('#events > li').length === 2");
            window.run("document.querySelector('#events > li:last-child summary').click()");
            window.until("its tree", "document.querySelector('#events .number') !== null");
            assertEquals("12345678901234567890", window.text("document.querySelector('#events .number').textContent"));
            assertEquals("\"<img src=x>\"", window.text("document.querySelector('#events .string').textContent"));
            assertEquals(
                    "{\"big\":12345678901234567890,\"text\":\"<img src=x>\"}",
                    window.events().getLast());
        }
    }

    @Test
    void a_server_that_joins_or_leaves_is_on_the_list_or_marked_without_being_asked() throws Exception {
        Server server = machine.server();
        try (InspectorWindow window = new InspectorWindow(machine, server)) {
            window.show("");
            window.until("itself", "document.querySelectorAll('#server-list [data-state=live]').length === 1");
            Server other = machine.server("--data-dir", machine.otherData("other"));
            window.until("the other", "document.querySelectorAll('#server-list [data-state=live]').length === 2");
            other.stop();
            window.until("its end", "document.querySelectorAll('#server-list [data-state=left]').length === 1");
        }
    }

    @Test
    void with_durable_streams_off_it_says_how_to_turn_them_on() throws Exception {
        Server server = machine.server("--durable-streams", "false");
        try (InspectorWindow window = new InspectorWindow(machine, server)) {
            window.show("");
            window.until(
                    "the way out",
                    "document.getElementById('streams-note').textContent.includes('experimental.durableStreams')");
        }
    }

    @Test
    void nothing_serious_keeps_anybody_from_using_it_by_day_or_night_on_a_desk_or_a_phone() throws Exception {
        Server server = machine.server();
        Scene.set(server);
        try (InspectorWindow window = new InspectorWindow(machine, server)) {
            Scene.show(window);
            for (String scheme : List.of("light", "dark")) {
                window.dress(scheme);
                for (int width : List.of(1_440, 390)) {
                    window.resize(width, 844, 1);
                    assertEquals(List.of(), window.obstacles(), scheme + " " + width);
                    assertEquals(Integer.toString(width), window.text("String(document.documentElement.scrollWidth)"));
                }
            }
            window.run("document.getElementById('help').showModal()");
            assertEquals(List.of(), window.obstacles());
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "perennial.screenshots", matches = "true")
    void pictures_are_taken() throws Exception {
        Server server = machine.server();
        Scene.set(server);
        try (InspectorWindow window = new InspectorWindow(machine, server)) {
            Scene.show(window);
            Scene.live(server, window);
            for (String scheme : List.of("light", "dark")) {
                window.dress(scheme);
                window.resize(1_440, 900, 1);
                picture(window, scheme);
            }
            window.resize(390, 844, 2);
            window.run("document.getElementById('stream').scrollIntoView()");
            picture(window, "phone");
        }
    }

    private static void picture(InspectorWindow window, String name) throws Exception {
        Path file = PICTURES.resolve(name + ".png");
        window.picture(file);
        assertTrue(Files.size(file) < MOST_PICTURE_BYTES, name + " has " + Files.size(file) + " bytes");
    }
}
