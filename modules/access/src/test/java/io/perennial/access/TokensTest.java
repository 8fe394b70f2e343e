package io.perennial.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens from their making to their end, in a real file.
class TokensTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<Grant> GRANTS = List.of(Grant.parse("read:a/**"), Grant.parse("append:b"));

    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
    private final InstantSource clock = time::get;
    private Path path;
    private TokenFile file;

    @BeforeEach
    void name(@TempDir Path directory) {
        path = directory.resolve("new/tokens.json");
        file = new TokenFile(path);
    }

    private String create(String name) {
        return file.create(name, GRANTS, Optional.empty(), NOW);
    }

    @Test
    void who_has_the_secret_is_known_by_name_and_allowed_what_was_said() {
        String secret = create("alice");
        Caller caller = Tokens.open(path, clock).authenticate(secret).orElseThrow();
        assertEquals("token:alice", caller.name());
        assertTrue(caller.may(Permission.READ, new io.perennial.eventstore.StreamKey("a/1")));
        assertFalse(caller.may(Permission.APPEND, new io.perennial.eventstore.StreamKey("a/1")));
        assertEquals(
                List.of(new Token(
                        secret.substring("perennial_".length(), "perennial_".length() + 12),
                        "alice",
                        file.list().getFirst().proof(),
                        NOW,
                        Optional.empty(),
                        GRANTS)),
                file.list());
    }

    @Test
    void the_secret_is_in_no_file_and_the_file_is_its_owners_alone() throws IOException {
        String secret = create("alice");
        String written = Files.readString(path);
        assertFalse(written.contains(secret.substring(secret.length() - 43)), written);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertNotEquals(secret, create("bob"));
    }

    @Test
    void the_file_is_the_services_also_where_root_makes_a_token() throws IOException {
        create("alice");
        Path directory = path.getParent();
        // Nobody but root can have it be another's.
        String service = System.getProperty("user.name").equals("root") ? "nobody" : System.getProperty("user.name");
        UserPrincipal owner =
                path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(service);
        Files.setOwner(path, owner);
        create("bob");
        assertEquals(owner, Files.getOwner(path), "of a file that is there");
        Files.delete(path);
        Files.setOwner(directory, owner);
        create("carol");
        assertEquals(owner, Files.getOwner(path), "of a new one, as of its directory");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    @Test
    void nobody_else_is_known() {
        String secret = create("alice");
        String other = create("bob");
        Tokens tokens = Tokens.open(path, clock);
        int body = secret.length() - 43;
        List<String> forged = new ArrayList<>(List.of(
                "",
                " ",
                secret + "x",
                secret.substring(1),
                secret.substring(0, secret.length() - 1),
                secret.toUpperCase(java.util.Locale.ROOT),
                " " + secret,
                secret + "\n",
                secret.substring(0, body) + other.substring(body),
                other.substring(0, body) + secret.substring(body),
                secret.substring(0, body)
                        + ((HashedSecret) file.list().getFirst().proof()).hash(),
                secret.substring(0, body) + "A".repeat(43),
                "perennial_" + "A".repeat(12) + "_" + secret.substring(body)));
        for (int i = 0; i < secret.length(); i++) {
            char c = secret.charAt(i) == 'A' ? 'B' : 'A';
            forged.add(secret.substring(0, i) + c + secret.substring(i + 1));
        }
        forged.forEach(text -> assertEquals(Optional.empty(), tokens.authenticate(text), text));
        assertTrue(tokens.authenticate(secret).isPresent());
    }

    @Test
    void a_token_ends_when_it_was_said_to() {
        String secret = file.create("alice", GRANTS, Optional.of(Duration.ofDays(30)), NOW);
        Tokens tokens = Tokens.open(path, clock);
        time.set(NOW.plus(Duration.ofDays(30)).minusMillis(1));
        assertTrue(tokens.authenticate(secret).isPresent());
        time.set(NOW.plus(Duration.ofDays(30)));
        assertTrue(tokens.authenticate(secret).isEmpty());
    }

    @Test
    void a_server_takes_notice_of_what_is_created_and_revoked_and_leaves_the_others_alone() {
        String alice = create("alice");
        Tokens tokens = Tokens.open(path, clock);
        Caller before = tokens.authenticate(alice).orElseThrow();
        String bob = create("bob");
        assertTrue(tokens.authenticate(bob).isEmpty());
        tokens.refresh();
        Caller known = tokens.authenticate(bob).orElseThrow();
        assertSame(before, tokens.authenticate(alice).orElseThrow());
        file.revoke("bob");
        tokens.refresh();
        assertTrue(tokens.authenticate(bob).isEmpty());
        assertTrue(known.isOver(NOW));
        assertFalse(before.isOver(NOW));
        String again = create("bob");
        tokens.refresh();
        assertTrue(tokens.authenticate(bob).isEmpty(), "an older secret of the same name");
        assertNotEquals(known.id(), tokens.authenticate(again).orElseThrow().id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"tokens\":[{}]}", "[]", "{\"tokens\":[{\"id\":1}]}"})
    void a_file_that_breaks_lets_nobody_in_until_it_is_mended(String garbage) throws IOException {
        String alice = create("alice");
        String written = Files.readString(path);
        Tokens tokens = Tokens.open(path, clock);
        Caller known = tokens.authenticate(alice).orElseThrow();
        Files.writeString(path, garbage);
        tokens.refresh();
        assertTrue(tokens.authenticate(alice).isEmpty());
        assertTrue(known.isOver(NOW));
        assertThrows(AccessException.class, () -> Tokens.open(path, clock));
        assertThrows(AccessException.class, () -> create("bob"));
        Files.writeString(path, written);
        tokens.refresh();
        assertTrue(tokens.authenticate(alice).isPresent());
        Files.delete(path);
        tokens.refresh();
        assertTrue(tokens.authenticate(alice).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw-rw-rw-"})
    void a_file_that_others_can_read_or_change_is_refused(String permissions) throws IOException {
        create("alice");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        var refused = assertThrows(AccessException.class, () -> Tokens.open(path, clock));
        assertTrue(String.valueOf(refused.getMessage()).contains("chmod 600"), refused.getMessage());
    }

    @Test
    void a_file_that_is_its_owners_again_lets_them_in_again() throws IOException {
        String alice = create("alice");
        Tokens tokens = Tokens.open(path, clock);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setLastModifiedTime(path, java.nio.file.attribute.FileTime.from(NOW));
        tokens.refresh();
        assertTrue(tokens.authenticate(alice).isEmpty());
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        tokens.refresh();
        assertTrue(tokens.authenticate(alice).isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "\u00e9", "a\n", "a/b"})
    void a_name_is_plain(String name) {
        assertThrows(IllegalArgumentException.class, () -> create(name));
        assertThrows(IllegalArgumentException.class, () -> create("x".repeat(65)));
        assertThrows(IllegalArgumentException.class, () -> file.create("a", List.of(), Optional.empty(), NOW));
    }

    @Test
    void a_name_is_given_once_and_only_what_is_there_is_revoked() {
        create("alice");
        assertThrows(AccessException.class, () -> create("alice"));
        assertThrows(AccessException.class, () -> file.revoke("bob"));
        assertEquals(1, file.list().size());
    }

    @Test
    void of_many_made_at_once_none_is_lost() throws Exception {
        List<Future<String>> work = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String name = "t" + i;
            var task = new FutureTask<>(() -> new TokenFile(path).create(name, GRANTS, Optional.empty(), NOW));
            Thread.ofVirtual().start(task);
            work.add(task);
        }
        for (Future<String> each : work) {
            each.get(10, TimeUnit.SECONDS);
        }
        assertEquals(8, file.list().size());
    }
}
