package io.perennial.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTest {
    private static final Delivery<String> IDLE = new Delivery.Idle<>();
    private static final Delivery<String> CLOSED = new Delivery.Closed<>();
    private static final Delivery<String> LAGGED = new Delivery.Lagged<>();

    @Test
    void a_subscription_that_wants_exactly_what_is_retained_has_lost_nothing() throws Exception {
        var bus = bus(3, 100);
        var subscription = bus.subscribe("a");
        publish(bus, "a", "1", "2", "3");

        assertEquals(messages("1", "2", "3"), now(subscription));
    }

    @Test
    void one_message_too_many_is_a_lag_told_once_and_then_delivery_goes_on() throws Exception {
        var bus = bus(3, 100);
        var subscription = bus.subscribe("a");
        publish(bus, "a", "1", "2", "3", "4");

        assertEquals(LAGGED, now(subscription));
        assertEquals(IDLE, now(subscription));
        publish(bus, "a", "5", "6");
        assertEquals(messages("5", "6"), now(subscription));
    }

    @Test
    void one_byte_too_many_is_a_lag_too() throws Exception {
        var bus = bus(100, 6);
        var subscription = bus.subscribe("a");
        publish(bus, "a", "12", "34", "56");
        assertEquals(messages("12", "34", "56"), now(subscription));

        publish(bus, "a", "12", "34", "567");
        assertEquals(LAGGED, now(subscription));
        publish(bus, "a", "8");
        assertEquals(messages("8"), now(subscription));
    }

    @Test
    void who_keeps_up_never_lags_however_small_the_window() throws Exception {
        var bus = bus(1, 1);
        var one = bus.subscribe("a");
        var all = bus.subscribeAll();
        for (int i = 0; i < 100; i++) {
            publish(bus, "a", "x");
            assertEquals(messages("x"), now(one));
            assertEquals(messages("x"), now(all));
        }
    }

    @Test
    void the_globally_oldest_message_goes_first_whichever_topic_it_belongs_to() throws Exception {
        var bus = bus(2, 100);
        var quiet = bus.subscribe("quiet");
        var busy = bus.subscribe("busy");
        publish(bus, "quiet", "1");
        publish(bus, "busy", "2", "3");

        assertEquals(LAGGED, now(quiet));
        assertEquals(messages("2", "3"), now(busy));
    }

    @Test
    void a_lag_is_the_slow_ones_own() throws Exception {
        var bus = bus(2, 100);
        var slow = bus.subscribe("a");
        var fast = bus.subscribe("a");
        publish(bus, "a", "1", "2");
        assertEquals(messages("1", "2"), now(fast));
        publish(bus, "a", "3");

        assertEquals(LAGGED, now(slow));
        assertEquals(messages("3"), now(fast));
    }

    @Test
    void a_message_counts_once_though_its_topic_and_everything_are_followed() throws Exception {
        var bus = bus(2, 4);
        var one = bus.subscribe("a");
        var all = bus.subscribeAll();
        publish(bus, "a", "12", "34");

        assertEquals(new Bus.Retention(2, 4), bus.retention());
        assertEquals(messages("12", "34"), now(one));
        assertEquals(messages("12", "34"), now(all));
    }

    @Test
    void a_message_larger_than_the_window_is_a_lag_for_its_followers_and_nobody_else() throws Exception {
        var bus = bus(100, 4);
        var followed = bus.subscribe("a");
        var other = bus.subscribe("b");
        publish(bus, "a", "1");
        publish(bus, "b", "2");
        publish(bus, "a", "12345");
        publish(bus, "b", "3");

        assertEquals(LAGGED, now(followed));
        assertEquals(messages("2", "3"), now(other));
        publish(bus, "a", "4");
        assertEquals(messages("4"), now(followed));
    }

    @Test
    void a_message_larger_than_the_window_is_lost_once_to_who_lagged_before() throws Exception {
        var bus = bus(1, 4);
        var subscription = bus.subscribe("a");
        publish(bus, "a", "1", "2", "12345");

        assertEquals(LAGGED, now(subscription));
        assertEquals(IDLE, now(subscription));
        publish(bus, "a", "12345");
        assertEquals(LAGGED, now(subscription));
    }

    @Test
    void a_message_larger_than_the_window_wakes_who_waits_for_it() throws Exception {
        var bus = bus(100, 4);
        var waiter = Waiter.on(bus.subscribe("a"));
        publish(bus, "a", "12345");

        assertEquals(LAGGED, waiter.delivery());
    }

    @Test
    void messages_of_no_bytes_are_limited_by_their_count() throws Exception {
        var bus = new Bus<String>(new BusLimits(2, 1), _ -> 0);
        var subscription = bus.subscribe("a");
        publish(bus, "a", "1", "2", "3");

        assertEquals(new Bus.Retention(2, 0), bus.retention());
        assertEquals(LAGGED, now(subscription));
    }

    @Test
    void less_than_no_bytes_is_refused_and_changes_nothing() throws Exception {
        var bus = new Bus<String>(BusLimits.defaults(), _ -> -1);
        var subscription = bus.subscribe("a");

        assertThrows(IllegalArgumentException.class, () -> bus.publish("a", "1"));
        assertEquals(IDLE, now(subscription));
        assertEquals(new Bus.Retention(0, 0), bus.retention());
    }

    @Test
    void a_limit_of_all_the_bytes_there_are_does_not_overflow() throws Exception {
        var bus = new Bus<String>(new BusLimits(10, Long.MAX_VALUE), _ -> Long.MAX_VALUE);
        var subscription = bus.subscribe("a");
        publish(bus, "a", "1");
        assertEquals(messages("1"), now(subscription));

        publish(bus, "a", "2", "3");
        assertEquals(LAGGED, now(subscription));
        assertEquals(new Bus.Retention(1, Long.MAX_VALUE), bus.retention());
    }

    @Test
    void a_lag_is_told_even_where_the_bus_closes_before() throws Exception {
        var bus = bus(1, 100);
        var subscription = bus.subscribe("a");
        publish(bus, "a", "1", "2");
        bus.close();

        assertEquals(LAGGED, now(subscription));
        assertEquals(CLOSED, now(subscription));
    }

    @Test
    void what_nobody_follows_is_not_weighed_and_not_retained() {
        var bus = new Bus<String>(BusLimits.defaults(), _ -> {
            throw new AssertionError("weighed");
        });
        publish(bus, "a", "1");

        assertEquals(new Bus.Retention(0, 0), bus.retention());
        assertEquals(0, bus.topics());
    }

    @Test
    void a_follower_that_leaves_while_a_message_is_weighed_leaves_nothing_behind() {
        List<Subscription<String>> leaving = new ArrayList<>();
        var bus = new Bus<String>(BusLimits.defaults(), _ -> {
            leaving.forEach(Subscription::close);
            return 1;
        });
        leaving.add(bus.subscribe("a"));
        publish(bus, "a", "1");

        assertEquals(new Bus.Retention(0, 0), bus.retention());
    }

    @Test
    void nothing_comes_after_the_end_though_it_was_weighed_before() throws Exception {
        List<Bus<String>> closing = new ArrayList<>();
        var bus = new Bus<String>(BusLimits.defaults(), _ -> {
            closing.forEach(Bus::close);
            return 1;
        });
        closing.add(bus);
        var subscription = bus.subscribe("a");
        publish(bus, "a", "1");

        assertEquals(CLOSED, now(subscription));
    }

    @Test
    void the_last_subscription_of_a_topic_takes_its_messages_out_of_the_window() throws Exception {
        var bus = bus(3, 100);
        var staying = bus.subscribe("b");
        var leaving = bus.subscribe("a");
        publish(bus, "b", "1");
        publish(bus, "a", "2", "3");
        leaving.close();
        assertEquals(new Bus.Retention(1, 1), bus.retention());
        assertEquals(1, bus.topics());

        publish(bus, "b", "4", "5");
        assertEquals(messages("1", "4", "5"), now(staying));
    }

    @Test
    void what_everything_still_holds_outlives_the_topics_last_subscription() throws Exception {
        var bus = bus(3, 100);
        var all = bus.subscribeAll();
        var one = bus.subscribe("a");
        publish(bus, "a", "1", "2");
        one.close();
        assertEquals(new Bus.Retention(2, 2), bus.retention());
        assertEquals(messages("1", "2"), now(all));

        all.close();
        assertEquals(new Bus.Retention(0, 0), bus.retention());
    }

    @Test
    void what_a_topic_still_holds_outlives_the_last_subscription_of_everything() throws Exception {
        var bus = bus(2, 100);
        var all = bus.subscribeAll();
        var one = bus.subscribe("a");
        publish(bus, "a", "1");
        publish(bus, "b", "2");
        all.close();
        assertEquals(new Bus.Retention(1, 1), bus.retention());

        publish(bus, "a", "3", "4");
        assertEquals(new Bus.Retention(2, 2), bus.retention());
        assertEquals(LAGGED, now(one));
    }

    @Test
    void a_topic_that_comes_back_begins_anew() throws Exception {
        var bus = bus(1, 100);
        var before = bus.subscribe("a");
        publish(bus, "a", "1", "2");
        before.close();
        var after = bus.subscribe("a");

        assertEquals(IDLE, now(after));
        publish(bus, "a", "3");
        assertEquals(messages("3"), now(after));
    }

    @Test
    void a_million_short_lived_topics_leave_nothing_behind() {
        var bus = bus(1_000, 100_000);
        var steady = bus.subscribe("steady");
        publish(bus, "steady", "old");
        for (int i = 0; i < 1_000_000; i++) {
            String topic = "topic-" + i;
            try (var _ = bus.subscribe(topic)) {
                bus.publish(topic, "x");
            }
        }

        assertEquals(1, bus.topics());
        assertEquals(new Bus.Retention(1, 3), bus.retention());
        steady.close();
        assertEquals(0, bus.topics());
        assertEquals(new Bus.Retention(0, 0), bus.retention());
    }

    private static Bus<String> bus(int windowMessages, long windowBytes) {
        return new Bus<>(new BusLimits(windowMessages, windowBytes), String::length);
    }

    private static void publish(Bus<String> bus, String topic, String... messages) {
        for (String message : messages) {
            bus.publish(topic, message);
        }
    }

    private static Delivery<String> now(Subscription<String> subscription) throws InterruptedException {
        return subscription.await(Duration.ZERO);
    }

    private static Delivery<String> messages(String... messages) {
        return new Delivery.Messages<>(List.of(messages));
    }
}
