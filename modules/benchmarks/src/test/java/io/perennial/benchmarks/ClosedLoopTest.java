package io.perennial.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ClosedLoopTest {
    private static final Duration TIME = Duration.ofMillis(300);
    private static final String DONE = "HTTP/1.1 204 No Content\r\n\r\n";
    private static final String REFUSED = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    private static final Contender OURS = new Perennial(Path.of(""));
    private static final Contender PEER = new Reference(Contender.Kind.MEMORY, Path.of(""));

    @Test
    void what_was_sent_is_what_was_answered() throws Exception {
        try (CannedServer server = new CannedServer(_ -> DONE)) {
            List<Repeat> clients = clients(server.running(OURS));
            Sample sample = ClosedLoop.run(server.running(OURS), clients, 1, TIME);
            long answered = clients.stream().mapToLong(Repeat::completed).sum();
            assertEquals(server.requests(), answered);
            // The rest was warm-up, or in flight at the end.
            assertTrue(sample.latency().getTotalCount() < answered);
        }
    }

    @Test
    void a_refusal_is_told_of_a_peer_and_fails_ours() throws Exception {
        try (CannedServer server = new CannedServer(number -> number % 1000 == 999 ? REFUSED : DONE)) {
            Sample peer = run(server, PEER);
            assertTrue(peer.remark().matches("\\d+ requests were refused, and \\d+ weren't.*"), peer.remark());
            assertThrows(ProtocolException.class, () -> run(server, OURS));
        }
    }

    @Test
    void many_refusals_are_no_figure() throws Exception {
        try (CannedServer server = new CannedServer(number -> number % 5 == 4 ? REFUSED : DONE)) {
            assertThrows(ProtocolException.class, () -> run(server, PEER));
        }
    }

    @Test
    void a_connection_that_the_server_ends_is_no_figure() throws Exception {
        try (CannedServer server = new CannedServer(number -> number < 100 ? DONE : CannedServer.END)) {
            assertThrows(IOException.class, () -> run(server, PEER));
        }
    }

    @Test
    void an_answer_of_another_length_is_no_figure() throws Exception {
        try (CannedServer server = new CannedServer(_ -> "HTTP/1.1 204 No Content\r\n\r\nmore")) {
            assertThrows(ProtocolException.class, () -> run(server, PEER));
        }
    }

    private static Sample run(CannedServer server, Contender contender) throws IOException {
        Running running = server.running(contender);
        return ClosedLoop.run(running, clients(running), 1, TIME);
    }

    private static List<Repeat> clients(Running running) {
        List<ByteBuffer> request = List.of(Wire.get(running, "a"));
        return Stream.generate(() -> new Repeat(request, 0, 204, 0)).limit(3).toList();
    }
}
