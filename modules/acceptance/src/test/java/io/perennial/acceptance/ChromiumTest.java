package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A real browser's own `EventSource`, which is all that a page needs.
class ChromiumTest {
    @AutoClose
    private final Machine machine = new Machine();

    /// Appends this number.
    private interface Append {
        void to(Server server, int number) throws Exception;
    }

    @Test
    void a_browser_follows_a_session_across_a_kill_and_shows_every_event_once() throws Exception {
        showsEveryEventOnce(
                machine.server(),
                "/stream/events?sessionId=demo&live=true",
                "message",
                "[JSON.parse(message.data).event]",
                (server, number) -> server.client().append("demo", Integer.toString(number)));
    }

    @Test
    void a_browser_follows_a_stream_of_the_protocol_across_a_kill_and_shows_every_event_once() throws Exception {
        Server server = machine.server();
        created(server.client().send("PUT", "/v1/stream/demo", "", "Content-Type", "application/json"));
        showsEveryEventOnce(
                server,
                "/v1/stream/demo?offset=-1&live=sse",
                "data",
                "JSON.parse(message.data)",
                ChromiumTest::appendByTheProtocol);
    }

    private static void created(HttpResponse<String> answer) {
        assertEquals(201, answer.statusCode(), answer.body());
    }

    private static void appendByTheProtocol(Server server, int number) throws Exception {
        HttpResponse<String> answer = server.client()
                .send("POST", "/v1/stream/demo", Integer.toString(number), "Content-Type", "application/json");
        assertEquals(204, answer.statusCode(), answer.body());
    }

    /// @param type of the SSE events that carry events
    /// @param events what a script finds in such a `message`
    private void showsEveryEventOnce(Server server, String path, String type, String events, Append append)
            throws Exception {
        append(server, append, 0, 50);
        try (Chromium browser = Chromium.open(machine, server.url().resolve("/servers"))) {
            browser.run(script(path, type, events));
            awaitShown(browser, 50);
            append(server, append, 50, 100);
            awaitShown(browser, 100);
            server.kill();
            Server again =
                    machine.server("--port", Integer.toString(server.url().getPort()));
            // While the browser waits before it comes back.
            append(again, append, 100, 150);
            awaitShown(browser, 150);
            append(again, append, 150, 200);
            awaitShown(browser, 200);
            int connections = Integer.parseInt(browser.text("String(connections)"));
            assertTrue(connections >= 2, connections + " connections");
        }
    }

    private static String script(String path, String type, String events) {
        return """
                const list = document.body.appendChild(document.createElement('ol'))
                let connections = 0
                const source = new EventSource('%s')
                source.onopen = () => connections++
                source.addEventListener('%s', message => {
                  for (const event of %s) {
                    list.appendChild(document.createElement('li')).textContent = event
                  }
                })
                """.formatted(path, type, events);
    }

    private static void append(Server server, Append append, int from, int to) throws Exception {
        for (int number = from; number < to; number++) {
            append.to(server, number);
        }
    }

    private static void awaitShown(Chromium browser, int count) throws Exception {
        Eventually.holds(
                count + " events in the page", () -> browser.texts("ol li").size() >= count);
        List<String> numbers =
                IntStream.range(0, count).mapToObj(Integer::toString).toList();
        assertEquals(numbers, browser.texts("ol li"));
    }
}
