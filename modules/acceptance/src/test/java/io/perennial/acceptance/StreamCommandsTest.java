package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Streams from the command line.
class StreamCommandsTest {
    private static final int RESTARTS = Integer.getInteger("perennial.tail.restarts", 20);
    private static final int EVENTS_OF_A_LIFE = 3_000;

    /// Arguments, exit code, and what the line has to say.
    private static final List<String> MISTAKES = List.of(
            "append jobs/1 bad|1|isn't JSON",
            "append jobs/1 1 --file x|2|--file",
            "append jobs/1 --file missing|1|missing",
            "append closed 1|1|closed",
            "append jobs/1 1 --type text/plain|1|(409)",
            "read jobs/1 --from nonsense|1|offset",
            "read jobs/1 --from now --last 1|2|--last",
            "read jobs/1 --since tomorrow|2|--since",
            "read jobs/1 --last many|2|--last",
            "info nope|1|nope",
            "rm nope|1|nope",
            "close nope|1|nope",
            "fork nope new|1|(404)",
            "export nope file|1|nope",
            "import new lines|1|isn't what export writes",
            "export jobs/1 lines|1|choose another name",
            "ls --url http://127.0.0.1:9|1|no server answers at http://127.0.0.1:9",
            "ls --url nowhere|2|--url",
            "ls a b|2|b",
            "tail|2|PATH");

    @AutoClose
    private final Machine machine = new Machine();

    private Server start() throws Exception {
        Server server = machine.server("--durable-streams", "true");
        machine.with("PERENNIAL_URL", server.url().toString());
        return server;
    }

    private String done(String... arguments) throws Exception {
        Perennial command = machine.run(arguments);
        assertEquals(0, command.exitCode(), command.err());
        assertEquals("", command.err(), Arrays.toString(arguments));
        return command.out();
    }

    @Test
    void what_was_appended_is_read_as_it_was() throws Exception {
        start();
        String next = done("append", "jobs/1", "{\"a\": 1.0}", "2", "\"x\"").strip();
        assertEquals(26, next.length());
        Path lines = machine.file("lines", "[4, 5]\n\n{\"n\": 12345678901234567890}\n");
        done("append", "jobs/1", "--file", lines.toString());
        String all = "{\"a\": 1.0}\n2\n\"x\"\n[4, 5]\n{\"n\": 12345678901234567890}\n";
        assertEquals(all, done("read", "jobs/1"));
        assertEquals("[4, 5]\n{\"n\": 12345678901234567890}\n", done("read", "jobs/1", "--from", next));
        assertEquals("{\"n\": 12345678901234567890}\n", done("read", "jobs/1", "--last", "1"));
        assertEquals(all, done("read", "jobs/1", "--since", "1h"));
        assertTrue(done("read", "jobs/1", "--json", "--last=1")
                .matches("\\{\"offset\":\"[0-9A-Z]{26}\",\"event\":\\{\"n\": 12345678901234567890}}\n"));

        Path bytes = machine.file("bytes", "ä\r\nb");
        done("append", "notes", "--type", "text/plain", "--file", bytes.toString());
        done("append", "notes", "--close", "c");
        assertEquals("ä\r\nbc", done("read", "notes"));
        assertEquals("ä\r\nbc", done("tail", "notes", "--from=-1"));
    }

    @Test
    void streams_are_listed_told_forked_closed_and_removed() throws Exception {
        Server server = start();
        done("append", "jobs/1", "1", "22");
        done("append", "jobs/2", "3");
        done("fork", "jobs/1", "copies/1");
        done("close", "jobs/2");
        List<String> listed = done("ls", "jobs/").lines().toList();
        assertEquals(3, listed.size(), listed.toString());
        assertTrue(listed.get(1).matches("2 +3 B +0 +\\d+s +jobs/1"), listed.get(1));
        assertTrue(listed.get(2).matches("1 +1 B +0 +\\d+s +jobs/2 \\(closed\\)"), listed.get(2));
        assertTrue(done("info", "jobs/1").contains("\nevents: 2\nbytes: 3\n"));
        assertTrue(done("info", "copies/1", "--json").contains("\"source\":{\"path\":\"jobs/1\""));
        assertTrue(done("servers").contains(server.id()));

        done("rm", "jobs/2", "copies/1");
        assertEquals(2, done("ls", "jobs").lines().count());
        assertEquals("1\n22\n", done("read", "jobs/1"));
    }

    @Test
    void a_bench_measures_every_load_and_leaves_nothing_behind() throws Exception {
        start();
        List<String> lines = done("bench", "--quick").lines().toList();
        assertEquals(4, lines.size(), lines.toString());
        for (String line : lines) {
            assertTrue(line.matches(".+ [1-9][0-9,]* [a-z]+/s +p50 +[0-9.]+ ms +p99 +[0-9.]+ ms"), line);
        }
        assertEquals(1, done("ls", "bench").lines().count(), "more than the heading");
    }

