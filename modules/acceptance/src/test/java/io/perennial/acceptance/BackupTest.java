package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Client.Stored;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// `perennial backup` and `perennial verify`, on a server that runs and on one that doesn't.
class BackupTest {
    @AutoClose
    private final Machine machine = new Machine();

    private final Path copy = machine.folder().resolve("copy.db");
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicBoolean done = new AtomicBoolean();

    private Perennial upkeep(String command, String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = command;
        all[1] = "--data-dir";
        all[2] = machine.data().toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return machine.run(all);
    }

    @Test
    void a_copy_is_taken_beside_writers_is_sound_and_serves_what_was_acknowledged_before() throws Exception {
        Server server = machine.server();
        Client client = server.client();
        Future<?> writer = Eventually.start(() -> {
            while (!done.get()) {
                client.append("s", Integer.toString(acknowledged.get()));
                acknowledged.incrementAndGet();
            }
            return done;
        });
        Eventually.holds("some are written", () -> acknowledged.get() > 100);
        int before = acknowledged.get();

        Perennial backup = upkeep("backup", copy.toString());
        assertEquals(0, backup.exitCode(), backup.err());
        assertTrue(backup.out().startsWith("Copied to " + copy + ", "), backup.out());
        int after = acknowledged.get();
        Perennial verify = upkeep("verify");
        assertEquals(0, verify.exitCode(), verify.out() + verify.err());
        assertTrue(verify.out().startsWith("Sound: "), verify.out());
        Eventually.holds("writing goes on", () -> acknowledged.get() > after);
        done.set(true);
        Eventually.result(writer);
        List<Stored> all = client.readAll("s", "-1");
        server.stop();
        assertFalse(Files.exists(machine.data().resolve("server.url")));

        Path restored = Files.createDirectories(machine.folder().resolve("restored"));
        Files.copy(copy, restored.resolve("events.db"));
        Server again = machine.server("--data-dir", restored.toString());
        List<Stored> kept = again.client().readAll("s", "-1");
        assertTrue(kept.size() >= before && kept.size() <= all.size(), before + " of " + kept.size());
        assertEquals(all.subList(0, kept.size()), kept);
        String next = again.client().append("s", "\"on\"");
        assertTrue(next.compareTo(kept.getLast().offset()) > 0, next);
        again.stop();
    }

    @Test
    void what_nobody_has_open_is_copied_and_looked_at_too() throws Exception {
        Server server = machine.server();
        server.client().append("s", "1");
        server.kill();
        assertEquals(0, upkeep("backup", copy.toString()).exitCode());
        Perennial sound = upkeep("verify");
        assertEquals(0, sound.exitCode(), sound.err());
        assertTrue(sound.out().startsWith("Sound: ") && sound.out().lines().count() == 1, sound.out());

        byte[] bytes = Files.readAllBytes(machine.data().resolve("events.db"));
        for (int i = bytes.length / 2; i < bytes.length; i++) {
            bytes[i] ^= 0x11;
        }
        Files.write(machine.data().resolve("events.db"), bytes);
        Perennial damaged = upkeep("verify");
        assertEquals(1, damaged.exitCode());
        assertTrue((damaged.out() + damaged.err()).matches("(?s).*(NOT SOUND|malformed|can't be).*"), damaged.out());
    }

    @Test
    void a_copy_never_overwrites_anything_and_a_failure_leaves_nothing() throws Exception {
        Server server = machine.server();
        Path there = machine.file("there", "precious");
        Perennial refused = upkeep("backup", there.toString());
        assertEquals(1, refused.exitCode());
        assertEquals("perennial: " + there + " is there already: choose another name\n", refused.err());
        assertEquals("precious", Files.readString(there));
        server.stop();

        Perennial nobody = upkeep("backup", copy.toString(), "--url", "http://127.0.0.1:1");
        assertEquals(1, nobody.exitCode());
        assertTrue(
                nobody.err().startsWith("perennial: ") && nobody.err().lines().count() == 1, nobody.err());
        assertFalse(Files.exists(copy));
        try (var files = Files.list(machine.folder())) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".part")));
        }
        assertEquals(2, upkeep("backup").exitCode());
    }
}
