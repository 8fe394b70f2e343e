package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HttpConfigTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void the_defaults_are_a_page_of_a_mebibyte_a_body_of_four_and_a_heartbeat_every_15_seconds() {
        assertEquals(new HttpConfig(1_048_576, 4_194_304, Duration.ofSeconds(15), 10_000), HttpConfig.DEFAULTS);
    }

    @Test
    void every_bound_is_positive() {
        assertEquals(1, new HttpConfig(1, 1, Duration.ofNanos(1), 1).pageBytes());
        assertThrows(IllegalArgumentException.class, () -> new HttpConfig(0, 1, SECOND, 1));
        assertThrows(IllegalArgumentException.class, () -> new HttpConfig(1, 0, SECOND, 1));
        assertThrows(IllegalArgumentException.class, () -> new HttpConfig(1, 1, Duration.ZERO, 1));
        assertThrows(IllegalArgumentException.class, () -> new HttpConfig(1, 1, SECOND.negated(), 1));
        assertThrows(IllegalArgumentException.class, () -> new HttpConfig(1, 1, SECOND, 0));
    }
}
