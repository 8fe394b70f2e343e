package io.perennial.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class BusTest {
    private static final Delivery<String> IDLE = new Delivery.Idle<>();
    private static final Delivery<String> CLOSED = new Delivery.Closed<>();

    private final Bus<String> bus = new Bus<>(BusLimits.defaults(), String::length);

    @Test
    void what_waits_comes_at_once_together_and_in_publishing_order() throws Exception {
        var subscription = bus.subscribe("a");
        bus.publish("a", "one");
        bus.publish("a", "two");
        bus.publish("a", "three");

        assertEquals(messages("one", "two", "three"), now(subscription));
        assertEquals(IDLE, now(subscription));
    }

    @Test
    void a_subscription_begins_with_what_is_published_after_it() throws Exception {
        var early = bus.subscribe("a");
        bus.publish("a", "one");
        var late = bus.subscribe("a");
        bus.publish("a", "two");

        assertEquals(messages("one", "two"), now(early));
        assertEquals(messages("two"), now(late));
    }

    @Test
    void topics_do_not_mix() throws Exception {
        var a = bus.subscribe("a");
        var b = bus.subscribe("b");
        bus.publish("a", "one");
        bus.publish("b", "two");
        bus.publish("c", "three");

        assertEquals(messages("one"), now(a));
        assertEquals(messages("two"), now(b));
    }

    @Test
    void who_follows_everything_sees_every_topic_in_publishing_order() throws Exception {
        var all = bus.subscribeAll();
        var a = bus.subscribe("a");
        bus.publish("a", "one");
        bus.publish("b", "two");
        bus.publish("a", "three");

        assertEquals(messages("one", "two", "three"), now(all));
        assertEquals(messages("one", "three"), now(a));
    }

    @Test
    void a_message_wakes_everyone_who_waits_for_it() throws Exception {
        var first = Waiter.on(bus.subscribe("a"));
        var second = Waiter.on(bus.subscribe("a"));
        var all = Waiter.on(bus.subscribeAll());
        bus.publish("a", "one");

        assertEquals(messages("one"), first.delivery());
        assertEquals(messages("one"), second.delivery());
        assertEquals(messages("one"), all.delivery());
    }

    @Test
    void a_wait_that_brings_nothing_lasts_as_long_as_asked() throws Exception {
        var subscription = bus.subscribe("a");
        long begin = System.nanoTime();

        assertEquals(IDLE, subscription.await(Duration.ofMillis(20)));
        assertTrue(System.nanoTime() - begin >= Duration.ofMillis(20).toNanos());
    }

    @Test
    void a_wait_may_be_negative_or_longer_than_nanoseconds_can_tell() throws Exception {
        var subscription = bus.subscribe("a");
        assertEquals(IDLE, subscription.await(Duration.ofSeconds(-1)));

        bus.publish("a", "one");
        assertEquals(messages("one"), subscription.await(Duration.ofSeconds(Long.MAX_VALUE)));
    }

    @Test
    void an_interrupted_waiter_is_told_so_and_loses_nothing() throws Exception {
        var subscription = bus.subscribe("a");
        var waiter = Waiter.on(subscription);
        waiter.interrupt();
        var thrown = assertThrows(ExecutionException.class, waiter::delivery);
        assertInstanceOf(InterruptedException.class, thrown.getCause());

        bus.publish("a", "one");
        assertEquals(messages("one"), now(subscription));
    }

    @Test
    void an_interrupted_thread_takes_nothing_even_where_it_need_not_wait() throws Exception {
        var subscription = bus.subscribe("a");
        bus.publish("a", "one");
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> now(subscription));

        assertFalse(Thread.currentThread().isInterrupted());
        assertEquals(messages("one"), now(subscription));
    }

    @Test
    void a_topic_is_followed_while_it_or_everything_has_a_subscription() {
        assertFalse(bus.isFollowed("a"));
        var first = bus.subscribe("a");
        var second = bus.subscribe("a");
        assertTrue(bus.isFollowed("a"));
        assertFalse(bus.isFollowed("b"));
        assertEquals(2, bus.subscriptions());
        assertEquals(2, bus.subscriptions("a"));
        assertEquals(0, bus.subscriptions("b"));

        first.close();
        assertEquals(1, bus.subscriptions("a"));
        assertTrue(bus.isFollowed("a"));
        second.close();
        assertFalse(bus.isFollowed("a"));

        var all = bus.subscribeAll();
        assertTrue(bus.isFollowed("a"));
        assertEquals(0, bus.subscriptions("a"));
        all.close();
        assertFalse(bus.isFollowed("a"));
        assertEquals(0, bus.subscriptions());
    }

    @Test
    void a_closed_subscription_is_closed_whatever_waited_and_however_often() throws Exception {
        var subscription = bus.subscribe("a");
        bus.publish("a", "one");
        subscription.close();
        subscription.close();
        bus.publish("a", "two");

        assertEquals(CLOSED, now(subscription));
        assertEquals(CLOSED, now(subscription));
        assertEquals(0, bus.subscriptions());
    }

    @Test
    void closing_a_subscription_twice_does_not_end_its_successor_on_the_topic() throws Exception {
        var before = bus.subscribe("a");
        before.close();
        var after = bus.subscribe("a");
        before.close();
        bus.publish("a", "one");

        assertEquals(messages("one"), now(after));
        assertEquals(1, bus.subscriptions());
    }

    @Test
    void closing_a_subscription_wakes_its_waiter_and_leaves_the_others_waiting() throws Exception {
        var leaving = bus.subscribe("a");
        var gone = Waiter.on(leaving);
        var staying = Waiter.on(bus.subscribe("a"));
        leaving.close();
        assertEquals(CLOSED, gone.delivery());

        staying.untilItWaits();
        bus.publish("a", "one");
        assertEquals(messages("one"), staying.delivery());
    }

    @Test
    void closing_the_bus_wakes_every_waiter() throws Exception {
        var one = Waiter.on(bus.subscribe("a"));
        var another = Waiter.on(bus.subscribe("b"));
        var all = Waiter.on(bus.subscribeAll());
        bus.close();

        assertEquals(CLOSED, one.delivery());
        assertEquals(CLOSED, another.delivery());
        assertEquals(CLOSED, all.delivery());
    }

    @Test
    void what_waits_when_the_bus_closes_is_still_delivered_and_nothing_after() throws Exception {
        var subscription = bus.subscribe("a");
        bus.publish("a", "one");
        bus.close();
        bus.close();
        bus.publish("a", "two");

        assertFalse(bus.isFollowed("a"));
        assertEquals(messages("one"), now(subscription));
        assertEquals(CLOSED, now(subscription));
    }

    @Test
    void a_subscription_of_a_closed_bus_is_closed_from_the_start() throws Exception {
        bus.close();
        var one = bus.subscribe("a");
        var all = bus.subscribeAll();
        bus.publish("a", "one");

        assertEquals(CLOSED, one.await(Duration.ofMinutes(1)));
        assertEquals(CLOSED, all.await(Duration.ofMinutes(1)));
        one.close();
        all.close();
        assertEquals(0, bus.topics());
    }

    @Test
    void a_delivery_cannot_be_changed_or_empty() {
        assertThrows(IllegalArgumentException.class, () -> new Delivery.Messages<>(List.of()));
        var delivery = new Delivery.Messages<>(new ArrayList<>(List.of("one")));
        assertThrows(
                UnsupportedOperationException.class, () -> delivery.messages().add("two"));
    }

    private static Delivery<String> now(Subscription<String> subscription) throws InterruptedException {
        return subscription.await(Duration.ZERO);
    }

    private static Delivery<String> messages(String... messages) {
        return new Delivery.Messages<>(List.of(messages));
    }
}
