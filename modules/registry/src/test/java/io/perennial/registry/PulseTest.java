package io.perennial.registry;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// With a heartbeat every 15 s and a TTL of 30 s, a beat is late after 22.5 s.
class PulseTest {
    private static final Duration EVERY = Duration.ofSeconds(15);
    private static final Duration ALLOWANCE = Duration.ofMillis(22_500);

    private final ManualTime time = new ManualTime();
    private final Pulse pulse = new Pulse(RegistryConfig.of(Path.of("servers.json")), time, time.ticker());

    @Test
    void who_does_not_beat_is_never_late() {
        assertTrue(pulse.mayEvict());
        time.pass(Duration.ofDays(1));
        assertTrue(pulse.mayEvict());
    }

    @Test
    void who_beats_in_time_may_evict() {
        for (int i = 0; i < 10; i++) {
            pulse.beat();
            assertTrue(pulse.mayEvict());
            time.pass(ALLOWANCE);
            assertTrue(pulse.mayEvict());
        }
    }

    @Test
    void who_is_late_may_not_evict_and_not_right_after_the_beat_either() {
        pulse.beat();
        time.pass(ALLOWANCE.plusMillis(1));
        assertFalse(pulse.mayEvict());

        pulse.beat();
        assertFalse(pulse.mayEvict());
        time.pass(EVERY);
        pulse.beat();
        assertFalse(pulse.mayEvict());
        time.pass(ALLOWANCE.minus(EVERY));
        assertTrue(pulse.mayEvict());
    }

    @Test
    void a_suspended_machine_is_told_by_its_clock_as_the_ticker_stood_still() {
        pulse.beat();
        time.step(Duration.ofHours(1));
        assertFalse(pulse.mayEvict());

        pulse.beat();
        assertFalse(pulse.mayEvict());
        time.pass(ALLOWANCE);
        assertTrue(pulse.mayEvict());
    }

    @Test
    void a_stopped_process_is_told_by_its_ticker_even_where_the_clock_was_set_back_meanwhile() {
        pulse.beat();
        time.tick(ALLOWANCE.plusNanos(1));
        assertFalse(pulse.mayEvict());
    }

    @Test
    void a_clock_that_steps_back_makes_nobody_late() {
        pulse.beat();
        time.step(Duration.ofHours(-1));
        assertTrue(pulse.mayEvict());
        pulse.beat();
        assertTrue(pulse.mayEvict());
    }

    @Test
    void a_second_pause_begins_the_grace_anew() {
        pulse.beat();
        time.pass(Duration.ofHours(1));
        pulse.beat();
        time.pass(Duration.ofHours(1));
        assertFalse(pulse.mayEvict());
        pulse.beat();
        time.pass(ALLOWANCE.minusNanos(1));
        assertFalse(pulse.mayEvict());
        time.pass(Duration.ofNanos(1));
        assertTrue(pulse.mayEvict());
    }

    @Test
    void at_rest_it_is_not_late() {
        pulse.beat();
        pulse.rest();
        time.pass(Duration.ofDays(1));
        assertTrue(pulse.mayEvict());
        pulse.beat();
        assertTrue(pulse.mayEvict());
    }

    @Test
    void little_is_late_where_the_ttl_is_hardly_longer_than_a_heartbeat() {
        var config =
                new RegistryConfig(Path.of("servers.json"), Duration.ofSeconds(16), EVERY, Duration.ofSeconds(5), 10);
        var tight = new Pulse(config, time, time.ticker());
        tight.beat();
        time.pass(Duration.ofMillis(15_500));
        assertTrue(tight.mayEvict());
        time.pass(Duration.ofMillis(1));
        assertFalse(tight.mayEvict());
    }
}
