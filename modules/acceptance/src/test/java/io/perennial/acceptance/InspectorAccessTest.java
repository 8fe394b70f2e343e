package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The page at `/` of a server that asks who is there, in a real browser.
@Timeout(120)
class InspectorAccessTest {
    private static final String ASKS = "document.activeElement?.id === 'token'";
    private static final String NOTE = "document.getElementById('access-note').textContent";
    private static final String STATE = "document.getElementById('state').textContent";

    /// Everything that a page can leave behind, but for what is to be read on it.
    private static final String TRACES = """
            (async () => JSON.stringify([
              Object.entries(localStorage), Object.entries(sessionStorage), document.cookie,
              await indexedDB.databases(), await caches.keys(), location.href, history.state, window.name,
              Array.from(document.querySelectorAll('*'), one => Array.from(one.attributes, ({ value }) => value)),
              Array.from(document.querySelectorAll('input, textarea'), field => field.value),
              document.documentElement.textContent,
              performance.getEntriesByType('resource').map(({ name }) => name)
            ]))()
            """;

    @AutoClose
    private final Machine machine = new Machine();

    private String writer = "";

    @BeforeEach
    void a_writer() throws Exception {
        writer = machine.token("writer", "--allow", "append:**", "--allow", "create:**");
    }

    private String everything(String name) throws Exception {
        return machine.token(
                name,
                "--allow",
                "read:**",
                "--allow",
                "registry:**",
                "--allow",
                "admin:metrics",
                "--allow",
                "admin:health");
    }

    private void append(Server server, String session, int from, int to) throws Exception {
        for (int number = from; number < to; number++) {
            HttpResponse<String> answer =
                    server.client().post(session, Integer.toString(number), "Authorization", "Bearer " + writer);
            assertEquals(201, answer.statusCode(), answer.body());
        }
    }

    private static void give(InspectorWindow window, String token) throws Exception {
        window.until("it asks", ASKS);
        window.type(token);
        window.press("Enter");
    }

    /// What the console has besides what the browser itself says of every answer that is refused or breaks off.
    private static List<String> complaints(InspectorWindow window) {
        return window.complaints().stream()
                .filter(line -> !line.contains("Failed to load resource: "))
                .toList();
    }

    private static long asked(InspectorWindow window, String path) throws Exception {
        return window.requests().stream()
                .filter(url -> url.getPath().equals(path))
                .count();
    }

    @Test
    void who_says_who_they_are_by_the_keyboard_alone_sees_everything_and_leaves_no_trace_of_it() throws Exception {
        String token = everything("reader");
        Server server = machine.server("--require-auth");
        append(server, "demo", 0, 3);
        try (InspectorWindow window = new InspectorWindow(machine, server)) {
            window.noteRequests();
            window.show("/sessions/demo?from=-1");
            window.until("it asks", ASKS);
            window.untilState("locked");
            assertTrue(window.text(NOTE).contains("say who you are"), window.text(NOTE));
            give(window, "perennial_wrong");
            window.until("its refusal", NOTE + ".includes('wrong, has expired, or was revoked')");
            assertEquals(List.of(), window.streams());
            give(window, token);
            window.untilState("live");
            window.awaitNumbers(3);
            window.until("the form's end", "document.getElementById('access').hidden");
            assertEquals("stream-title", window.text("document.activeElement.id"));
            append(server, "demo", 3, 6);
            window.awaitNumbers(6);
            window.until("the list", "document.querySelectorAll('#stream-list li').length === 1");
            window.until("servers", "document.querySelectorAll('#server-list li').length === 1");
            window.until("health", "document.getElementById('server').textContent.endsWith('is ready')");
            window.until("figures", "!document.getElementById('charts').hidden");
            window.press("c");
            assertEquals(
                    "curl -N -H \"Authorization: Bearer $TOKEN\" '",
                    window.text("document.getElementById('curl').textContent").split("http", 2)[0]);
            String traces = window.text(TRACES);
            assertFalse(traces.contains(token), traces);
            assertTrue(traces.contains("/inspector/token.js"), "it looks where it says");
            assertEquals(List.of(), complaints(window));
            assertEquals(
                    List.of(server.url().getAuthority()),
                    window.requests().stream()
                            .map(url -> String.valueOf(url.getAuthority()))
                            .distinct()
                            .toList());
            assertFalse(window.requests().toString().contains(token));
            window.run("location.reload()");
            window.until("it asks again", ASKS);
        }
        assertFalse(server.process().err().contains(token), "the log tells a token");
    }

