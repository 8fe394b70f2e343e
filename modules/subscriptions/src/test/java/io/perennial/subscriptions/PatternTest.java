package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.StreamKey;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatternTest {
    private static boolean matches(String pattern, String path) {
        return new Pattern.Glob(pattern).matches(new StreamKey(path));
    }

    @ParameterizedTest
    @CsvSource({
        "events/*, events/a",
        "events/*, events/*",
        "*, a",
        "*/b, a/b",
        "a/*/c, a/b/c",
        "**, a",
        "**, a/b/c",
        "a/**, a",
        "a/**, a/b",
        "a/**, a/b/c",
        "a/**, a/",
        "**/c, c",
        "**/c, a/b/c",
        "a/**/c, a/c",
        "a/**/c, a/b/c",
        "a/**/c, a/c/b/c",
        "a/**/*/c, a/b/c",
        "**/b/**, b",
        "**/b/**/b, a/b/c/b",
        "**/**, a",
        "a, a",
        "a/*, a/",
        "a%2Fb, a%2Fb",
        "a.c, a.c",
        "a[b]?, a[b]?"
    })
    void it_matches(String pattern, String path) {
        assertTrue(matches(pattern, path));
    }

    @ParameterizedTest
    @CsvSource({
        "events/*, events",
        "events/*, events/a/b",
        "events/*, event/a",
        "events/*, Events/a",
        "*, a/b",
        "a/*/c, a/c",
        "a/*/c, a/b/b/c",
        "a/**, ab",
        "a/**, b/a",
        "**/c, a/cc",
        "a/**/c, a/b",
        "a/**/*/c, a/c",
        "a, a/",
        "a, b",
        "a%2Fb, a/b",
        "a/b, a%2Fb",
        "*, a%2Fb/c",
        "a*, ab",
        "a**, ab/c",
        "a.c, abc",
        "[ab], a",
        "a?, ab"
    })
    void it_does_not_match(String pattern, String path) {
        assertFalse(matches(pattern, path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"**", "*", "*/**", "**/x"})
    void the_servers_own_streams_are_found_by_no_wildcard(String pattern) {
        assertFalse(matches(pattern, "__registry__"));
        assertFalse(matches(pattern, "__registry__/x"));
        assertFalse(matches(pattern, "__ds"));
        assertFalse(matches(pattern, "__ds/x"));
    }

    @Test
    void the_registry_is_found_by_its_name_and_what_lies_below_the_control_prefix_never() {
        assertTrue(matches("__registry__", "__registry__"));
        assertTrue(matches("__registry__/**", "__registry__"));
        assertFalse(matches("__ds/**", "__ds/x"));
        assertTrue(matches("*/__registry__", "a/__registry__"));
    }

    @ParameterizedTest
    @CsvSource({"events/*, events", "a/b/*/c, a/b", "a/**, a", "*, ''", "**/a, ''", "a/b, a/b", "a*/b, a*/b"})
    void its_prefix_is_what_stands_before_the_first_wildcard(String pattern, String prefix) {
        assertEquals(prefix, new Pattern.Glob(pattern).prefix());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a b", "ä", "a\n"})
    void it_has_to_look_like_a_path(String text) {
        assertThrows(IllegalArgumentException.class, () -> new Pattern.Glob(text));
    }

    @Test
    void it_has_a_longest_length() {
        assertTrue(matches("a".repeat(Pattern.Glob.LONGEST), "a".repeat(Pattern.Glob.LONGEST)));
        assertThrows(IllegalArgumentException.class, () -> new Pattern.Glob("a".repeat(Pattern.Glob.LONGEST + 1)));
    }

    @Test
    void many_wildcards_take_no_exponential_time() {
        String pattern = "**/a/".repeat(200) + "b";
        String path = "a/".repeat(5_000) + "a";
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertFalse(matches(pattern, path)));
    }

    /// `**` is tried at every length, which is too slow for use and too simple to be wrong.
    private static boolean slowly(List<String> pattern, List<String> path) {
        if (pattern.isEmpty() || path.isEmpty()) {
            return path.isEmpty() && pattern.stream().allMatch("**"::equals);
        }
        List<String> rest = pattern.subList(1, pattern.size());
        return switch (pattern.getFirst()) {
            case "**" ->
                IntStream.rangeClosed(0, path.size()).anyMatch(taken -> slowly(rest, path.subList(taken, path.size())));
            case "*" -> slowly(rest, path.subList(1, path.size()));
            case String name -> name.equals(path.getFirst()) && slowly(rest, path.subList(1, path.size()));
        };
    }

    @Test
    void over_all_kinds_of_patterns_it_agrees_with_the_slow_way() {
        Random random = new Random(4_437);
        for (int i = 0; i < 20_000; i++) {
            String pattern = segments(random, List.of("a", "b", "*", "**"));
            String path = segments(random, List.of("a", "b", ""));
            if (path.isEmpty() || path.startsWith("/")) {
                continue;
            }
            assertEquals(
                    slowly(List.of(pattern.split("/", -1)), List.of(path.split("/", -1))),
                    matches(pattern, path),
                    pattern + " on " + path);
        }
    }

    private static String segments(Random random, List<String> of) {
        return IntStream.rangeClosed(0, random.nextInt(5))
                .mapToObj(_ -> of.get(random.nextInt(of.size())))
                .collect(Collectors.joining("/"));
    }
}
