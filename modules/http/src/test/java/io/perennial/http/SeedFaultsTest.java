package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The first two faults of the proposal, shown on a server that does what it said, beside ours. The clients are the
/// same.
@Timeout(60)
class SeedFaultsTest {
    private static final String EVENTS = "/stream/events?sessionId=s";
    private static final Pattern PAYLOAD = Pattern.compile("\"event\":([0-9]+)");

    @TempDir
    Path directory;

    private TestServer ours;
    private Proposed proposed;
    private WebServer proposal;

    @BeforeEach
    void start() {
        ours = TestServer.on(directory);
        proposed = new Proposed();
        proposal = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .shutdownHook(false)
                .routing((HttpRouting.Builder routing) ->
                        routing.get("/stream/events", proposed::read).post("/stream/events", proposed::append))
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        ours.close();
        proposal.stop();
    }

    @Test
    void every_resume_of_the_proposal_repeats_an_event_and_none_of_ours_does() throws Exception {
        assertEquals(List.of("0", "0", "1", "1", "2"), resumed(proposal.port()));
        assertEquals(List.of("0", "1", "2"), resumed(ours.port()));
    }

    @Test
    void the_proposals_live_mode_brings_nothing_new_and_ours_does() throws Exception {
        assertEquals(List.of("0"), lived(proposal.port()));
        assertEquals(List.of("0", "1"), lived(ours.port()));
    }

    // Asks after each of three events for what is new, as the headers say.
    private static List<String> resumed(int port) throws IOException {
        List<String> seen = new ArrayList<>();
        String next = "-1";
        for (int i = 0; i < 3; i++) {
            post(port, i);
            try (Wire wire = Wire.to(port)) {
                Answer answer = wire.request("GET", EVENTS + "&offset=" + next).answer();
                PAYLOAD.matcher(answer.body()).results().forEach(event -> seen.add(event.group(1)));
                next = answer.header("Stream-Next-Offset");
            }
        }
        return seen;
    }

    // Follows, lets one more event happen, and listens until the server has had a turn to tell of it: a heartbeat of
    // the proposal's, or the event.
    private static List<String> lived(int port) throws IOException {
        post(port, 0);
        List<String> seen = new ArrayList<>();
        try (Followed followed = Followed.of(port, EVENTS + "&live=true")) {
            seen.addAll(payloads(followed.frame()));
            String frame = followed.frame();
            post(port, 1);
            while (!frame.contains("\"event\":") && !frame.startsWith("event: heartbeat\ndata: 3")) {
                frame = followed.frame();
            }
            seen.addAll(payloads(frame));
        }
        return seen;
    }

    private static List<String> payloads(String frame) {
        return PAYLOAD.matcher(frame).results().map(event -> event.group(1)).toList();
    }

    private static void post(int port, int event) throws IOException {
        try (Wire wire = Wire.to(port)) {
            byte[] body = Integer.toString(event).getBytes(StandardCharsets.UTF_8);
            assertEquals(201, wire.request("POST", EVENTS, body).answer().status());
        }
    }

    /// The proposal: reads are inclusive, `Stream-Next-Offset` is the last offset, and `live` is a catch-up with
    /// heartbeats behind it.
    private static final class Proposed {
        private static final int FIRST = 100;

        private final List<String> events = new CopyOnWriteArrayList<>();

        void append(ServerRequest request, ServerResponse response) {
            events.add(request.content().as(String.class));
            response.status(201).send("{}");
        }

        void read(ServerRequest request, ServerResponse response) throws IOException {
            int from = Integer.parseInt(request.query().first("offset").orElse("-1"));
            List<String> found = new ArrayList<>();
            for (int i = Math.max(0, from - FIRST); i < events.size(); i++) {
                found.add("{\"offset\":\"" + (FIRST + i) + "\",\"event\":" + events.get(i) + "}");
            }
            if (request.query().contains("live")) {
                live(found, response);
            } else {
                response.header("Stream-Next-Offset", Integer.toString(FIRST + events.size() - 1));
                response.send("[" + String.join(",", found) + "]");
            }
        }

        private void live(List<String> found, ServerResponse response) throws IOException {
            try (OutputStream out = response.outputStream()) {
                for (String entry : found) {
                    out.write(("data: " + entry + "\n\n").getBytes(StandardCharsets.UTF_8));
                }
                out.write("event: catch-up-complete\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
                int known = found.size();
                for (int beat = 1; beat <= 3; beat++) {
                    // The turn that it doesn't take: by then there is something new.
                    while (beat == 3 && events.size() == known) {
                        LockSupport.parkNanos(500_000);
                    }
                    out.write(("event: heartbeat\ndata: " + beat + "\n\n").getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
            }
        }
    }
}
