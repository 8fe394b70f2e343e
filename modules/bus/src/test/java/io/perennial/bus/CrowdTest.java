package io.perennial.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CrowdTest {
    private static final int SUBSCRIBERS = 1_000;
    private static final int MESSAGES = 200;
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    @Timeout(60)
    void a_thousand_virtual_threads_on_one_topic_each_get_every_message() throws Exception {
        List<Integer> published = IntStream.range(0, MESSAGES).boxed().toList();
        var bus = new Bus<Integer>(BusLimits.defaults(), _ -> 1);
        List<Callable<List<Integer>>> followers = new ArrayList<>();
        for (int i = 0; i < SUBSCRIBERS; i++) {
            var subscription = bus.subscribe("a");
            followers.add(() -> everythingFrom(subscription));
        }

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Integer>>> received =
                    followers.stream().map(threads::submit).toList();
            published.forEach(message -> bus.publish("a", message));
            bus.close();
            for (Future<List<Integer>> each : received) {
                assertEquals(published, each.get());
            }
        }
        assertEquals(0, bus.subscriptions());
        assertEquals(0, bus.topics());
    }

    @Test
    @Timeout(60)
    void a_thousand_waiters_are_woken_by_each_single_message() throws Exception {
        var bus = new Bus<Integer>(BusLimits.defaults(), _ -> 1);
        List<Subscription<Integer>> subscriptions = IntStream.range(0, SUBSCRIBERS)
                .mapToObj(_ -> bus.subscribe("a"))
                .toList();
        for (int message = 0; message < 5; message++) {
            List<Waiter<Integer>> waiters =
                    subscriptions.stream().map(Waiter::on).toList();
            bus.publish("a", message);
            for (Waiter<Integer> waiter : waiters) {
                assertEquals(new Delivery.Messages<>(List.of(message)), waiter.delivery());
            }
        }
    }

    private static List<Integer> everythingFrom(Subscription<Integer> subscription) throws InterruptedException {
        List<Integer> received = new ArrayList<>();
        try (subscription) {
            while (true) {
                switch (subscription.await(LONG)) {
                    case Delivery.Messages(var messages) -> received.addAll(messages);
                    case Delivery.Closed() -> {
                        return received;
                    }
                    case Delivery.Lagged(), Delivery.Idle() -> throw new AssertionError("lagged or idle");
                }
            }
        }
    }
}
