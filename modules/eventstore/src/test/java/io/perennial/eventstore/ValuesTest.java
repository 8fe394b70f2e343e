package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the module's records take, and what they refuse.
class ValuesTest {
    private static final Path DIRECTORY = Path.of("data");

    @Test
    void a_store_has_one_to_64_readers_and_room_for_something() {
        assertEquals(1, new StoreConfig(DIRECTORY, 1, 1, 1, 0).readers());
        assertEquals(64, new StoreConfig(DIRECTORY, 64, 1, 1, 0).readers());
        for (int readers : List.of(0, 65, -1)) {
            var refusal =
                    assertThrows(IllegalArgumentException.class, () -> new StoreConfig(DIRECTORY, readers, 1, 1, 0));
            assertTrue(String.valueOf(refusal.getMessage()).contains(String.valueOf(readers)));
        }
        assertThrows(IllegalArgumentException.class, () -> new StoreConfig(DIRECTORY, 1, 0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new StoreConfig(DIRECTORY, 1, 1, 0, 0));
        assertEquals(DIRECTORY, StoreConfig.of(DIRECTORY).directory());
    }

    @ParameterizedTest
    @ValueSource(strings = {"s", "a/b", "a%2Fb", "a//b", "a/", "~", "!", "%", "..", "sessions/S"})
    void a_path_is_printable_ascii(String path) {
        assertEquals(path, new StreamKey(path).path());
        assertEquals(path, new StreamKey(path).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/a", " ", "a b", "a\n", "é", "a\u007f", "a\u0000"})
    void a_path_is_nothing_else(String path) {
        assertThrows(IllegalArgumentException.class, () -> new StreamKey(path));
    }

    @Test
    void a_path_has_at_most_16384_characters() {
        assertEquals(16_384, new StreamKey("a".repeat(16_384)).path().length());
        assertThrows(IllegalArgumentException.class, () -> new StreamKey("a".repeat(16_385)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | application/json | true",
                "application/json | Application/JSON | true",
                "application/json | application/json; charset=utf-8 | true",
                "application/json;charset=utf-8 | application/json ; q=1 | true",
                "application/json | application/json+x | false",
                "application/json | text/json | false",
                "text/plain | text/plainer | false"
            })
    void content_types_match_by_their_media_type(String one, String other, boolean matches) {
        assertEquals(matches, new ContentType(one).matches(new ContentType(other)));
        assertEquals(matches, new ContentType(other).matches(new ContentType(one)));
    }

    @Test
    void a_content_type_has_1_to_255_characters() {
        assertThrows(IllegalArgumentException.class, () -> new ContentType(""));
        assertThrows(IllegalArgumentException.class, () -> new ContentType("  "));
        assertThrows(IllegalArgumentException.class, () -> new ContentType("a".repeat(256)));
        assertEquals("a".repeat(255), new ContentType("a".repeat(255)).value());
    }

    @Test
    void a_producer_has_a_name_and_numbers_that_json_keeps() {
        assertThrows(IllegalArgumentException.class, () -> new Producer.Idempotent("", 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Producer.Idempotent("a".repeat(256), 0, 0));
        for (long number : List.of(-1L, 1L << 53, Long.MAX_VALUE, Long.MIN_VALUE)) {
            assertThrows(IllegalArgumentException.class, () -> new Producer.Idempotent("p", number, 0));
            assertThrows(IllegalArgumentException.class, () -> new Producer.Idempotent("p", 0, number));
        }
        long greatest = 9_007_199_254_740_991L;
        assertEquals(greatest, new Producer.Idempotent("a".repeat(255), greatest, greatest).seq());
    }

    @Test
    void an_append_adds_something_or_closes() {
        assertThrows(IllegalArgumentException.class, () -> Appends.of("s", List.of()));
        assertTrue(Appends.closing("s").events().isEmpty());
        assertEquals(0, Appends.closing("s").bytes());
        assertEquals(3, Appends.of("s", "1", "", "23").bytes());
    }

    @Test
    void an_append_keeps_its_list_to_itself() {
        List<byte[]> events = new ArrayList<>(List.of(new byte[] {1}));
        Append append = Appends.of("s", events);
        events.clear();
        assertFalse(append.events().isEmpty());
        assertThrows(UnsupportedOperationException.class, () -> append.events().clear());
    }
}
