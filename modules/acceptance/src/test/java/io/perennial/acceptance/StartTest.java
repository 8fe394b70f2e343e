package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class StartTest {
    @AutoClose
    private final Machine machine = new Machine();

    @Test
    void the_one_line_on_stdout_says_where_it_listens() throws Exception {
        Server server = machine.server();
        server.client().append("s", "1");
        server.client().get("/nowhere");
        server.stop();
        assertTrue(
                server.process().out().matches("Perennial 0\\.1\\.0 listening on http://127\\.0\\.0\\.1:[1-9][0-9]*\n"),
                server.process().out());
        assertEquals("", server.process().complaints());
    }

    @Test
    void the_log_says_what_became_of_it_in_a_line_each() throws Exception {
        Server server = machine.server();
        server.stop();
        String time = "[-0-9]{10}T[:0-9]{8}\\.[0-9]{3}\\+0000 INFO ";
        String lines = server.process().err();
        assertTrue(
                lines.matches(time + "registry\\.joined id=" + server.id() + " url=" + server.url() + "\n" + time
                        + "server\\.open host=127\\.0\\.0\\.1 reason=.*\n" + time
                        + "server\\.started url=" + server.url() + " version=0\\.1\\.0 pid="
                        + server.process().pid() + "\n" + time + "server\\.stopping\n(" + time
                        + "registry\\.left .*\n)?"
                        + time + "server\\.stopped\n"),
                lines);
    }

    @Test
    void it_is_on_the_list_of_servers_when_it_says_that_it_is_ready() throws Exception {
        Server server = machine.server();
        assertEquals("[" + server.id() + "]", server.client().servers().toString());
    }

    @Test
    void a_port_in_use_is_one_line_and_leaves_nothing_locked() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            String line = machine.serve("--port", port).onlyLine(1);
            assertTrue(line.contains("port " + port), line);
            assertFalse(Files.exists(machine.registry()), "a server that never was is on the list");
        }
        machine.server().client().append("s", "1");
    }

    @Test
    void a_host_that_is_not_ours_is_one_line() throws Exception {
        String line = machine.serve("--host", "192.0.2.1", "--insecure-open").onlyLine(1);
        assertTrue(line.contains("192.0.2.1"), line);
    }

    @Test
    void a_host_that_nobody_knows_is_one_line() throws Exception {
        String line = machine.serve("--host", "no such host").onlyLine(1);
        assertTrue(line.contains("no such host"), line);
    }

    @Test
    void a_data_directory_in_use_is_one_line_and_its_server_goes_on() throws Exception {
        Server first = machine.server();
        String line = machine.serve().onlyLine(1);
        assertTrue(line.contains(machine.data().toString()), line);
        assertTrue(line.contains("in use"), line);
        first.client().append("s", "1");
        assertEquals(1, first.client().servers().size());
    }

    @Test
    void a_killed_server_leaves_no_lock_behind() throws Exception {
        Server first = machine.server();
        first.client().append("s", "1");
        first.kill();
        assertEquals(1, machine.server().client().read("s", "-1").events().size());
    }

    @Test
    void a_file_in_place_of_the_data_directory_is_one_line() throws Exception {
        Path file = machine.file("data", "I am a file");
        String line = machine.serve().onlyLine(1);
        assertTrue(line.contains(file.toString()), line);
        assertEquals("I am a file", Files.readString(file));
    }

    @Test
    void a_data_directory_below_a_file_is_one_line() throws Exception {
        Path file = machine.file("file", "");
        String line =
                machine.serve("--data-dir", file.resolve("data").toString()).onlyLine(1);
        assertTrue(line.contains(file.resolve("data").toString()), line);
    }

    @Test
    void a_data_directory_that_is_read_only_is_one_line() throws Exception {
        // /proc is read-only even for root.
        String line = machine.serve("--data-dir", "/proc/perennial").onlyLine(1);
        assertTrue(line.contains("/proc/perennial"), line);
    }

    @Test
    void a_database_that_is_none_is_one_line_and_stays_as_it_is() throws Exception {
        Files.createDirectories(machine.data());
        String garbage = "no database ".repeat(1_000);
        Path file = machine.file("data/events.db", garbage);
        String line = machine.serve().onlyLine(1);
        assertTrue(line.contains(machine.data().toString()), line);
        assertEquals(garbage, Files.readString(file));
    }

    @Test
    void a_folder_in_place_of_the_registry_file_is_one_line_and_leaves_nothing_locked() throws Exception {
        Files.createDirectories(machine.registry());
        String line = machine.serve().onlyLine(1);
        assertTrue(line.contains(machine.registry().toString()), line);
        Files.delete(machine.registry());
        machine.server().client().append("s", "1");
    }
}
