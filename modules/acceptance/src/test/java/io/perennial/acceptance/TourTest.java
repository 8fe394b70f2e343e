package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The README's tours, word by word, with a real browser where they say so.
@Timeout(120)
class TourTest {
    private static final String LOG = "window.logged = []; console.log = one => logged.push(one)";
    private static final String LOGGED = "JSON.stringify(window.logged)";

    @AutoClose
    private final Machine machine = new Machine();

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitLogged(Chromium browser, String expected) throws Exception {
        Eventually.holds("it logs " + expected, () -> browser.text(LOGGED).equals(expected));
    }

    @Test
    void five_minutes() throws Exception {
        int port = freePort();
        Tour tour = new Tour(machine, "Five minutes", port);
        Perennial first = tour.type();
        tour.type();
        tour.type();
        tour.type().kill();
        try (Chromium browser = Chromium.open(machine, URI.create("http://localhost:" + port + "/servers"))) {
            browser.run(LOG);
            browser.run(tour.next());
            String two =
                    "[{\"type\":\"greeting\",\"text\":\"hello\"},{\"type\":\"greeting\",\"text\":\"world\"},\"up to date\"";
            awaitLogged(browser, two + "]");
            first.signal("TERM");
            assertEquals(0, first.exitCode());
            machine.run("serve");
            awaitLogged(browser, two + ",\"up to date\"]");
        }
        tour.type();
        assertTrue(tour.next().contains("@durable-streams/client"), "it has a test of its own");
        assertTrue(tour.isOver());
    }

    @Test
    void on_a_network() throws Exception {
        int port = freePort();
        Tour tour = new Tour(machine, "On a network", port);
        tour.type();
        tour.type();
        tour.type();
        URI page = URI.create("https://localhost:" + port + "/");
        try (Chromium browser = Chromium.open(machine, page, "--ignore-certificate-errors")) {
            browser.run(LOG);
            browser.run(tour.next());
            awaitLogged(browser, "[{\"text\":\"hello\"}]");
            tour.type();
            awaitLogged(browser, "[{\"text\":\"hello\"},{\"text\":\"world\"}]");
            Eventually.holds(
                    "it isn't let in again",
                    () -> browser.text("String(demo.readyState)").equals("2"));
        }
        assertTrue(tour.isOver());
        assertEquals(1, machine.run("read", "sessions/demo").exitCode());
    }
}
