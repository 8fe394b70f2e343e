package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpConfigTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void the_defaults_are_the_documented_ones() {
        assertEquals(
                new HttpConfig(
                        1_048_576,
                        4_194_304,
                        Duration.ofSeconds(15),
                        10_000,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        List.of("localhost")),
                HttpConfig.DEFAULTS);
    }

    @Test
    void every_bound_is_positive() {
        Duration least = Duration.ofNanos(1);
        assertEquals(1, new HttpConfig(1, 1, least, 1, least, least, List.of()).pageBytes());
        assertRefused(0, 1, SECOND, 1, SECOND, SECOND);
        assertRefused(1, 0, SECOND, 1, SECOND, SECOND);
        assertRefused(1, 1, Duration.ZERO, 1, SECOND, SECOND);
        assertRefused(1, 1, SECOND.negated(), 1, SECOND, SECOND);
        assertRefused(1, 1, SECOND, 0, SECOND, SECOND);
        assertRefused(1, 1, SECOND, 1, Duration.ZERO, SECOND);
        assertRefused(1, 1, SECOND, 1, SECOND, Duration.ZERO);
    }

    private static void assertRefused(
            int pageBytes, int bodyBytes, Duration heartbeat, int followers, Duration wait, Duration lifetime) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new HttpConfig(pageBytes, bodyBytes, heartbeat, followers, wait, lifetime, List.of("localhost")));
    }
}
