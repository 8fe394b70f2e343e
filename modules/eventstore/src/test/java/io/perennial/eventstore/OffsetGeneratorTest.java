package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.f4b6a3.ulid.Ulid;
import com.github.f4b6a3.ulid.UlidFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class OffsetGeneratorTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration AN_HOUR = Duration.ofHours(1);

    private final SteppingClock clock = new SteppingClock(NOON);

    @Test
    void whatever_the_clock_does_each_offset_is_greater_than_the_one_before() {
        for (long seed = 0; seed < 100; seed++) {
            var random = new Random(seed);
            var offsets = new OffsetGenerator(Offset.LEAST, clock, random);
            Offset before = offsets.mint();
            for (int i = 0; i < 1_000; i++) {
                clock.step(movement(random));
                Offset minted = offsets.mint();
                String where = "seed " + seed + ", step " + i;
                assertTrue(before.isBefore(minted), where);
                assertFalse(minted.time().isBefore(clock.instant()), where);
                assertEquals(minted, offsets.last(), where);
                before = minted;
            }
        }
    }

    private static Duration movement(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> Duration.ofMillis(-1 - random.nextInt(20));
            case 1 -> Duration.ofSeconds(-random.nextInt(20));
            case 2 -> Duration.ofMinutes(-random.nextInt(600));
            case 3 -> Duration.ofMillis(random.nextInt(20));
            case 4 -> Duration.ofMinutes(random.nextInt(600));
            default -> Duration.ZERO;
        };
    }

    @Test
    void an_offset_begins_with_the_time_of_the_clock() {
        var offsets = new OffsetGenerator(Offset.LEAST, clock, new Random(1));
        assertEquals(NOON, offsets.mint().time());
        clock.step(AN_HOUR);
        assertEquals(NOON.plus(AN_HOUR), offsets.mint().time());
    }

    @Test
    void a_clock_that_stands_still_gives_one_more_each_time() {
        var offsets = new OffsetGenerator(Offset.LEAST, clock, new Random(1));
        Offset first = offsets.mint();
        assertEquals(first.next(), offsets.mint());
        assertEquals(first.next().next(), offsets.mint());
    }

    @Test
    void the_librarys_monotonic_factory_goes_back_with_a_clock_that_steps_back_by_an_hour() {
        var library = UlidFactory.newMonotonicInstance(new Random(1), clock::millis);
        Ulid before = library.create();
        clock.step(AN_HOUR.negated());
        assertTrue(library.create().compareTo(before) < 0, "it has learnt to stay, and could be used");
    }

    @Test
    void ours_stays_above_where_the_library_goes_back() {
        var offsets = new OffsetGenerator(Offset.LEAST, clock, new Random(1));
        Offset before = offsets.mint();
        clock.step(AN_HOUR.negated());
        assertEquals(before.next(), offsets.mint());
        clock.step(AN_HOUR.plusMillis(1));
        assertEquals(NOON.plusMillis(1), offsets.mint().time());
    }

    @Test
    void it_begins_above_the_high_water_mark_it_is_given() {
        Offset tomorrow = Offset.since(NOON.plus(Duration.ofDays(1)));
        assertEquals(tomorrow.next(), new OffsetGenerator(tomorrow, clock, new Random(1)).mint());
        Offset justNow = Offset.since(NOON);
        assertEquals(justNow.next(), new OffsetGenerator(justNow, clock, new Random(1)).mint());
    }

    @Test
    void a_millisecond_whose_offsets_run_out_borrows_from_the_next() {
        var offsets = new OffsetGenerator(Offset.LEAST, clock, onlyOnes());
        assertTrue(offsets.mint().toString().endsWith("Z".repeat(16)));
        Offset borrowed = offsets.mint();
        assertEquals(Offset.since(NOON.plusMillis(1)), borrowed);
        clock.step(Duration.ofMillis(1));
        assertEquals(borrowed.next(), offsets.mint());
    }

    @Test
    void a_clock_before_1970_is_a_clock_that_stepped_back() {
        var offsets =
                new OffsetGenerator(Offset.LEAST, new SteppingClock(Instant.EPOCH.minusSeconds(1)), new Random(1));
        assertEquals(Offset.LEAST.next(), offsets.mint());
    }

    private static RandomGenerator onlyOnes() {
        return () -> -1L;
    }
}
