package io.perennial.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.StreamGlob;
import io.perennial.eventstore.StreamKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a permission over a set of paths allows, and what not.
class GrantTest {
    private static Caller allowed(String... grants) {
        return new Caller(
                "id",
                "name",
                List.of(grants).stream().map(Grant::parse).toList(),
                Optional.of(Instant.parse("2026-01-01T00:00:00Z")));
    }

    @ParameterizedTest
    @CsvSource({
        "read:a, a",
        "read:*, a",
        "read:a/*, a/b",
        "read:a/**, a",
        "read:a/**, a/b/c",
        "read:**, a/b",
        "read:**/c, a/b/c",
        "read:*/b/*, a/b/c",
        "read:__registry__, __registry__",
        "read:a%2Fb, a%2Fb",
    })
    void it_allows_the_paths_that_it_matches(String grant, String path) {
        assertTrue(allowed(grant).may(Permission.READ, new StreamKey(path)));
        assertEquals(grant, Grant.parse(grant).text());
    }

    @ParameterizedTest
    @CsvSource({
        "read:a, b",
        "read:a, a/b",
        "read:a, A",
        "read:a/*, a",
        "read:a/*, a/b/c",
        "read:*, a/b",
        "read:a/**, ab",
        "read:a/b, a%2Fb",
        "append:a, a",
        "read:**, __registry__",
        "read:**, __ds/x",
        "read:*, __registry__",
        "read:__ds/**, __ds/x",
    })
    void it_allows_no_other(String grant, String path) {
        assertFalse(allowed(grant).may(Permission.READ, new StreamKey(path)));
    }

    @ParameterizedTest
    @CsvSource({
        "a/**, a/*",
        "a/**, a/**",
        "a/**, a/b/**",
        "**, a/*/c",
        "*/b, a/b",
        "a/*/c, a/*/c",
        "**/c, **/c",
        "a/**, a",
        "**, **",
    })
    void a_set_covers_those_that_lie_within_it(String wide, String narrow) {
        assertTrue(new StreamGlob(wide).covers(new StreamGlob(narrow)));
        assertTrue(allowed("read:" + wide).may(Permission.READ, new StreamGlob(narrow)));
    }

    @ParameterizedTest
    @CsvSource({
        "a/*, a/**",
        "a/*, **",
        "a, *",
        "*, **",
        "a/b, a/*",
        "*/b, **/b",
        "a/**, b/**",
        "**, __registry__",
        "a/*/**, a/**",
    })
    void a_set_does_not_cover_what_reaches_beyond_it(String narrow, String wide) {
        assertFalse(new StreamGlob(narrow).covers(new StreamGlob(wide)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "read", "read:", ":a", "READ:a", "reed:a", "read:/a", "read:a b", "read:\u00e9", "read: a"})
    void what_is_no_permission_is_refused_and_named(String text) {
        var refused = assertThrows(IllegalArgumentException.class, () -> Grant.parse(text));
        assertTrue(String.valueOf(refused.getMessage()).contains("'" + text + "'"), refused.getMessage());
    }

    @Test
    void a_caller_is_over_from_the_moment_on_that_was_said_or_when_revoked() {
        Caller caller = allowed("read:a");
        Instant end = Instant.parse("2026-01-01T00:00:00Z");
        assertFalse(caller.isOver(end.minusNanos(1)));
        assertTrue(caller.isOver(end));
        caller.revoke();
        assertTrue(caller.isOver(Instant.EPOCH));
        assertFalse(Caller.ANYBODY.isOver(Instant.MAX));
    }
}
