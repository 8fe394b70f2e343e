package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.subscriptions.Retry.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final double MIDDLE = 0.5;

    private static Duration wait(Retry retry) {
        return Duration.between(NOW, ((Waiting) retry).nextAttemptAt());
    }

    @Test
    void each_wait_is_twice_as_long_from_one_second_to_sixty() {
        List<Long> seconds = new ArrayList<>();
        Retry retry = Retry.NONE;
        for (int i = 0; i < 9; i++) {
            retry = Retry.after(retry, NOW, MIDDLE);
            seconds.add(wait(retry).toSeconds());
        }
        assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L), seconds);
        assertEquals(9, ((Waiting) retry).attempts());
    }

    @Test
    void give_or_take_a_fifth_and_never_more_than_sixty_seconds() {
        Random random = new Random(4_437);
        for (int attempts = 0; attempts < 100; attempts++) {
            double middle = Math.min(1_000L << Math.min(attempts, 6), 60_000);
            Retry before = attempts == 0 ? Retry.NONE : new Waiting(attempts, NOW);
            for (int i = 0; i < 1_000; i++) {
                long millis =
                        wait(Retry.after(before, NOW, random.nextDouble())).toMillis();
                assertTrue(
                        millis >= 0.8 * middle && millis <= Math.min(1.2 * middle, 60_000), attempts + ": " + millis);
            }
        }
    }

    @Test
    void it_is_bounded_after_any_number_of_failures() {
        assertEquals(Duration.ofSeconds(60), wait(Retry.after(new Waiting(Integer.MAX_VALUE - 1, NOW), NOW, MIDDLE)));
    }

    @Test
    void it_is_due_when_its_time_has_come() {
        assertTrue(Retry.isDue(Retry.NONE, NOW));
        assertTrue(Retry.isDue(new Waiting(1, NOW), NOW));
        assertFalse(Retry.isDue(new Waiting(1, NOW.plusMillis(1)), NOW));
    }
}
