package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final double MIDDLE = 0.5;
    private static final double GREATEST = Math.nextDown(1.0);

    @ParameterizedTest
    @CsvSource({
        "1, 800, 1000, 1200",
        "2, 1600, 2000, 2400",
        "3, 3200, 4000, 4800",
        "4, 6400, 8000, 9600",
        "5, 12800, 16000, 19200",
        "6, 25600, 32000, 38400",
        "7, 48000, 60000, 60000",
        "8, 48000, 60000, 60000",
        "100, 48000, 60000, 60000",
    })
    void each_failure_doubles_the_wait_up_to_a_minute(int attempts, long least, long usual, long most) {
        assertEquals(waiting(attempts, least), Retry.after(before(attempts), NOW, 0));
        assertEquals(waiting(attempts, usual), Retry.after(before(attempts), NOW, MIDDLE));
        assertEquals(waiting(attempts, most), Retry.after(before(attempts), NOW, GREATEST));
    }

    @Test
    void a_wait_is_within_a_fifth_of_its_length_and_never_longer_than_a_minute() {
        Retry retry = Retry.NONE;
        for (int attempts = 1; attempts <= 1000; attempts++) {
            long base = attempts > 6 ? 60_000 : 1000L << (attempts - 1);
            for (double chance = 0; chance < 1; chance += 0.01) {
                long wait = millis(Retry.after(retry, NOW, chance));
                assertTrue(wait >= base * 8 / 10 && wait <= base * 12 / 10 && wait <= 60_000, () -> base + ": " + wait);
            }
            retry = Retry.after(retry, NOW, MIDDLE);
        }
    }

    @Test
    void it_is_tried_at_the_time_and_not_before() {
        Retry retry = Retry.after(Retry.NONE, NOW, MIDDLE);
        assertFalse(Retry.isDue(retry, NOW));
        assertFalse(Retry.isDue(retry, NOW.plusMillis(999)));
        assertTrue(Retry.isDue(retry, NOW.plusMillis(1000)));
        assertTrue(Retry.isDue(retry, NOW.plusMillis(1001)));
        assertTrue(Retry.isDue(Retry.NONE, NOW));
    }

    private static Retry before(int attempts) {
        return attempts == 1 ? Retry.NONE : new Retry.Waiting(attempts - 1, NOW);
    }

    private static Retry waiting(int attempts, long millis) {
        return new Retry.Waiting(attempts, NOW.plusMillis(millis));
    }

    private static long millis(Retry retry) {
        return Duration.between(NOW, ((Retry.Waiting) retry).nextAttemptAt()).toMillis();
    }
}
