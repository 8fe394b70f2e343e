package io.perennial.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryLockTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void locate() throws IOException {
        path = directory.toRealPath().resolve("servers.json.lock");
    }

    @Test
    void it_is_a_file_of_its_own_for_its_owner_alone_and_stays() throws IOException {
        new RegistryLock(path, LONG).acquire().close();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertEquals(0, Files.size(path));
    }

    @Test
    void one_of_two_locks_in_this_process_waits_for_the_other() {
        var held = new RegistryLock(path, LONG).acquire();
        assertEquals("the registry's lock " + path + " was not free within PT0.02S", refused(SHORT));

        var waiter = CompletableFuture.runAsync(
                () -> new RegistryLock(path, LONG).acquire().close());
        assertFalse(waiter.isDone());
        held.close();
        waiter.join();
    }

    @Test
    void who_waits_in_vain_does_not_take_the_os_lock_from_who_holds_it() throws IOException {
        try (var _ = new RegistryLock(path, LONG).acquire()) {
            refused(SHORT);
            try (var child = Child.start(directory.resolve("servers.json"))) {
                assertEquals("locked by another process", child.ask("try"));
            }
        }
    }

    @Test
    void a_lock_taken_around_it_in_this_process_is_waited_for_as_well() throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertNotNull(channel.lock());
            assertEquals("the registry's lock " + path + " was not free within PT0.02S", refused(SHORT));
        }
    }

    @Test
    void it_is_held_against_other_processes_too() throws IOException {
        try (var _ = new RegistryLock(path, LONG).acquire();
                var channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            assertThrows(OverlappingFileLockException.class, channel::tryLock);
        }
    }

    @Test
    void a_thread_that_holds_it_may_not_ask_again() {
        var lock = new RegistryLock(path, LONG);
        try (var _ = lock.acquire()) {
            assertThrows(IllegalStateException.class, lock::acquire);
        }
        lock.acquire().close();
    }

    @Test
    void an_interrupted_thread_gets_nothing_and_stays_interrupted() {
        var lock = new RegistryLock(path, LONG);
        Thread.currentThread().interrupt();
        assertThrows(RegistryException.class, lock::acquire);
        assertTrue(Thread.interrupted());
        lock.acquire().close();
    }

    @Test
    void a_link_in_its_place_is_not_followed() throws IOException {
        Path victim = directory.resolve("victim");
        Files.createSymbolicLink(path, victim);
        assertThrows(RegistryException.class, () -> new RegistryLock(path, LONG).acquire());
        assertFalse(Files.exists(victim));
    }

    @Test
    void a_directory_that_someone_removed_is_made_again() throws IOException {
        Path elsewhere = directory.toRealPath().resolve("gone/servers.json.lock");
        new RegistryLock(elsewhere, LONG).acquire().close();
        assertTrue(Files.exists(elsewhere));
    }

    private String refused(Duration wait) {
        var attempt = CompletableFuture.runAsync(
                () -> new RegistryLock(path, wait).acquire().close());
        var thrown = assertThrows(CompletionException.class, attempt::join);
        return String.valueOf(
                assertInstanceOf(RegistryException.class, thrown.getCause()).getMessage());
    }
}
