package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.StreamKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionSpecTest {
    private static final SubscriptionSpec SPEC = Specs.pull("events/*");

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT30S", "PT10M"})
    void a_lease_lasts_from_one_second_to_ten_minutes(String ttl) {
        assertEquals(
                Duration.parse(ttl), Specs.leased(Duration.parse(ttl), SPEC).leaseTtl());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "-PT1S", "PT0.999S", "PT10M0.001S"})
    void a_lease_of_another_length_is_refused(String ttl) {
        assertThrows(IllegalArgumentException.class, () -> Specs.leased(Duration.parse(ttl), SPEC));
    }

    @Test
    void a_description_has_a_longest_length() {
        int longest = SubscriptionSpec.LONGEST_DESCRIPTION;
        assertDoesNotThrow(() -> Specs.described("x".repeat(longest), SPEC));
        assertThrows(IllegalArgumentException.class, () -> Specs.described("x".repeat(longest + 1), SPEC));
    }

    @Test
    void it_names_streams_or_has_a_pattern() {
        assertThrows(IllegalArgumentException.class, () -> Specs.named());
        assertDoesNotThrow(() -> Specs.named("a"));
    }

    @Test
    void its_own_wake_stream_is_not_to_be_named_and_not_found() {
        assertThrows(IllegalArgumentException.class, () -> Specs.named("a", Specs.WAKE));
        assertFalse(Specs.pull("wake/*").finds(new StreamKey(Specs.WAKE)));
        assertTrue(Specs.pull("wake/*").finds(new StreamKey("wake/other")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A-Z.a_z~0:9@", "..."})
    void an_id_is_what_a_path_holds_unescaped(String id) {
        assertEquals(id, new SubscriptionId(id).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a b", "a%20b", "ä", "a\n"})
    void other_ids_are_refused(String id) {
        assertThrows(IllegalArgumentException.class, () -> new SubscriptionId(id));
    }

    @Test
    void an_id_has_a_longest_length() {
        assertTrue(SubscriptionId.isOne("a".repeat(128)));
        assertFalse(SubscriptionId.isOne("a".repeat(129)));
    }

    @Test
    void every_bound_of_a_configuration_is_positive() {
        var local = SubscriptionsConfig.LocalWebhooks.REFUSED;
        Duration second = Duration.ofSeconds(1);
        assertThrows(IllegalArgumentException.class, () -> new SubscriptionsConfig(0, 1, 1, second, local));
        assertThrows(IllegalArgumentException.class, () -> new SubscriptionsConfig(1, 0, 1, second, local));
        assertThrows(IllegalArgumentException.class, () -> new SubscriptionsConfig(1, 1, 0, second, local));
        assertThrows(IllegalArgumentException.class, () -> new SubscriptionsConfig(1, 1, 1, Duration.ZERO, local));
    }
}
