package io.perennial.registry;

import static io.perennial.registry.Leases.ids;
import static io.perennial.registry.Leases.lease;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.registry.RosterJson.Intact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the lock and the rename are for, with real processes and real kills.
@Timeout(60)
class ManyProcessesTest {
    private static final int ROUNDS = 50;

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void locate() {
        path = directory.resolve("servers.json");
    }

    @Test
    void of_two_processes_that_register_at_once_fifty_times_over_nobody_is_lost() throws IOException {
        try (var a = Child.begin(path);
                var b = Child.begin(path)) {
            a.expect("ready");
            b.expect("ready");
            for (int round = 10; round < 10 + ROUNDS; round++) {
                a.tell("a" + round);
                b.tell("b" + round);
                a.expect("Registered");
                b.expect("Registered");
            }
        }
        assertEquals(
                Stream.concat(numbered("a", ROUNDS), numbered("b", ROUNDS)).toList(),
                ids(open(Duration.ofSeconds(5)).live()));
    }

    /// The proposal's registry, and its fourth fault.
    @Test
    void without_a_lock_one_of_two_that_register_at_once_is_lost() {
        RegistryFile file = RegistryFile.at(path);
        file.write(Roster.EMPTY);
        Roster readByA = roster(file);
        Roster readByB = roster(file);
        file.write(readByA.with(lease("a")));
        file.write(readByB.with(lease("b")));

        assertEquals(List.of("b"), ids(roster(file).leases()));
    }

    @Test
    void a_lock_that_another_process_holds_is_waited_for_in_vain_or_until_it_is_released() throws IOException {
        try (var child = Child.start(path)) {
            assertEquals("held", child.ask("hold"));
            Registry impatient = open(Duration.ofMillis(50));
            var thrown = assertThrows(RegistryException.class, () -> impatient.register(lease("a")));
            assertEquals(
                    "the registry's lock " + directory.toRealPath().resolve("servers.json.lock")
                            + " was not free within PT0.05S",
                    thrown.getMessage());
            assertEquals(List.of(), impatient.live(), "reading needs no lock");

            Registry patient = open(Duration.ofMinutes(1));
            var waiting = CompletableFuture.supplyAsync(() -> patient.register(lease("a")));
            assertEquals("released", child.ask("release"));
            assertInstanceOf(Registration.Registered.class, waiting.join());
        }
    }

    @Test
    void who_reads_while_another_process_writes_sees_whole_files() throws IOException {
        try (var child = Child.start(path)) {
            child.tell("hammer");
            for (int writes = 0; writes < 60; writes += 20) {
                child.expect("hammering");
            }
            RegistryFile file = RegistryFile.at(path);
            for (int reads = 0; reads < 500; reads++) {
                assertEquals(50, roster(file).size());
            }
        }
    }

    @Test
    void a_writer_killed_at_any_moment_leaves_a_file_that_can_be_read_and_a_lock_that_is_free() throws IOException {
        for (int kill = 1; kill <= 4; kill++) {
            try (var child = Child.start(path)) {
                child.tell("hammer");
                for (int lines = 0; lines < kill * 3; lines++) {
                    child.expect("hammering");
                }
                child.kill();
            }
            assertTrue(roster(RegistryFile.at(path)).size() >= 50, "kill " + kill);
            assertInstanceOf(
                    Registration.Registered.class, open(Duration.ofSeconds(5)).register(lease("a" + kill)));
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(2, files.count(), "the file, its lock, and nothing else");
        }
    }

    @Test
    void of_two_registries_in_one_process_that_are_hammered_nobody_is_lost() {
        List<CompletableFuture<Void>> hammers = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d")) {
            Registry registry = open(Duration.ofMinutes(1));
            hammers.add(
                    CompletableFuture.runAsync(() -> numbered(name, 20).forEach(id -> registry.register(lease(id)))));
        }
        hammers.forEach(CompletableFuture::join);
        assertEquals(
                Stream.of("a", "b", "c", "d")
                        .flatMap(name -> numbered(name, 20))
                        .toList(),
                ids(open(Duration.ofSeconds(5)).live()));
    }

    @Test
    void of_many_threads_with_one_registry_nobody_is_lost_and_every_change_is_told_once() throws InterruptedException {
        var changes = new RecordedChanges();
        Registry registry = Registry.open(config(Duration.ofMinutes(1)), InstantSource.system(), changes);
        List<Thread> threads = Stream.of("a", "b", "c", "d")
                .map(name -> Thread.ofVirtual()
                        .start(() -> numbered(name, 20).forEach(id -> {
                            registry.register(lease(id));
                            registry.live();
                        })))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        List<String> ids = Stream.of("a", "b", "c", "d")
                .flatMap(name -> numbered(name, 20))
                .toList();
        assertEquals(ids, ids(registry.live()));
        assertEquals(
                ids.stream().map(id -> "Joined " + id).toList(),
                changes.taken().stream().sorted().toList());
    }

    private Registry open(Duration lockWait) {
        return Registry.open(config(lockWait), InstantSource.system(), _ -> {});
    }

    private RegistryConfig config(Duration lockWait) {
        return new RegistryConfig(path, Duration.ofHours(1), Duration.ofMinutes(1), lockWait, 10_000);
    }

    private static Stream<String> numbered(String name, int count) {
        return IntStream.range(10, 10 + count).mapToObj(number -> name + number);
    }

    private static Roster roster(RegistryFile file) {
        return assertInstanceOf(Intact.class, file.read()).roster();
    }
}