    @Test
    void what_a_token_may_not_see_is_said_where_it_belongs_and_not_asked_for_again() throws Exception {
        String some = machine.token("some", "--allow", "read:sessions/a");
        String all = everything("all");
        Server server = machine.server("--require-auth");
        append(server, "a", 0, 3);
        append(server, "b", 0, 3);
        try (InspectorWindow window = new InspectorWindow(machine, server)) {
            window.noteRequests();
            window.show("/sessions/b?from=-1");
            give(window, some);
            window.untilState("refused");
            assertTrue(window.text(STATE).contains("the permission read:sessions/b is missing"), window.text(STATE));
            window.run("location.hash = '#/sessions/a?from=-1'");
            window.untilState("live");
            window.awaitNumbers(3);
            window.until("figures", "document.getElementById('figures-note').textContent.includes('admin:metrics')");
            window.until("health", "document.getElementById('server').textContent.includes('admin:health')");
            window.until("servers", "document.getElementById('servers-note').textContent.includes('may see')");
            assertEquals(List.of("sessions/a"), window.streams());
            window.run("document.getElementById('append-form').requestSubmit()");
            window.until(
                    "what is missing", "document.getElementById('appended').textContent.includes('append:sessions/a')");
            long looks = asked(window, "/streams");
            Eventually.holds("looks at what may be seen", () -> asked(window, "/streams") >= looks + 2);
            assertEquals(2, asked(window, "/observe/metrics"), "one 401, one 403");
            assertEquals(2, asked(window, "/observe/health/ready"), "one 401, one 403");
            append(server, "a", 3, 5);
            window.awaitNumbers(5);

            window.run("location.hash = '#/sessions/b?from=-1'");
            window.untilState("refused");
            window.run("document.getElementById('token-button').click()");
            give(window, all);
            window.untilState("live");
            window.awaitNumbers(3);
            window.until("figures", "!document.getElementById('charts').hidden");
            window.until("both", "document.querySelectorAll('#stream-list li').length === 2");
            assertEquals("token-button", window.text("document.activeElement.id"));
            assertEquals(List.of(), complaints(window));
        }
    }

    @Test
    void who_is_revoked_in_mid_stream_goes_on_with_another_token_and_sees_every_event_once() throws Exception {
        String first = everything("first");
        String second = everything("second");
        Server server = machine.server("--require-auth");
        append(server, "demo", 0, 50);
        try (InspectorWindow window = new InspectorWindow(machine, server)) {
            window.show("/sessions/demo?from=-1");
            give(window, first);
            window.awaitNumbers(50);
            Future<Boolean> written = Eventually.start(() -> {
                append(server, "demo", 50, 400);
                return true;
            });
            machine.revoke("first");
            window.until("it asks", ASKS);
            window.untilState("locked");
            assertTrue(window.text(NOTE).contains("was revoked"), window.text(NOTE));
            window.run("document.getElementById('append-form').requestSubmit()");
            window.until("it isn't stored", "document.getElementById('appended').textContent.includes('was revoked')");
            Eventually.result(written);
            give(window, second);
            window.awaitNumbers(400);
            window.untilState("live");
            append(server, "demo", 400, 410);
            window.awaitNumbers(410);
            server.kill();
            window.untilState("away");
            Server again = machine.server(
                    "--require-auth", "--port", Integer.toString(server.url().getPort()));
            append(again, "demo", 410, 420);
            window.awaitNumbers(420);
            assertEquals("true", window.text("String(document.getElementById('access').hidden)"));
            assertEquals(List.of(), complaints(window));
        }
    }

    @Test
    void an_open_server_asks_nobody() throws Exception {
        Server server = machine.server();
        server.client().append("demo", "0");
        try (InspectorWindow window = new InspectorWindow(machine, server)) {
            window.show("/sessions/demo");
            window.untilState("live");
            window.until("servers", "document.querySelectorAll('#server-list li').length === 1");
            assertEquals(
                    "true true",
                    window.text("document.getElementById('access').hidden + ' '"
                            + " + document.getElementById('token-button').hidden"));
            assertTrue(
                    window.text("document.getElementById('curl').textContent").startsWith("curl -N 'http"));
            assertEquals(List.of(), window.complaints());
        }
    }

    @Test
    void nothing_serious_keeps_anybody_from_giving_a_token_by_day_or_night_on_a_desk_or_a_phone() throws Exception {
        Server server = machine.server("--require-auth");
        try (InspectorWindow window = new InspectorWindow(machine, server)) {
            window.show("");
            give(window, "wrong");
            window.until("its refusal", NOTE + ".includes('was revoked')");
            for (String scheme : List.of("light", "dark")) {
                window.dress(scheme);
                for (int width : List.of(1_440, 390)) {
                    window.resize(width, 844, 1);
                    assertEquals(List.of(), window.obstacles(), scheme + " " + width);
                    assertEquals(Integer.toString(width), window.text("String(document.documentElement.scrollWidth)"));
                }
            }
            window.press("Escape");
            window.until("it is put away", "document.getElementById('access').hidden");
            assertEquals("stream-title", window.text("document.activeElement.id"));
            window.run("document.getElementById('token-button').click()");
            window.until("it asks", ASKS);
        }
    }
}
