package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How much of what is refused is written down.
class AuditTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SteppingClock clock = new SteppingClock(TestServer.BEGINNING);
    private final RecordedLog log = new RecordedLog();
    private WebServer web;

    @BeforeEach
    void start() {
        Audit audit = new Audit(clock, ClientAddress.behind(CallerLimits.NONE), log);
        web = TestServer.listen(routing -> routing.get("/401", (request, response) -> {
                    audit.refused(request, "", 401, "who is it");
                    response.send();
                })
                .get("/403", (request, response) -> {
                    audit.refused(request, "known", 403, "they may not");
                    response.send();
                })
                .get("/429", (request, response) -> {
                    audit.refused(request, "known", 429, "too many\naudit.created by=root");
                    response.send();
                }));
    }

    @AfterEach
    void stop() {
        web.stop();
    }

    private void refused(int status, int times) throws IOException {
        try (Wire wire = Wire.to(web.port())) {
            for (int i = 0; i < times; i++) {
                assertEquals(200, wire.request("GET", "/" + status).answer().status());
            }
        }
    }

    private long told(int status) {
        return log.lines().stream()
                .filter(line -> line.contains("audit.refused status=" + status))
                .count();
    }

    private List<String> more() {
        return log.lines().stream()
                .filter(line -> line.contains("audit.refused-more"))
                .toList();
    }

    @Test
    void those_whom_nobody_knows_hide_nobody_who_is_known() throws Exception {
        refused(401, 150);
        refused(403, 1);
        assertEquals(100, told(401));
        assertEquals(
                "WARNING audit.refused status=403 method=GET path=/403 by=known address=127.0.0.1 reason=they may not",
                log.lines().getLast());
    }

    @Test
    void a_reason_ends_no_line_and_has_no_field_of_its_own() throws Exception {
        refused(429, 1);
        assertEquals(
                "INFO audit.refused status=429 method=GET path=/429 by=known address=127.0.0.1"
                        + " reason=too many?audit.created by?root",
                log.lines().getLast());
    }

    @Test
    void each_status_has_its_number_said_in_the_next_second_and_lines_again() throws Exception {
        refused(401, 150);
        refused(403, 101);
        clock.step(SECOND);
        assertEquals(List.of(), more());
        refused(403, 1);
        List<String> said = List.of(
                "WARNING audit.refused-more status=401 count=50", "WARNING audit.refused-more status=403 count=1");
        assertEquals(said, more());
        assertEquals(101, told(403));
        refused(401, 1);
        assertEquals(101, told(401));
        clock.step(SECOND);
        refused(401, 1);
        assertEquals(said, more());
    }

    @Test
    void what_is_within_the_bound_needs_no_number() throws Exception {
        refused(401, 100);
        refused(403, 100);
        clock.step(SECOND);
        refused(401, 1);
        assertEquals(List.of(), more());
        assertEquals(201, log.lines().size());
    }
}