    @Test
    void watching_servers_tells_who_comes_and_goes_and_of_no_streams() throws Exception {
        Server first = start();
        Perennial watch = machine.run("servers", "--watch");
        Eventually.holds("it lists", () -> watch.out().contains(first.id()));
        int port = first.url().getPort();
        Eventually.holds(
                "it follows",
                () -> first.client().get("/streams/__registry__").body().contains("\"followers\":1"));
        done("append", "jobs/1", "1");
        Server second = machine.server("--data-dir", machine.otherData("second"), "--durable-streams", "true");
        Eventually.holds("it comes", () -> watch.out().contains("server.joined  " + second.id()));
        second.stop();
        Eventually.holds("it goes", () -> watch.out().contains("server.left  " + second.id()));
        assertFalse(watch.out().contains("jobs/1"), watch.out());
        assertTrue(watch.out().lines().anyMatch(line -> line.contains("http://127.0.0.1:" + port)), watch.out());
        watch.kill();
    }

    @Test
    void a_tail_has_every_event_once_whatever_becomes_of_the_server() throws Exception {
        Server server = start();
        done("append", "jobs/1", "0");
        Perennial tail = machine.run("tail", "jobs/1", "--from=-1");
        List<Integer> appended = new ArrayList<>(List.of(0));
        for (int life = 0; life < RESTARTS; life++) {
            int last = appended.getLast();
            Eventually.holds("it follows", () -> tail.out().lines().count() == last + 1);
            List<Integer> more = IntStream.rangeClosed(last + 1, last + EVENTS_OF_A_LIFE)
                    .boxed()
                    .toList();
            Path lines =
                    machine.file("lines", more.stream().map(String::valueOf).collect(Collectors.joining("\n")));
            Perennial append = machine.run("append", "jobs/1", "--file", lines.toString());
            appended.addAll(more);
            Eventually.holds("it has begun", () -> tail.out().lines().count() > last + 1);
            if (life % 2 == 0) {
                server.kill();
            } else {
                server.stop();
            }
            server = Server.ready(machine.serve(
                    "--durable-streams",
                    "true",
                    "--port",
                    Integer.toString(server.url().getPort())));
            assertEquals(0, append.exitCode(), append.err());
        }
        done("close", "jobs/1");
        assertEquals(0, tail.exitCode(), tail.err());
        assertEquals(appended, tail.out().lines().map(Integer::valueOf).toList());
    }

    @Test
    void an_export_goes_on_where_it_was_broken_off_and_an_import_appends_once() throws Exception {
        start();
        Path lines = machine.file(
                "lines", IntStream.range(0, 2_500).mapToObj(String::valueOf).collect(Collectors.joining("\n")));
        done("append", "jobs/1", "--file", lines.toString());
        Path file = machine.folder().resolve("jobs.jsonl");
        done("export", "jobs/1", file.toString());
        String whole = Files.readString(file);
        assertEquals(2_501, whole.lines().count());
        assertTrue(whole.startsWith("{\"stream\":\"jobs/1\",\"contentType\":\"application/json\"}\n"), whole);
        for (int left : List.of(0, 30, 60, 100_000, whole.length() - 1)) {
            Files.writeString(file, whole.substring(0, left));
            done("export", "jobs/1", file.toString());
            assertEquals(whole, Files.readString(file), "of " + left + " characters");
        }

        for (String another : List.of("a text without an end", whole.replace("jobs/1", "jobs/2"))) {
            Path foreign = machine.file("foreign", another);
            String line = machine.run("export", "jobs/1", foreign.toString()).onlyLine(1);
            assertTrue(line.contains("choose another name"), line);
            assertEquals(another, Files.readString(foreign));
        }
        Path cut = machine.file("cut", whole.substring(0, whole.lastIndexOf('}')));
        String half = machine.run("import", "cut", cut.toString()).onlyLine(1);
        assertTrue(half.contains("line 2501"), half);

        // Broken off: what is there of it is found again.
        Path part = machine.file("part", whole.substring(0, whole.indexOf("\n", 60_000) + 1));
        done("import", "copy", part.toString());
        done("import", "copy", file.toString());
        done("import", "copy", file.toString());
        assertEquals(done("read", "jobs/1"), done("read", "copy"));

        String other = machine.run("import", "copy", part.toString()).onlyLine(1);
        assertTrue(other.contains("something else"), other);

        done("append", "notes", "--type", "text/plain", "a\n", "b");
        Path notes = machine.folder().resolve("notes.jsonl");
        done("export", "notes", notes.toString());
        done("import", "notes-2", notes.toString());
        done("import", "notes-2", notes.toString());
        assertEquals("a\nb", done("read", "notes-2"));
    }

    @Test
    void what_does_not_work_is_told_in_one_line() throws Exception {
        start();
        done("append", "jobs/1", "1");
        done("append", "closed", "1", "--close");
        machine.file("lines", "1\n2\n");
        for (String each : MISTAKES) {
            String[] mistake = each.split("\\|", 3);
            String line = machine.run(mistake[0].split(" ")).onlyLine(Integer.parseInt(mistake[1]));
            assertTrue(line.startsWith("perennial: ") && line.contains(mistake[2]), each + ": " + line);
        }
    }

    @Test
    void a_shell_completes_every_command() throws Exception {
        String script = done("completion");
        for (String command : List.of("serve", "append", "tail", "export", "completion")) {
            assertTrue(script.contains(command), command);
        }
        Perennial shell = machine.run(
                Path.of("/bin/bash"), "-c", "source <(" + Image.launcher() + " completion) && complete -p perennial");
        assertEquals(0, shell.exitCode(), shell.err());
    }
}
