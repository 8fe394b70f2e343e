package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What other users of the machine can read of what is stored: nothing.
class OwnerOnlyTest {
    @AutoClose
    private final Machine machine = new Machine();

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private void assertOwnersAlone(Path directory) throws IOException {
        for (String file : new String[] {"events.db", "events.db-wal", "events.db-shm"}) {
            assertEquals("rw-------", permissions(directory.resolve(file)), file);
        }
    }

    @Test
    void a_new_data_directory_and_a_copy_of_it_are_their_owners_alone() throws Exception {
        Path data = machine.folder().resolve("new/data");
        Server server = machine.server("--data-dir", data.toString());
        server.client().append("s", "1");
        assertEquals("rwx------", permissions(data));
        assertOwnersAlone(data);
        Path copy = machine.folder().resolve("copy.db");
        Perennial backup = machine.run("backup", "--data-dir", data.toString(), copy.toString());
        assertEquals(0, backup.exitCode(), backup.err());
        assertEquals("rw-------", permissions(copy));
    }

    @Test
    void what_others_could_read_before_is_taken_from_them_and_that_is_said() throws Exception {
        Server server = machine.server();
        server.client().append("s", "1");
        server.kill();
        for (String file : new String[] {"events.db", "events.db-wal", "events.db-shm"}) {
            Files.setPosixFilePermissions(machine.data().resolve(file), PosixFilePermissions.fromString("rw-r--r--"));
        }
        Server again = machine.server();
        assertOwnersAlone(machine.data());
        assertEquals(3, again.process().events("store.taken-from-others"));
        assertTrue(again.client().readAll("s", "-1").size() == 1);
    }
}
