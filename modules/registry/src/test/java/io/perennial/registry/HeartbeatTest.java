package io.perennial.registry;

import static io.perennial.registry.Leases.ids;
import static io.perennial.registry.Leases.lease;
import static io.perennial.registry.ManualTime.BEGIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HeartbeatTest {
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Duration EVERY = Duration.ofSeconds(15);

    @TempDir
    Path directory;

    private final ManualTime time = new ManualTime();
    private final RecordedChanges changes = new RecordedChanges();
    private final RecordedLog log = new RecordedLog();
    private Path path;

    @BeforeEach
    void locate() throws IOException {
        path = directory.toRealPath().resolve("servers.json");
    }

    /// One beat after the other, by hand.
    @Nested
    class A_beat {
        private Registry registry;
        private Registry other;
        private Heartbeat heartbeat;

        @BeforeEach
        void open() {
            registry = Registry.open(slow(), time, time.ticker(), changes, log);
            other = other();
            heartbeat = new Heartbeat(registry, lease("own"));
        }

        @Test
        void registers_first_and_renews_from_then_on() {
            heartbeat.beat();
            assertEquals(List.of(lease("own", BEGIN)), other.live());
            time.pass(EVERY);
            heartbeat.beat();
            assertEquals(List.of(lease("own", BEGIN.plus(EVERY))), other.live());
            assertEquals(List.of("Joined own"), changes.taken());
        }

        @Test
        void registers_again_when_the_lease_is_gone_or_the_file_or_all_of_its_directory() throws IOException {
            heartbeat.beat();
            other.deregister("own");
            heartbeat.beat();
            assertEquals(List.of("Joined own", "Left own", "Joined own"), changes.taken());

            Files.delete(path);
            heartbeat.beat();
            assertEquals(List.of("own"), ids(other.live()));

            Files.writeString(path, "garbage");
            heartbeat.beat();
            assertEquals(List.of("own"), ids(other.live()));
            assertEquals(1, log.lines().size());

            try (var files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
            heartbeat.beat();
            assertEquals(List.of("own"), ids(other.live()));
            assertEquals(1, log.lines().size());
        }

        @Test
        void the_first_one_is_joining_even_where_a_former_life_left_the_very_same_lease() {
            other.register(lease("own"));
            heartbeat = new Heartbeat(Registry.open(slow(), time, time.ticker(), changes, log), lease("own"));
            heartbeat.beat();
            heartbeat.beat();
            assertEquals(List.of("Joined own"), changes.taken());
        }

        @Test
        void keeps_the_metadata_that_somebody_gave_the_lease_since() {
            heartbeat.beat();
            Lease changed = lease("own", Leases.object("{\"zone\":\"b\"}"));
            other.register(changed);
            time.pass(EVERY);
            heartbeat.beat();
            assertEquals(List.of(changed.stamped(time.instant())), other.live());
        }

        @Test
        void evicts_who_went_stale_and_sees_what_others_did() {
            heartbeat.beat();
            other.register(lease("a"));
            time.pass(EVERY);
            heartbeat.beat();
            time.pass(EVERY);
            heartbeat.beat();
            time.pass(Duration.ofMillis(1));
            heartbeat.beat();
            assertEquals(List.of("Joined own", "Joined a", "Expired a"), changes.taken());
            assertEquals(List.of("own"), ids(other.live()));
        }

        @Test
        void after_a_suspension_renews_and_evicts_nobody_who_renews_within_another_interval() {
            heartbeat.beat();
            other.register(lease("alive"));
            other.register(lease("dead"));
            time.step(Duration.ofHours(1));
            assertEquals(List.of("alive", "dead", "own"), ids(registry.live()), "a request comes before the beat");

            heartbeat.beat();
            assertEquals(List.of("alive", "dead", "own"), ids(registry.live()));
            time.pass(EVERY);
            other.renew("alive");
            heartbeat.beat();
            assertEquals(List.of("alive", "dead", "own"), ids(registry.live()));
            time.pass(EVERY);
            heartbeat.beat();
            assertEquals(List.of("alive", "own"), ids(registry.live()));
            assertEquals(List.of("Joined own", "Joined alive", "Joined dead", "Expired dead"), changes.taken());
        }

        @Test
        void that_failed_does_not_count_as_one() throws IOException {
            heartbeat.beat();
            other.register(lease("alive"));
            byte[] saved = Files.readAllBytes(path);
            Files.delete(path);
            Files.createDirectory(path);
            for (int i = 0; i < 10; i++) {
                time.pass(EVERY);
                heartbeat.beat();
            }
            Files.delete(path);
            Files.write(path, saved);
            heartbeat.beat();
            assertEquals(List.of("alive", "own"), ids(registry.live()));
        }

        @Test
        void that_fails_is_told_when_it_begins_to_and_when_it_ends_to() throws IOException {
            heartbeat.beat();
            Files.delete(path);
            Files.createDirectory(path);
            heartbeat.beat();
            heartbeat.beat();
            heartbeat.beat();
            assertEquals(
                    List.of("WARNING registry.heartbeat-failed id=own reason=io.perennial.registry.RegistryException: "
                            + "the registry file " + path + " is not a regular file"),
                    log.lines());

            Files.delete(path);
            heartbeat.beat();
            heartbeat.beat();
            assertEquals(2, log.lines().size());
            assertEquals("INFO registry.heartbeat-recovered id=own", log.lines().getLast());
            assertEquals(List.of("own"), ids(other.live()));
        }

        @Test
        void leaves_its_id_to_another_server_that_took_it_until_that_one_is_gone() {
            heartbeat.beat();
            other.register(lease("own", 77));
            time.pass(EVERY);
            heartbeat.beat();
            heartbeat.beat();
            assertEquals(List.of(lease("own", 77).stamped(BEGIN)), other.live());
            assertEquals(
                    List.of("WARNING registry.heartbeat-failed id=own reason=the id is held by pid 77"
                            + " at http://127.0.0.1:4437"),
                    log.lines());
            registry.leave(lease("own"));
            assertEquals(List.of(lease("own", 77).stamped(BEGIN)), other.live());

            other.deregister("own");
            heartbeat.beat();
            assertEquals(List.of(lease("own", time.instant())), other.live());
            assertEquals("INFO registry.heartbeat-recovered id=own", log.lines().getLast());
        }

        @Test
        void of_a_server_for_which_there_is_no_room_is_tried_again() {
            var config = new RegistryConfig(path, TTL, EVERY, Duration.ofSeconds(5), 1);
            heartbeat = new Heartbeat(Registry.open(config, time, time.ticker(), changes, log), lease("own"));
            other.register(lease("a"));
            heartbeat.beat();
            heartbeat.beat();
            assertEquals(
                    List.of("WARNING registry.heartbeat-failed id=own reason=the registry holds 1 leases already"),
                    log.lines());
            other.deregister("a");
            heartbeat.beat();
            assertEquals(List.of("own"), ids(other.live()));
        }
    }

    @Test
    void it_has_registered_when_it_has_started_and_deregistered_when_it_is_closed() {
        Registry registry = Registry.open(slow(), InstantSource.system(), changes);
        Heartbeat heartbeat = Heartbeat.start(registry, lease("own"));
        assertEquals(List.of("own"), ids(registry.live()));
        heartbeat.close();
        assertEquals(List.of(), registry.live());
        heartbeat.close();
        assertEquals(List.of("Joined own", "Left own"), changes.taken());
    }

    @Test
    void its_thread_keeps_beating_and_sees_what_others_do() throws InterruptedException {
        Registry registry = Registry.open(fast(), InstantSource.system(), changes);
        Registry other = Registry.open(fast(), InstantSource.system(), _ -> {});
        try (var _ = Heartbeat.start(registry, lease("own"))) {
            assertEquals("Joined own", changes.next());
            other.register(lease("a"));
            assertEquals("Joined a", changes.next());
            other.deregister("own");
            assertEquals("Left own", changes.next());
            assertEquals("Joined own", changes.next());
            other.deregister("a");
            assertEquals("Left a", changes.next());
        }
    }

    @Test
    void its_thread_evicts_who_is_silent_and_never_itself() throws InterruptedException {
        var config = new RegistryConfig(path, Duration.ofMillis(400), Duration.ofMillis(20), Duration.ofSeconds(5), 10);
        Registry registry = Registry.open(config, InstantSource.system(), changes);
        try (var _ = Heartbeat.start(registry, lease("own"))) {
            Registry.open(config, InstantSource.system(), _ -> {}).register(lease("a"));
            assertEquals("Joined own", changes.next());
            assertEquals("Joined a", changes.next());
            assertEquals("Expired a", changes.next());
            assertEquals(List.of("own"), ids(registry.live()));
        }
        assertEquals("Left own", changes.next());
    }

    @Test
    void its_thread_survives_a_file_that_fails() throws IOException, InterruptedException {
        Files.createDirectory(path.resolveSibling("sub"));
        path = path.resolveSibling("sub").resolve("servers.json");
        Registry registry = Registry.open(fast(), InstantSource.system(), System::nanoTime, changes, log);
        Files.createDirectory(path);
        try (var _ = Heartbeat.start(registry, lease("own"))) {
            assertTrue(log.next().startsWith("WARNING registry.heartbeat-failed id=own reason="));
            Files.delete(path);
            assertEquals("INFO registry.heartbeat-recovered id=own", log.next());
            assertEquals("Joined own", changes.next());
        }
    }

    @Test
    void closing_waits_no_longer_than_the_lock_may_take_and_says_what_it_left_behind() {
        var config = new RegistryConfig(path, TTL, EVERY, Duration.ofMillis(50), 10);
        Registry registry = Registry.open(config, InstantSource.system(), System::nanoTime, changes, log);
        Heartbeat heartbeat = Heartbeat.start(registry, lease("own"));
        try (var _ = new RegistryLock(path.resolveSibling("servers.json.lock"), Duration.ofSeconds(5)).acquire()) {
            heartbeat.close();
        }
        assertEquals(
                List.of("WARNING registry.deregister-failed id=own reason=io.perennial.registry.RegistryException: "
                        + "the registry's lock " + path + ".lock was not free within PT0.05S"),
                log.lines());
        assertEquals(List.of("own"), ids(registry.live()));
    }

    @Test
    void the_listener_may_close_it() throws Exception {
        var opened = new CompletableFuture<Heartbeat>();
        var closed = new CountDownLatch(1);
        Registry registry = Registry.open(fast(), InstantSource.system(), change -> {
            if (change instanceof RegistryChange.Joined(Lease lease)
                    && lease.id().equals("a")) {
                opened.join().close();
            }
            if (change instanceof RegistryChange.Left) {
                closed.countDown();
            }
        });
        opened.complete(Heartbeat.start(registry, lease("own")));
        Registry.open(fast(), InstantSource.system(), _ -> {}).register(lease("a"));
        assertTrue(closed.await(1, TimeUnit.MINUTES));
        assertEquals(List.of("a"), ids(registry.live()));
    }

    private Registry other() {
        return Registry.open(slow(), time, time.ticker(), _ -> {}, log);
    }

    private RegistryConfig slow() {
        return new RegistryConfig(path, TTL, EVERY, Duration.ofSeconds(5), 10);
    }

    private RegistryConfig fast() {
        return new RegistryConfig(path, TTL, Duration.ofMillis(20), Duration.ofSeconds(5), 10);
    }
}
