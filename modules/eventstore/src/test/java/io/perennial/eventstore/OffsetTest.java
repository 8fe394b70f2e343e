package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetTest {
    private static final String SOME = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final String GREATEST = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ";

    @ParameterizedTest
    @ValueSource(
            strings = {
                SOME,
                "00000000000000000000000000",
                GREATEST,
                "7ABCDEFGHJKMNPQRSTVWXYZ012",
                "01234567890123456789012345"
            })
    void the_canonical_spelling_is_read_and_written_back(String text) {
        assertEquals(text, Offset.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n",
                "-1",
                "-1 ",
                "now",
                "NOW",
                "null",
                "01arz3ndektsv4rrffq69g5fav",
                "01ARZ3NDEKTSV4RRFFQ69G5FAv",
                "01ARZ3NDEKTSV4RRFFQ69G5FAI",
                "01ARZ3NDEKTSV4RRFFQ69G5FAL",
                "01ARZ3NDEKTSV4RRFFQ69G5FAO",
                "01ARZ3NDEKTSV4RRFFQ69G5FAU",
                "O1ARZ3NDEKTSV4RRFFQ69G5FAV",
                "81ARZ3NDEKTSV4RRFFQ69G5FAV",
                "Z1ARZ3NDEKTSV4RRFFQ69G5FAV",
                "80000000000000000000000000",
                "01ARZ3NDEKTSV4RRFFQ69G5FA",
                "01ARZ3NDEKTSV4RRFFQ69G5FAVV",
                " 01ARZ3NDEKTSV4RRFFQ69G5FAV",
                "01ARZ3NDEKTSV4RRFFQ69G5FAV ",
                "01ARZ3NDEKTSV4RRFFQ69G5FAV\n",
                "01ARZ3NDEKTSV4RRFFQ69G5FA\n",
                "01ARZ3NDEK-TSV4RRFFQ69G5FA",
                "01ARZ3NDEKTSV4RRFFQ69G5FA\u0000",
                "\uFF101ARZ3NDEKTSV4RRFFQ69G5FAV",
                "\u0661\u0661ARZ3NDEKTSV4RRFFQ69G5FAV",
                "0000000000000000_0000000000000000"
            })
    void anything_else_is_refused_by_name(String text) {
        var refusal = assertThrows(MalformedOffsetException.class, () -> Offset.parse(text));
        assertTrue(message(refusal).contains("'" + text + "'"), message(refusal));
    }

    @Test
    void of_a_very_long_text_the_refusal_shows_the_beginning_only() {
        var refusal = assertThrows(MalformedOffsetException.class, () -> Offset.parse(SOME.repeat(10_000)));
        assertTrue(message(refusal).startsWith("'" + SOME), message(refusal));
        assertTrue(message(refusal).length() < 500, message(refusal));
    }

    @ParameterizedTest
    @CsvSource({
        "01ARZ3NDEKTSV4RRFFQ69G5FAV, 01ARZ3NDEKTSV4RRFFQ69G5FAW",
        "01ARZ3NDEKTSV4RRFFQ69G5FAZ, 01ARZ3NDEKTSV4RRFFQ69G5FB0",
        "01ARZ3NDEKTSV4RRFFQ69G5FAH, 01ARZ3NDEKTSV4RRFFQ69G5FAJ",
        "01ARZ3NDEKTSV4RRFFZZZZZZZZ, 01ARZ3NDEKTSV4RRFG00000000",
        "01ARZ3NDEKZZZZZZZZZZZZZZZZ, 01ARZ3NDEM0000000000000000",
        "3ZZZZZZZZZZZZZZZZZZZZZZZZZ, 40000000000000000000000000",
        "7ZZZZZZZZZZZZZZZZZZZZZZZZY, 7ZZZZZZZZZZZZZZZZZZZZZZZZZ"
    })
    void the_next_offset_is_one_more(String offset, String next) {
        assertEquals(Offset.parse(next), Offset.parse(offset).next());
    }

    @Test
    void between_an_offset_and_its_next_there_is_none() {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            Offset offset = random(random);
            assertEquals(
                    number(offset).add(BigInteger.ONE), number(offset.next()), () -> offset + " -> " + offset.next());
        }
    }

    @Test
    void there_is_no_offset_after_the_greatest() {
        assertThrows(IllegalStateException.class, () -> Offset.parse(GREATEST).next());
    }

    @Test
    void offsets_texts_bytes_and_numbers_have_one_order() {
        var random = new Random(2);
        for (int i = 0; i < 10_000; i++) {
            Offset a = random(random);
            Offset b = random.nextInt(10) == 0 ? a.next() : random(random);
            int order = Integer.signum(number(a).compareTo(number(b)));
            assertEquals(order, Integer.signum(a.compareTo(b)), () -> a + " and " + b);
            assertEquals(order, Integer.signum(a.toString().compareTo(b.toString())), () -> a + " and " + b);
            assertEquals(order, Integer.signum(Arrays.compareUnsigned(a.bytes(), b.bytes())), () -> a + " and " + b);
            assertEquals(order < 0, a.isBefore(b), () -> a + " and " + b);
        }
    }

    @Test
    void bytes_are_read_back() {
        var random = new Random(3);
        for (int i = 0; i < 1_000; i++) {
            Offset offset = random(random);
            assertEquals(Offset.BYTES, offset.bytes().length);
            assertEquals(offset, Offset.of(offset.bytes()));
            assertEquals(offset.hashCode(), Offset.of(offset.bytes()).hashCode());
        }
    }

    @Test
    void an_offset_equals_its_own_spelling_and_nothing_else() {
        assertEquals(Offset.parse(SOME), Offset.parse(SOME));
        assertNotEquals(Offset.parse(SOME), Offset.parse(SOME).next());
        assertFalse(Offset.parse(SOME).equals((Object) SOME));
        assertFalse(Offset.parse(SOME).isBefore(Offset.parse(SOME)));
    }

    @Test
    void since_a_moment_is_the_least_offset_of_its_millisecond() {
        Instant moment = Instant.parse("2026-01-02T03:04:05.678Z");
        Offset since = Offset.since(moment);
        assertEquals(moment, since.time());
        assertEquals("0".repeat(16), since.toString().substring(10));
        assertEquals(since, Offset.since(moment.plusNanos(999_999)));
        String greatestOfTheMillisecondBefore =
                Offset.since(moment.minusMillis(1)).toString().substring(0, 10) + "Z".repeat(16);
        assertEquals(since, Offset.parse(greatestOfTheMillisecondBefore).next());
    }

    @Test
    void since_reaches_from_1970_to_the_greatest_time_of_a_ulid() {
        assertEquals(Offset.LEAST, Offset.since(Instant.EPOCH));
        Instant last = Instant.ofEpochMilli((1L << 48) - 1);
        assertEquals("7ZZZZZZZZZ0000000000000000", Offset.since(last).toString());
        assertEquals(last, Offset.parse(GREATEST).time());
    }

    @Test
    void a_moment_that_no_offset_can_hold_is_refused() {
        Instant tooLate = Instant.ofEpochMilli(1L << 48);
        assertThrows(IllegalArgumentException.class, () -> Offset.since(Instant.EPOCH.minusMillis(1)));
        assertThrows(IllegalArgumentException.class, () -> Offset.since(tooLate));
    }

    @Test
    void a_read_begins_at_the_start_at_the_tail_or_at_an_offset() {
        assertEquals(ReadFrom.START, ReadFrom.parse("-1"));
        assertEquals(ReadFrom.TAIL, ReadFrom.parse("now"));
        assertEquals(new ReadFrom.At(Offset.parse(SOME)), ReadFrom.parse(SOME));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-2",
                "0",
                "1",
                "-01",
                "−1",
                "-1,-1",
                "Now",
                "now ",
                "tail",
                "01arz3ndektsv4rrffq69g5fav",
                "81ARZ3NDEKTSV4RRFFQ69G5FAV"
            })
    void a_read_begins_nowhere_else(String text) {
        var refusal = assertThrows(MalformedOffsetException.class, () -> ReadFrom.parse(text));
        assertTrue(message(refusal).contains("'" + text + "'"), message(refusal));
    }

    @Test
    void no_locale_changes_what_an_offset_is() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertEquals(SOME, Offset.parse(SOME).toString());
            assertThrows(MalformedOffsetException.class, () -> Offset.parse(SOME.toLowerCase(Locale.ROOT)));
        } finally {
            Locale.setDefault(before);
        }
    }

    private static String message(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }

    private static Offset random(Random random) {
        String rest = random.ints(25, 0, 32)
                .mapToObj(i -> ALPHABET.substring(i, i + 1))
                .collect(Collectors.joining());
        return Offset.parse(random.nextInt(7) + rest);
    }

    private static BigInteger number(Offset offset) {
        BigInteger number = BigInteger.ZERO;
        for (char c : offset.toString().toCharArray()) {
            number = number.shiftLeft(5).add(BigInteger.valueOf(ALPHABET.indexOf(c)));
        }
        return number;
    }
}
