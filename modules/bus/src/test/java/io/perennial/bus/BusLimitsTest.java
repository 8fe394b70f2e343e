package io.perennial.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BusLimitsTest {
    @Test
    void by_default_the_window_is_64_ki_messages_and_64_mib() {
        assertEquals(new BusLimits(65_536, 67_108_864), BusLimits.defaults());
    }

    @Test
    void the_smallest_window_holds_one_message_of_one_byte() {
        assertEquals(1, new BusLimits(1, 1).windowMessages());
    }

    @Test
    void a_window_without_room_is_refused_by_name() {
        var noMessages = assertThrows(IllegalArgumentException.class, () -> new BusLimits(0, 1));
        var noBytes = assertThrows(IllegalArgumentException.class, () -> new BusLimits(1, 0));
        assertEquals("windowMessages is less than 1: 0", noMessages.getMessage());
        assertEquals("windowBytes is less than 1: 0", noBytes.getMessage());
    }
}
