package io.perennial.eventstore;

import static io.perennial.eventstore.Appends.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpeningTest {
    @TempDir
    private Path directory;

    @Test
    void what_was_stored_is_there_after_a_restart() {
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("s", "1", "2");
            disk.accepted(Appends.closing("t", "3"));
            StreamInfo before = disk.info("s");
            List<Offset> offsets = Appends.offsets(disk.everything("s"));
            disk.reopen();
            assertEquals(before, disk.info("s"));
            assertEquals(offsets, Appends.offsets(disk.everything("s")));
            assertEquals(List.of("1", "2"), texts(disk.everything("s")));
            assertEquals(Ending.CLOSED, disk.page("t", ReadFrom.START).ending());
            disk.append("s", "4");
            assertEquals(List.of("1", "2", "4"), texts(disk.everything("s")));
        }
    }

    @Test
    void a_directory_is_made_where_there_is_none() {
        try (var disk = new StoreOnDisk(directory.resolve("a").resolve("b"))) {
            disk.append("s", "1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "with space",
                "ä-日本",
                "50%",
                "%41",
                "a#b",
                "a&b=c",
                "quote'\"",
                "file:x",
                ":memory:",
                "what?",
                "what?cache=shared",
                "a;b"
            })
    void a_directory_may_have_any_name(String name) throws Exception {
        Path odd = Files.createDirectory(directory.resolve(name));
        try (var disk = new StoreOnDisk(odd)) {
            disk.append("s", name);
            disk.reopen();
            assertEquals(List.of(name), texts(disk.everything("s")));
        }
        assertTrue(Files.exists(odd.resolve("events.db")));
        assertEquals(List.of(name), names(directory));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void a_second_store_in_the_same_directory_is_refused_in_one_clear_line() {
        try (var first = new StoreOnDisk(directory)) {
            first.append("s", "1");
            var refusal = assertThrows(StorageException.DirectoryInUse.class, () -> new StoreOnDisk(directory));
            assertOneLineNaming(directory, refusal);
            first.append("s", "2");
        }
        try (var again = new StoreOnDisk(directory)) {
            assertEquals(List.of("1", "2"), texts(again.everything("s")));
        }
    }

    @Test
    void another_process_is_refused_likewise_until_this_one_closes() throws Exception {
        try (var _ = new StoreOnDisk(directory)) {
            assertRefused(directory);
        }
        try (Child child = Child.start(OpeningProgram.class, directory.toString())) {
            assertEquals("opened Absent[]", child.lines(1).getFirst());
            assertThrows(StorageException.DirectoryInUse.class, () -> new StoreOnDisk(directory));
            assertEquals(0, child.end());
        }
        try (Child child = Child.start(OpeningProgram.class, directory.toString())) {
            assertEquals("opened Absent[]", child.lines(1).getFirst());
            child.kill();
        }
        new StoreOnDisk(directory).close();
    }

    @Test
    void a_refused_second_store_does_not_take_the_lock_away_from_the_first() throws Exception {
        try (var _ = new StoreOnDisk(directory)) {
            assertThrows(StorageException.DirectoryInUse.class, () -> new StoreOnDisk(directory));
            assertRefused(directory);
        }
    }

    private static void assertRefused(Path directory) throws Exception {
        try (Child child = Child.start(OpeningProgram.class, directory.toString())) {
            List<String> lines = child.lines(1);
            assertTrue(lines.getFirst().startsWith("DirectoryInUse: "), lines.toString());
            assertTrue(lines.getFirst().contains(directory.toString()), lines.toString());
            assertEquals(0, child.end());
        }
    }

    @Test
    void a_file_in_place_of_the_directory_is_refused_by_name() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertOneLineNaming(file, assertThrows(StorageException.class, () -> new StoreOnDisk(file)));
        Path below = file.resolve("data");
        assertOneLineNaming(below, assertThrows(StorageException.class, () -> new StoreOnDisk(below)));
    }

    @Test
    void a_directory_in_place_of_the_database_is_refused_by_name() throws Exception {
        Files.createDirectory(directory.resolve("events.db"));
        refusedAndUnlocked();
    }

    @Test
    void a_directory_in_place_of_the_lock_is_refused_by_name() throws Exception {
        Files.createDirectory(directory.resolve("perennial.lock"));
        assertOneLineNaming(directory, assertThrows(StorageException.class, () -> new StoreOnDisk(directory)));
    }

    @Test
    void a_database_of_a_newer_version_is_refused_and_left_alone() throws Exception {
        long version;
        try (var disk = new StoreOnDisk(directory)) {
            version = disk.number("PRAGMA user_version");
        }
        StoreOnDisk.sql(directory, "PRAGMA user_version = 1000");
        var refusal = refusedAndUnlocked();
        assertTrue(message(refusal).contains("1000"), message(refusal));
        StoreOnDisk.sql(directory, "PRAGMA user_version = " + version);
        new StoreOnDisk(directory).close();
    }

    @Test
    void a_database_that_is_garbage_is_refused() throws Exception {
        byte[] garbage = new byte[20_000];
        new Random(1).nextBytes(garbage);
        for (int length : List.of(16, 99, 100, 511, 4_096, 20_000)) {
            Files.write(directory.resolve("events.db"), Arrays.copyOf(garbage, length));
            refusedAndUnlocked();
        }
        Files.write(directory.resolve("events.db"), "SQLite format 3\0".getBytes(StandardCharsets.UTF_8));
        refusedAndUnlocked();
        Files.delete(directory.resolve("events.db"));
        new StoreOnDisk(directory).close();
    }

    @Test
    void an_empty_file_is_a_new_database() throws Exception {
        Files.createFile(directory.resolve("events.db"));
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("s", "1");
        }
    }

    @Test
    void a_database_of_another_program_is_refused_and_left_alone() throws Exception {
        StoreOnDisk.sql(directory, "CREATE TABLE stream (theirs)", "INSERT INTO stream VALUES (42)");
        refusedAndUnlocked();
        StoreOnDisk.sql(directory, "UPDATE stream SET theirs = 43 WHERE theirs = 42");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x'00'", "x''", "NULL", "'text'", "7"})
    void a_high_water_mark_that_is_no_offset_is_refused(String mark) throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("s", "1");
        }
        StoreOnDisk.sql(
                directory,
                "CREATE TABLE copy AS SELECT * FROM mint",
                "DROP TABLE mint",
                "CREATE TABLE mint (id INTEGER PRIMARY KEY, high_water, last_stream)",
                "INSERT INTO mint VALUES (1, " + mark + ", 1)");
        refusedAndUnlocked();
        StoreOnDisk.sql(directory, "UPDATE mint SET high_water = (SELECT high_water FROM copy)");
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("s", "2");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void what_is_refused_leaves_no_file_open() throws Exception {
        Files.write(directory.resolve("events.db"), "no database".getBytes(StandardCharsets.UTF_8));
        assertThrows(StorageException.class, () -> new StoreOnDisk(directory));
        assertEquals(List.of(), openFiles());
        Files.delete(directory.resolve("events.db"));
        new StoreOnDisk(directory).close();
        assertEquals(List.of(), openFiles());
        StoreOnDisk.sql(directory, "PRAGMA user_version = 1000");
        assertThrows(StorageException.class, () -> new StoreOnDisk(directory));
        assertEquals(List.of(), openFiles());
    }

    private List<String> openFiles() throws IOException {
        List<String> open = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)) {
                    open.add(Files.readSymbolicLink(descriptor).toString());
                }
            }
        }
        return open.stream()
                .filter(file -> file.startsWith(directory.toString()))
                .toList();
    }

    // Refused with a line that names the directory, and again the second time: the lock was given back.
    private StorageException refusedAndUnlocked() {
        var first = assertThrows(StorageException.class, () -> new StoreOnDisk(directory));
        assertEquals(StorageException.class, first.getClass());
        assertOneLineNaming(directory, first);
        var second = assertThrows(StorageException.class, () -> new StoreOnDisk(directory));
        assertEquals(message(first), message(second));
        return first;
    }

    private static void assertOneLineNaming(Path path, StorageException failure) {
        assertTrue(message(failure).contains(path.toString()), message(failure));
        assertEquals(1, message(failure).lines().count(), message(failure));
    }

    private static String message(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }
}
