package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// `perennial heartbeat`.
class HeartbeatTest {
    @AutoClose
    private final Machine machine = new Machine();

    private Perennial heartbeat(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "heartbeat",
                "--url",
                "http://127.0.0.1:9",
                "--registry",
                machine.registry().toString(),
                "--registry-ttl",
                "PT2S",
                "--registry-heartbeat",
                "PT0.5S"));
        arguments.addAll(List.of(more));
        return machine.run(arguments.toArray(String[]::new));
    }

    private boolean isListed() throws Exception {
        return Files.exists(machine.registry())
                && Files.readString(machine.registry()).contains("http://127.0.0.1:9");
    }

    @Test
    void it_keeps_a_lease_alive_until_it_is_told_to_stop() throws Exception {
        Server server = machine.server("--registry-ttl", "PT2S", "--registry-heartbeat", "PT0.5S");
        Perennial heartbeat = heartbeat();
        assertTrue(heartbeat.firstLine().contains("http://127.0.0.1:9"));
        assertTrue(server.client().servers().contains("127.0.0.1:9"));
        long until = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        Eventually.holds("more than a TTL", () -> {
            assertTrue(server.client().servers().contains("127.0.0.1:9"));
            return System.nanoTime() - until > 0;
        });
        heartbeat.signal("TERM");
        assertEquals(0, heartbeat.exitCodeWithin(Server.STOPPED));
        assertFalse(isListed());
        assertEquals("", heartbeat.err());
        assertEquals(List.of(server.id()), server.client().servers());
    }

    @Test
    void it_leaves_with_the_process_that_it_watches() throws Exception {
        Process watched = new ProcessBuilder("sleep", "60").start();
        try {
            Perennial heartbeat = heartbeat("--pid", Long.toString(watched.pid()), "--id", "mine");
            heartbeat.firstLine();
            assertTrue(Files.readString(machine.registry()).contains("\"mine\""));
            assertTrue(Files.readString(machine.registry()).contains(Long.toString(watched.pid())));
            watched.destroyForcibly();
            assertEquals(0, heartbeat.exitCodeWithin(Duration.ofSeconds(5)));
            assertFalse(isListed());
        } finally {
            watched.destroyForcibly();
        }
    }

    @Test
    void killed_it_is_forgotten_after_the_ttl() throws Exception {
        Server server = machine.server("--registry-ttl", "PT2S", "--registry-heartbeat", "PT0.5S");
        Perennial heartbeat = heartbeat();
        heartbeat.firstLine();
        heartbeat.kill();
        Eventually.holds("forgotten", () -> server.client().servers().equals(List.of(server.id())));
    }

    @Test
    void it_opens_no_store_and_ends_as_well_when_it_is_interrupted() throws Exception {
        Perennial heartbeat = heartbeat();
        heartbeat.firstLine();
        assertFalse(Files.exists(machine.home().resolve(".perennial")));
        heartbeat.signal("INT");
        assertEquals(0, heartbeat.exitCode());
        assertFalse(isListed());
    }

    @Test
    void a_registry_that_cannot_be_is_one_line() throws Exception {
        machine.file("registry", "a file in place of its folder");
        String line = heartbeat().onlyLine(1);
        assertTrue(line.contains(machine.registry().toString()), line);
    }
}
