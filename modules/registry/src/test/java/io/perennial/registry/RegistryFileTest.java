package io.perennial.registry;

import static io.perennial.registry.Leases.lease;
import static io.perennial.registry.ManualTime.BEGIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.registry.RosterJson.Intact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryFileTest {
    private static final Roster ONE = Roster.EMPTY.with(lease("a"));

    @TempDir
    Path directory;

    @Test
    void a_file_that_is_missing_holds_nobody() {
        assertEquals(new Intact(Roster.EMPTY), file().read());
    }

    @Test
    void what_is_written_is_read_and_nothing_else_is_left() throws IOException {
        file().write(Roster.EMPTY);
        file().write(ONE);
        assertEquals(new Intact(ONE), file().read());
        assertEquals(List.of("servers.json"), names());
    }

    @Test
    void what_is_made_is_for_its_owner_alone() throws IOException {
        Path name = directory.resolve("not/yet/servers.json");
        RegistryFile.at(name).write(ONE);
        assertEquals("rw-------", permissions(name));
        assertEquals("rwx------", permissions(directory.resolve("not/yet")));
        assertEquals("rwx------", permissions(directory.resolve("not")));
    }

    @Test
    void permissions_that_an_operator_set_stay() throws IOException {
        file().write(ONE);
        Files.setPosixFilePermissions(directory.resolve("servers.json"), PosixFilePermissions.fromString("rw-rw-r--"));
        file().write(Roster.EMPTY);
        assertEquals("rw-rw-r--", permissions(directory.resolve("servers.json")));
    }

    @Test
    void what_a_killed_writer_left_goes_with_the_next_write_whatever_its_permissions() throws IOException {
        Path left = Files.writeString(directory.resolve("servers.json.tmp"), "{\"versi");
        Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("r--r--r--"));
        file().write(ONE);
        assertEquals(new Intact(ONE), file().read());
        assertEquals("rw-------", permissions(directory.resolve("servers.json")));
        assertEquals(List.of("servers.json"), names());
    }

    @Test
    void a_link_laid_under_the_name_of_the_new_file_is_not_followed() throws IOException {
        Path victim = Files.writeString(directory.resolve("victim"), "precious");
        Files.createSymbolicLink(directory.resolve("servers.json.tmp"), victim);
        file().write(ONE);
        assertEquals("precious", Files.readString(victim));
        assertEquals(new Intact(ONE), file().read());
    }

    @Test
    void a_link_to_the_file_stays_and_means_the_same_file_and_the_same_lock() throws IOException {
        Path real = directory.resolve("real/servers.json");
        RegistryFile.at(real).write(Roster.EMPTY);
        Path link = Files.createSymbolicLink(directory.resolve("link.json"), real);
        RegistryFile.at(link).write(ONE);

        assertTrue(Files.isSymbolicLink(link));
        assertEquals(new Intact(ONE), RegistryFile.at(real).read());
        assertEquals(
                RegistryFile.at(real).sibling(".lock"), RegistryFile.at(link).sibling(".lock"));
    }

    @Test
    void set_aside_it_keeps_its_bytes_under_a_name_of_its_own() throws IOException {
        for (String garbage : List.of("one", "two", "three")) {
            Files.writeString(directory.resolve("servers.json"), garbage);
            file().setAside(BEGIN);
        }
        assertEquals(
                List.of(
                        "servers.json.corrupt-20260101T000000000Z",
                        "servers.json.corrupt-20260101T000000000Z-2",
                        "servers.json.corrupt-20260101T000000000Z-3"),
                names());
        assertEquals("three", Files.readString(directory.resolve(names().getLast())));
    }

    @Test
    void what_is_no_regular_file_is_named_and_neither_read_nor_replaced() throws IOException {
        Files.createDirectory(directory.resolve("servers.json"));
        var thrown = assertThrows(RegistryException.class, () -> file().read());
        assertEquals(
                "the registry file " + directory.toRealPath().resolve("servers.json") + " is not a regular file",
                thrown.getMessage());
        assertThrows(RegistryException.class, () -> file().write(ONE));
    }

    @Test
    void a_directory_that_cannot_be_made_is_named() throws IOException {
        Files.writeString(directory.resolve("not"), "a directory");
        Path name = directory.resolve("not/servers.json");
        var thrown = assertThrows(RegistryException.class, () -> RegistryFile.at(name));
        assertTrue(
                String.valueOf(thrown.getMessage())
                        .startsWith("the directory of the registry file " + name + " cannot be made: "),
                thrown::toString);
    }

    @Test
    void more_than_anybody_would_read_is_not_written() {
        Roster large = Roster.of(Stream.iterate(0, i -> i + 1)
                .limit(2200)
                .map(i -> lease("s" + i, Leases.object("{\"x\":\"" + "y".repeat(4000) + "\"}")))
                .toList());
        assertThrows(RegistryException.class, () -> file().write(large));
        assertFalse(Files.exists(directory.resolve("servers.json")));
    }

    private RegistryFile file() {
        return RegistryFile.at(directory.resolve("servers.json"));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
