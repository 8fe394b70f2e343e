package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;

/// A server that is ready.
///
/// @param url where it says that it listens
record Server(Perennial process, URI url) {
    /// A stop takes at most this long, whatever clients do.
    static final Duration STOPPED = Duration.ofSeconds(2);

    private static final String READY = "Perennial 0.1.0 listening on ";

    static Server ready(Perennial process) throws Exception {
        String line = process.firstLine();
        assertTrue(line.startsWith(READY), line);
        return new Server(process, URI.create(line.substring(READY.length())));
    }

    Client client() {
        return new Client(url);
    }

    /// What the registry calls it.
    String id() {
        return url.getHost() + ":" + url.getPort();
    }

    EventStream follow(String session, String... headers) throws Exception {
        return EventStream.open(url, Client.live(session), headers);
    }

    EventStream bus() throws Exception {
        EventStream bus = EventStream.open(url, "/event");
        assertEquals(
                "{\"type\":\"server.connected\",\"properties\":{}}", bus.next().data());
        return bus;
    }

    /// Stops it as an operator would.
    void stop() throws Exception {
        process.signal("TERM");
        assertStops();
    }

    void assertStops() throws Exception {
        assertEquals(0, process.exitCodeWithin(STOPPED), process.err());
    }

    void kill() {
        process.kill();
    }
}
