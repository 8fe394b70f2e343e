package io.perennial.registry;

import static io.perennial.registry.Leases.ids;
import static io.perennial.registry.Leases.lease;
import static io.perennial.registry.ManualTime.BEGIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.registry.Registration.Full;
import io.perennial.registry.Registration.Registered;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTest {
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Duration BEYOND_TTL = TTL.plusMillis(1);

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

    @Test
    void nothing_is_written_before_something_is_registered() throws IOException {
        assertEquals(List.of(), open().live());
        assertFalse(open().renew("a"));
        assertFalse(open().deregister("a"));
        assertFalse(Files.exists(path));
    }

    @Test
    void a_lease_is_registered_with_the_registrys_own_time_whatever_it_says() throws IOException {
        var registered = new Registered(lease("a", BEGIN));
        assertEquals(registered, open().register(lease("a", Instant.EPOCH)));
        assertEquals(registered, open().register(lease("a", BEGIN.plusSeconds(3600))));
        assertEquals(List.of(lease("a", BEGIN)), open().live());
        assertEquals(
                "{\"version\":1,\"servers\":[{\"id\":\"a\",\"url\":\"http://127.0.0.1:4437\",\"port\":4437,\"pid\":12,"
                        + "\"lastHeartbeat\":1767225600000}]}\n",
                Files.readString(path));
    }

    @Test
    void the_live_ones_are_ordered_by_id() {
        Registry registry = open();
        List.of("b", "c", "a").forEach(id -> registry.register(lease(id)));
        assertEquals(List.of("a", "b", "c"), ids(registry.live()));
    }

    @Test
    void the_same_id_replaces() {
        Registry registry = open();
        registry.register(lease("a", 1));
        registry.register(lease("a", 2));
        assertEquals(List.of(lease("a", 2)), registry.live());
    }

    @Test
    void a_renewal_is_a_heartbeat_of_now_for_who_is_there() {
        Registry registry = open();
        registry.register(lease("a"));
        time.pass(Duration.ofSeconds(10));
        assertTrue(registry.renew("a"));
        assertFalse(registry.renew("b"));
        assertEquals(List.of(lease("a", BEGIN.plusSeconds(10))), registry.live());
    }

    @Test
    void a_deregistered_lease_is_gone() {
        Registry registry = open();
        registry.register(lease("a"));
        assertTrue(registry.deregister("a"));
        assertFalse(registry.deregister("a"));
        assertEquals(List.of(), registry.live());
    }

    @Test
    void what_went_stale_is_evicted_from_the_file_too() throws IOException {
        Registry registry = open();
        registry.register(lease("stale"));
        time.pass(Duration.ofMillis(1));
        registry.register(lease("fresh"));
        time.pass(TTL);
        assertEquals(List.of("fresh"), ids(registry.live()));
        assertFalse(Files.readString(path).contains("stale"));
    }

    @Test
    void looking_writes_nothing_where_nothing_went_stale() throws IOException {
        open().register(lease("a"));
        Files.setLastModifiedTime(path, FileTime.from(Instant.EPOCH));
        time.pass(TTL);
        assertEquals(List.of("a"), ids(open().live()));
        assertEquals(Instant.EPOCH, Files.getLastModifiedTime(path).toInstant());
    }

    @Test
    void after_the_clock_stepped_back_who_lives_stays_and_who_does_not_has_one_ttl() {
        Registry registry = open();
        registry.register(lease("alive"));
        registry.register(lease("dead"));
        time.step(Duration.ofHours(-1));
        assertEquals(List.of(lease("alive", time.instant()), lease("dead", time.instant())), registry.live());

        time.pass(TTL);
        assertTrue(registry.renew("alive"));
        assertEquals(List.of("alive", "dead"), ids(registry.live()));
        time.pass(Duration.ofMillis(1));
        assertEquals(List.of("alive"), ids(registry.live()));
    }

    @Test
    void a_heartbeat_in_the_year_292_million_makes_nobody_immortal() throws IOException {
        open().register(lease("a"));
        Files.writeString(path, Files.readString(path).replace("1767225600000", String.valueOf(Long.MAX_VALUE)));
        assertEquals(List.of("a"), ids(open().live()));
        time.pass(BEYOND_TTL);
        assertEquals(List.of(), open().live());
    }

    @Test
    void there_is_room_for_so_many_and_for_one_more_when_one_went_stale() {
        Registry registry = open(2);
        registry.register(lease("a"));
        time.pass(Duration.ofMillis(1));
        registry.register(lease("b"));
        assertEquals(new Full("the registry holds 2 leases already"), registry.register(lease("c")));
        assertEquals(new Registered(lease("b", 7).stamped(time.instant())), registry.register(lease("b", 7)));

        time.pass(TTL);
        assertEquals(new Registered(lease("c", time.instant())), registry.register(lease("c")));
        assertEquals(List.of("b", "c"), ids(registry.live()));
    }

    @Test
    void more_leases_than_there_is_room_for_are_kept_where_others_allowed_them() {
        Registry generous = open(3);
        List.of("a", "b", "c").forEach(id -> generous.register(lease(id)));
        Registry strict = open(1);
        assertTrue(strict.renew("a"));
        assertEquals(new Full("the registry holds 3 leases already"), strict.register(lease("d")));
        assertEquals(List.of("a", "b", "c"), ids(strict.live()));
    }

    @Test
    void a_lease_that_would_make_the_file_too_large_to_be_read_is_refused() {
        int bytesEach = RosterJson.encode(Roster.EMPTY.with(large("1000"))).length
                - RosterJson.encode(Roster.EMPTY).length
                + ",".length();
        int fit = RosterJson.LIMIT_BYTES / bytesEach;
        Roster full = Roster.of(IntStream.range(1000, 1000 + fit)
                .mapToObj(number -> large(String.valueOf(number)))
                .toList());
        RegistryFile.at(path).write(full);

        Registry registry = open();
        assertEquals(new Full("the registry's file is as large as it may be"), registry.register(large("x")));
        assertEquals(full.leases(), registry.live());
        assertEquals(new Registered(lease("1000")), registry.register(lease("1000")));
        assertEquals(new Registered(large("x")), registry.register(large("x")));
        assertEquals(fit + 1, registry.live().size());

        time.pass(BEYOND_TTL);
        Lease late = large("y").stamped(time.instant());
        assertEquals(new Registered(late), registry.register(large("y")), "those that went stale make room");
        assertEquals(List.of(late), registry.live());
    }

    @Test
    void who_was_there_when_it_opened_is_no_change_until_it_goes() {
        open().register(lease("a"));
        open().register(lease("b"));
        changes.taken();

        Registry registry = open();
        registry.live();
        assertEquals(List.of(), changes.taken());
        registry.deregister("a");
        time.pass(BEYOND_TTL);
        registry.live();
        assertEquals(List.of("Left a", "Expired b"), changes.taken());
    }

    @Test
    void ones_own_changes_are_told_once_and_renewals_never() {
        Registry registry = open();
        registry.register(lease("a"));
        registry.register(lease("a"));
        time.pass(Duration.ofSeconds(1));
        registry.renew("a");
        registry.register(lease("a"));
        registry.live();
        registry.register(lease("a", 77));
        registry.deregister("a");
        registry.deregister("a");
        assertEquals(List.of("Joined a", "Joined a", "Left a"), changes.taken());
    }

    @Test
    void the_changes_of_others_are_told_once_by_whatever_operation_looks_next() {
        Registry watching = open();
        Registry other = Registry.open(config(10), time, _ -> {});
        other.register(lease("a"));
        other.register(lease("b"));
        watching.live();
        assertEquals(List.of("Joined a", "Joined b"), changes.taken());

        other.deregister("a");
        watching.renew("b");
        assertEquals(List.of("Left a"), changes.taken());

        other.register(lease("b", 77));
        watching.register(lease("c"));
        assertEquals(List.of("Joined b", "Joined c"), changes.taken());

        time.pass(BEYOND_TTL);
        assertEquals(List.of(), other.live());
        watching.deregister("x");
        assertEquals(List.of("Expired b", "Expired c"), changes.taken());
        watching.live();
        assertEquals(List.of(), changes.taken());
    }

    @Test
    void a_listener_may_come_back_and_hears_of_what_it_does_after_what_it_is_told() {
        var opened = new CompletableFuture<Registry>();
        List<String> told = new ArrayList<>();
        opened.complete(Registry.open(config(10), time, change -> {
            told.add("begin " + change.lease().id());
            if (change.lease().id().equals("a")) {
                opened.join().register(lease("c"));
            }
            told.add("end " + change.lease().id());
        }));
        Registry other = Registry.open(config(10), time, _ -> {});
        other.register(lease("a"));
        other.register(lease("b"));
        opened.join().live();
        assertEquals(List.of("begin a", "end a", "begin b", "end b", "begin c", "end c"), told);
    }

    @Test
    void a_listener_that_throws_costs_a_line_and_nothing_else() {
        Registry registry = Registry.open(
                config(10),
                time,
                time.ticker(),
                change -> {
                    changes.accept(change);
                    throw new IllegalStateException("no");
                },
                log);
        assertEquals(new Registered(lease("a")), registry.register(lease("a")));
        registry.register(lease("b"));
        assertEquals(List.of("Joined a", "Joined b"), changes.taken());
        assertEquals(2, log.lines().size());
        assertTrue(
                log.lines().getFirst().startsWith("WARNING registry.listener-failed change=Joined[lease=Lease[id=a,"));
    }

    @Test
    void a_corrupt_file_is_set_aside_and_told_in_one_line_and_the_registry_goes_on() throws IOException {
        Registry registry = open();
        registry.register(lease("a"));
        Files.writeString(path, "garbage");
        assertEquals(List.of(), registry.live());

        Path aside = path.resolveSibling("servers.json.corrupt-20260101T000000000Z");
        assertEquals("garbage", Files.readString(aside));
        assertEquals(1, log.lines().size());
        String line = log.lines().getFirst();
        String expected = "WARNING registry.file-corrupt file=" + path + " aside=" + aside + " reason=not JSON: ";
        assertTrue(line.startsWith(expected), line);

        registry.register(lease("b"));
        assertEquals(List.of("b"), ids(registry.live()));
        assertEquals(List.of("Joined a", "Left a", "Joined b"), changes.taken());
        assertEquals(1, log.lines().size());
    }

    @Test
    void a_corrupt_file_stops_neither_opening_nor_registering() throws IOException {
        Files.writeString(path, "{\"version\":2,\"servers\":[]}");
        Registry registry = open();
        assertEquals(1, log.lines().size());
        Files.writeString(path, "");
        assertEquals(new Registered(lease("a")), registry.register(lease("a")));
        assertEquals(2, log.lines().size());
        try (var files = Files.list(directory)) {
            assertEquals(
                    2,
                    files.filter(file -> file.toString().contains(".corrupt-")).count());
        }
    }

    @Test
    void a_file_that_cannot_be_read_is_no_corrupt_one() throws IOException {
        Registry registry = open();
        Files.createDirectory(path);
        assertThrows(RegistryException.class, registry::live);
        assertThrows(RegistryException.class, () -> registry.register(lease("a")));
        assertThrows(RegistryException.class, this::open);
        assertEquals(List.of(), log.lines());
        Files.delete(path);
        assertEquals(new Registered(lease("a")), registry.register(lease("a")));
    }

    private static Lease large(String id) {
        Lease lease = lease(id);
        URI url = URI.create("http://host/" + "x".repeat(2000));
        return new Lease(id, url, lease.port(), lease.pid(), lease.lastHeartbeat(), lease.metadata());
    }

    private Registry open() {
        return open(10_000);
    }

    private Registry open(int maxLeases) {
        return Registry.open(config(maxLeases), time, time.ticker(), changes, log);
    }

    private RegistryConfig config(int maxLeases) {
        return new RegistryConfig(path, TTL, Duration.ofSeconds(15), Duration.ofSeconds(5), maxLeases);
    }
}
