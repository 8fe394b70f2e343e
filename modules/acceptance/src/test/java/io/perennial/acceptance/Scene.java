package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.List;

/// A server with some of everything that the inspector shows.
final class Scene {
    private static final String JSON = "application/json";
    // As many looks at the figures as make a line.
    private static final int LOOKS = 12;

    private Scene() {}

    static void set(Server server) throws Exception {
        Client client = server.client();
        for (int i = 1; i <= 60; i++) {
            client.append("night-shift", event(i));
        }
        taken(client.send("PUT", "/v1/stream/orders/2026", "", "Content-Type", JSON, "Stream-Retain-Count", "100000"));
        taken(client.send(
                "POST",
                "/v1/stream/orders/2026",
                "[{\"order\":1,\"total\":12.50},{\"order\":2,\"total\":99}]",
                "Content-Type",
                JSON,
                "Producer-Id",
                "shop",
                "Producer-Epoch",
                "0",
                "Producer-Seq",
                "0"));
        taken(client.send(
                "PUT",
                "/v1/stream/sessions/night-shift-retry",
                "",
                "Content-Type",
                JSON,
                "Stream-Forked-From",
                "/v1/stream/sessions/night-shift"));
        taken(client.send("PUT", "/v1/stream/logs/build", "compiling", "Content-Type", "text/plain"));
        taken(client.send("PUT", "/v1/stream/jobs/done", "[]", "Content-Type", JSON, "Stream-Closed", "true"));
    }

    private static void taken(HttpResponse<String> answer) {
        assertTrue(List.of(200, 201, 204).contains(answer.statusCode()), answer.statusCode() + " " + answer.body());
    }

    private static String event(int number) {
        return """
                {"type":"message.delta","n":%d,"role":"assistant","text":"and then the tests were green",\
                "usage":{"input":1200,"output":%d},"tags":["night","shift"]}""".formatted(number, number * 7);
    }

    /// Opens a stream, and one of its events.
    static void show(InspectorWindow window) throws Exception {
        window.show("/sessions/night-shift");
        window.untilState("live");
        window.until("its events", "document.querySelectorAll('#events > li').length >= 60");
        window.until("the list", "document.querySelectorAll('#stream-list li').length >= 6");
        window.until("the facts", "document.querySelectorAll('#facts dd').length > 5");
        window.run("document.getElementById('facts-panel').open = true");
        window.run("document.getElementById('append').open = true");
        unfold(window);
    }

    private static void unfold(InspectorWindow window) throws Exception {
        window.run("document.querySelector('#events > li:nth-last-child(4) > details:not([open]) > summary')?.click()");
        window.until("the event", "document.querySelector('#events .tree') !== null");
    }

    /// Writes until the figures have lines.
    static void live(Server server, InspectorWindow window) throws Exception {
        window.run("document.querySelectorAll('#stream-open > details').forEach(panel => panel.open = false)");
        window.run("document.querySelectorAll('#events details').forEach(event => event.open = false)");
        window.press("n");
        window.untilState("live");
        int number = 60;
        for (int look = 0; look < LOOKS; look++) {
            for (int i = 0; i < 20 + look * 7 % 40; i++) {
                number++;
                server.client().append("night-shift", event(number));
                server.client().append("other", event(number));
            }
            String drawn = window.text("String(document.querySelector('.line')?.getAttribute('d'))");
            window.until(
                    "another look",
                    "document.getElementById('charts').hidden"
                            + " || String(document.querySelector('.line').getAttribute('d')) !== '" + drawn + "'");
        }
        window.until(
                "the last event",
                "document.querySelector('#events > li:last-child code').textContent.includes('\"n\":" + number + ",')");
        unfold(window);
    }
}
