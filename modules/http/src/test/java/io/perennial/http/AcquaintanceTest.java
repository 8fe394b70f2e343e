package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perennial.access.Caller;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whom a connection takes for the one of its last request.
class AcquaintanceTest {
    private static final Caller ME = new Caller("me", "me", List.of(), Optional.empty());

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 16, 50, 613})
    void only_the_same_to_the_last_bit_of_every_character_is_the_same(int length) {
        String said = "x".repeat(length);
        Acquaintance acquaintance = new Acquaintance();
        assertEquals(Optional.empty(), acquaintance.recall(said));
        acquaintance.remember(said, ME);
        assertEquals(Optional.of(ME), acquaintance.recall("x".repeat(length)));
        assertEquals(Optional.empty(), acquaintance.recall(said + "x"));
        assertEquals(Optional.empty(), acquaintance.recall(said.substring(1)));
        for (int i = 0; i < length; i++) {
            for (int bit = 0; bit < 7; bit++) {
                StringBuilder other = new StringBuilder(said);
                other.setCharAt(i, (char) (said.charAt(i) ^ (1 << bit)));
                assertEquals(Optional.empty(), acquaintance.recall(other.toString()), other.toString());
            }
        }
    }
}
