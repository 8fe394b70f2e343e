package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A line for each answer, in the form that every log analyser knows.
@Timeout(120)
class AccessLogTest {
    private static final String TIME = "\\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}]";

    @AutoClose
    private final Machine machine = new Machine();

    private static String request(String line) {
        return line.substring(line.indexOf('"'));
    }

    private static void assertLine(String line, String rest) {
        assertTrue(line.matches("127\\.0\\.0\\.1 - - " + TIME + " " + rest), line);
    }

    @Test
    void each_answer_is_a_line_in_the_combined_form_when_it_ends() throws Exception {
        Path log = machine.folder().resolve("access %g.log");
        Path newest = machine.folder().resolve("access %g.log.0");
        Server server = machine.server("--access-log", log.toString());
        try (EventStream follower = server.follow("s")) {
            follower.takeCaughtUp("-1");
            try (Wire wire = Wire.connect(server.url())) {
                wire.send(
                        Wire.request("GET", "/servers?a=%22b", "User-Agent", "a\"b\\ \u00e9", "Referer", "http://x/"));
                assertEquals(200, wire.answer().status());
            }
            server.client().append("s", "1");
            server.client().get("/nowhere");
            Eventually.holds("three lines", () -> Files.readAllLines(newest).size() == 3);
            // An answer may be read before its line is written.
            List<String> lines = Files.readAllLines(newest).stream()
                    .sorted(Comparator.comparing(AccessLogTest::request))
                    .toList();
            assertLine(lines.get(0), "\"GET /nowhere HTTP/1\\.1\" 404 \\d+ \"-\" \"[^\"]+\"");
            assertLine(
                    lines.get(1),
                    "\"GET /servers\\?a=%22b HTTP/1\\.1\" 200 \\d+ \"http://x/\" \"a\\\\\"b\\\\\\\\ .*\"");
            assertLine(lines.get(2), "\"POST /stream/events\\?sessionId=s HTTP/1\\.1\" 201 \\d+ \"-\" \"[^\"]+\"");
        }
        server.client().get("/servers");
        server.client().append("s", "2");
        Eventually.holds(
                "the follower that left", () -> Files.readString(newest).contains("live=true"));
    }

    @Test
    void it_goes_to_standard_output_as_well_and_old_files_make_room() throws Exception {
        Server server = machine.server("--access-log", "-");
        server.client().get("/servers");
        Eventually.holds("a line", () -> server.process().out().contains("\"GET /servers HTTP/1.1\" 200"));
        server.stop();

        Path log = machine.folder().resolve("small.log");
        Server bounded = machine.server("--access-log", log.toString(), "--access-log-bytes", "1000");
        for (int i = 0; i < 100; i++) {
            bounded.client().get("/servers");
        }
        bounded.stop();
        for (int i = 0; i < 5; i++) {
            Path file = machine.folder().resolve("small.log." + i);
            assertTrue(Files.size(file) < 1_300, file + " has " + Files.size(file));
        }
        assertTrue(Files.notExists(machine.folder().resolve("small.log.5")));
    }

    @Test
    void a_file_that_cannot_be_written_stops_the_start_and_is_named() throws Exception {
        Path nowhere = machine.folder().resolve("nowhere/access.log");
        String line = machine.serve("--access-log", nowhere.toString()).onlyLine(2);
        assertTrue(line.contains("access-log") && line.contains(nowhere.toString()), line);
    }
}
