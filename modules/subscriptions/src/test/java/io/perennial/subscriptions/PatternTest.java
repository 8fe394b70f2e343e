package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.StreamKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatternTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @ParameterizedTest
    @CsvSource({
        "events/*, events/abc, true",
        "events/*, events, false",
        "events/*, events/a/b, false",
        "events/*, other/abc, false",
        "events/*, Events/abc, false",
        "*, a, true",
        "*, a/b, false",
        "*/*, a/b, true",
        "**, a, true",
        "**, a/b/c, true",
        "a/**, a, true",
        "a/**, a/b/c, true",
        "a/**, ab, false",
        "**/z, z, true",
        "**/z, x/y/z, true",
        "**/z, x/y/zz, false",
        "a/**/z, a/z, true",
        "a/**/z, a/b/c/z, true",
        "a/**/z, a/b/z/c, false",
        "**/**, a, true",
        "**/*, a, true",
        "**/*/*, a, false",
    })
    void one_star_is_one_segment_and_two_are_any_number(String pattern, String path, boolean matches) {
        assertEquals(matches, glob(pattern).matches(new StreamKey(path)));
    }

    @ParameterizedTest
    @CsvSource({
        "a*, a*, true",
        "a*, ab, false",
        "*a, ba, false",
        "***, ***, true",
        "***, a, false",
        "a/**b, a/x/b, false",
        "a?, ab, false",
        "[ab], a, false",
        "a.c, abc, false",
        "'{a,b}', a, false",
        "a\\*, a*, false",
    })
    void within_a_segment_every_character_stands_for_itself(String pattern, String path, boolean matches) {
        assertEquals(matches, glob(pattern).matches(new StreamKey(path)));
    }

    @ParameterizedTest
    @CsvSource({
        "a%2Fb, a%2Fb, true",
        "a%2Fb, a/b, false",
        "a/b, a%2Fb, false",
        "*, a%2Fb, true",
        "*/*, a%2Fb, false",
        "*, %2A, true",
        "%2A, %2A, true",
        "%2A, x, false",
        "%2A%2A, x/y, false",
    })
    void escapes_are_never_decoded(String pattern, String path, boolean matches) {
        assertEquals(matches, glob(pattern).matches(new StreamKey(path)));
    }

    @ParameterizedTest
    @CsvSource({"a/, a/, true", "a/, a, false", "a/*, a/, true", "a//b, a//b, true", "a/*/b, a//b, true"})
    void an_empty_segment_is_a_segment(String pattern, String path, boolean matches) {
        assertEquals(matches, glob(pattern).matches(new StreamKey(path)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"**", "*", "*/*", "**/*", "**/__registry__", "__*", "*/x"})
    void the_servers_own_streams_are_not_found_by_accident(String pattern) {
        for (String own : List.of("__registry__", "__registry__/x", "__ds", "__ds/subscriptions")) {
            assertFalse(glob(pattern).matches(new StreamKey(own)), own);
        }
    }

    @Test
    void the_registry_is_found_by_its_name() {
        assertTrue(glob("__registry__").matches(new StreamKey("__registry__")));
        assertTrue(glob("__registry__/**").matches(new StreamKey("__registry__")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"__ds", "__ds/**", "__ds/*"})
    void what_lies_below_the_reserved_prefix_is_never_found(String pattern) {
        assertFalse(glob(pattern).matches(new StreamKey("__ds")));
        assertFalse(glob(pattern).matches(new StreamKey("__ds/x")));
    }

    @Test
    void names_that_only_look_like_the_servers_own_are_found() {
        assertTrue(glob("*").matches(new StreamKey("__dsx")));
        assertTrue(glob("a/*").matches(new StreamKey("a/__ds")));
        assertTrue(glob("**").matches(new StreamKey("a/__registry__")));
    }

    @Test
    void nothing_matches_nothing() {
        assertFalse(Pattern.NOTHING.matches(new StreamKey("a")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/a", "a b", "a\tb", "a\r\nb", "é", "a\u007f", "a\u0000"})
    void what_no_stream_can_be_called_is_no_pattern(String text) {
        assertThrows(IllegalArgumentException.class, () -> glob(text));
    }

    @Test
    void a_pattern_has_at_most_1024_characters() {
        assertTrue(glob("a".repeat(1024)).matches(new StreamKey("a".repeat(1024))));
        assertThrows(IllegalArgumentException.class, () -> glob("a".repeat(1025)));
    }

    @Test
    void every_small_pattern_matches_what_the_rules_say_of_every_small_path() {
        List<List<String>> paths = sequences(List.of("a", "b"), 6);
        int cases = 0;
        for (List<String> pattern : sequences(List.of("a", "b", "*", "**"), 5)) {
            Pattern glob = glob(String.join("/", pattern));
            for (List<String> path : paths) {
                StreamKey stream = new StreamKey(String.join("/", path));
                assertEquals(isMatch(pattern, path), glob.matches(stream), () -> glob + " and " + stream);
                cases++;
            }
        }
        assertTrue(cases > 170_000, "the input space has shrunk to " + cases);
    }

    @Test
    void every_matching_path_begins_with_the_prefix_of_its_pattern() {
        List<List<String>> paths = sequences(List.of("a", "ab"), 5);
        for (List<String> pattern : sequences(List.of("a", "ab", "*", "**"), 4)) {
            Pattern glob = glob(String.join("/", pattern));
            for (List<String> path : paths) {
                String text = String.join("/", path);
                boolean isMissed = glob.matches(new StreamKey(text)) && !text.startsWith(glob.prefix());
                assertFalse(isMissed, () -> glob + " and " + text);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"a/b, a/b", "a/*, a", "a/b/**/c, a/b", "*/b, ''", "**, ''", "a*/b/*, a*/b", "a//*, a/"})
    void the_prefix_goes_as_far_as_the_literal_segments(String pattern, String prefix) {
        assertEquals(prefix, glob(pattern).prefix());
    }

    @Test
    void a_pattern_has_at_most_62_segments() {
        assertTrue(glob("a/".repeat(61) + "a").matches(new StreamKey("a/".repeat(61) + "a")));
        assertFalse(glob("a/".repeat(61) + "a").matches(new StreamKey("a/".repeat(60) + "a")));
        assertThrows(IllegalArgumentException.class, () -> glob("a/".repeat(62) + "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"**/", "**/a/", "*/**/", "**/a/*/a/", "a/"})
    void a_long_path_takes_a_step_for_each_segment_whatever_the_pattern(String repeated) {
        int times = 60 / repeated.split("/", -1).length;
        Pattern glob = glob("**/" + repeated.repeat(times) + "b");
        StreamKey stream = new StreamKey("a/".repeat(8000) + "a");
        assertFalse(
                assertTimeoutPreemptively(LONG, () -> IntStream.range(0, 1_000).anyMatch(_ -> glob.matches(stream))));
    }

    private static Pattern glob(String text) {
        return new Pattern.Glob(text);
    }

    /// The rules as they are written, and as slow.
    private static boolean isMatch(List<String> pattern, List<String> path) {
        if (pattern.isEmpty()) {
            return path.isEmpty();
        }
        List<String> rest = pattern.subList(1, pattern.size());
        if (pattern.getFirst().equals("**")) {
            return isMatch(rest, path) || (!path.isEmpty() && isMatch(pattern, path.subList(1, path.size())));
        }
        return !path.isEmpty()
                && (pattern.getFirst().equals("*") || pattern.getFirst().equals(path.getFirst()))
                && isMatch(rest, path.subList(1, path.size()));
    }

    /// All of 1 to so many.
    private static List<List<String>> sequences(List<String> alphabet, int longest) {
        List<List<String>> all = new ArrayList<>();
        List<List<String>> last = List.of(List.of());
        for (int length = 1; length <= longest; length++) {
            List<List<String>> longer = new ArrayList<>();
            for (List<String> each : last) {
                for (String letter : alphabet) {
                    List<String> one = new ArrayList<>(each);
                    one.add(letter);
                    longer.add(one);
                }
            }
            all.addAll(longer);
            last = longer;
        }
        return all;
    }
}
