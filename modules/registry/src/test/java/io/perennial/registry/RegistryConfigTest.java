package io.perennial.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RegistryConfigTest {
    private static final Path FILE = Path.of("servers.json");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    @Test
    void unless_told_otherwise_a_lease_lasts_two_heartbeats() {
        assertEquals(
                new RegistryConfig(FILE, Duration.ofSeconds(30), Duration.ofSeconds(15), Duration.ofSeconds(5), 10_000),
                RegistryConfig.of(FILE));
    }

    @Test
    void a_lease_lasts_longer_than_a_heartbeat() {
        assertRefused(SECOND, SECOND, SECOND, 1);
        assertRefused(SECOND, TWO_SECONDS, SECOND, 1);
    }

    @Test
    void times_are_longer_than_zero_and_no_longer_than_a_year() {
        assertRefused(TWO_SECONDS, Duration.ZERO, SECOND, 1);
        assertRefused(TWO_SECONDS, SECOND, Duration.ZERO, 1);
        assertRefused(TWO_SECONDS, SECOND, Duration.ofSeconds(-1), 1);
        assertRefused(Duration.ofDays(366), SECOND, SECOND, 1);
    }

    @Test
    void there_is_room_for_one() {
        assertRefused(TWO_SECONDS, SECOND, SECOND, 0);
    }

    private static void assertRefused(Duration ttl, Duration every, Duration lockWait, int maxLeases) {
        assertThrows(IllegalArgumentException.class, () -> new RegistryConfig(FILE, ttl, every, lockWait, maxLeases));
    }
}
