package io.perennial.subscriptions;

import static io.perennial.subscriptions.ServerOnDisk.ID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Offset;
import io.perennial.subscriptions.Ack.Then;
import io.perennial.subscriptions.SubscriptionView.Status;
import io.perennial.subscriptions.SubscriptionsConfig.LocalWebhooks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WebhookRetryTest {
    private static final String DONE = "{\"done\":true}";
    private static final Duration LONGEST_FIRST_WAIT = Duration.ofMillis(1_200);
    private static final SubscriptionsConfig IMPATIENT =
            new SubscriptionsConfig(10, 10, 4, Duration.ofMillis(300), LocalWebhooks.ALLOWED);

    @TempDir
    Path directory;

    @AutoClose
    private final Receiver receiver = new Receiver();

    private ServerOnDisk server;

    WebhookRetryTest() throws IOException {}

    @BeforeEach
    void start() {
        server = new ServerOnDisk(directory);
        server.created(Specs.leased(Duration.ofMinutes(10), Specs.webhook(receiver.url(), "events/*")));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void awaitStatus(Status status) throws Exception {
        Eventually.holds(status.toString(), () -> server.view().status() == status);
    }

    private ReportOutcome finish(Receiver.Call call, Offset tail) {
        return server.subscriptions()
                .callback(ID, call.token(), ServerOnDisk.acks(call.wake(), Then.FINISH, Map.of("events/a", tail)));
    }

    private Receiver.Call refused(int status) throws Exception {
        Receiver.Call call = receiver.take();
        int failures = server.failures();
        call.answer(status, "");
        Eventually.holds("it is known to have failed", () -> server.failures() == failures + 1);
        return call;
    }

    @Test
    void a_webhook_that_refused_is_called_again_with_the_same_wake() throws Exception {
        Offset tail = server.append("events/a", "1");
        Receiver.Call first = refused(503);
        server.step(Duration.ofMillis(799));
        assertEquals(1, receiver.connections(), "not before its time");
        server.step(LONGEST_FIRST_WAIT);

        Receiver.Call second = receiver.take();
        assertEquals(first.wake(), second.wake());
        second.answer(200, DONE);
        awaitStatus(Status.ACTIVE);
        assertEquals(tail, server.link("events/a").acked());
    }

    @Test
    void what_came_meanwhile_is_in_the_next_call() throws Exception {
        server.append("events/a", "1");
        refused(500);
        Offset tail = server.append("events/a", "2");
        server.step(LONGEST_FIRST_WAIT);

        Receiver.Call call = receiver.take();
        assertEquals(
                tail.toString(),
                call.json().getJsonArray("streams").getJsonObject(0).getString("tail_offset"));
        call.answer(200, DONE);
        awaitStatus(Status.ACTIVE);
    }

    @Test
    void each_wait_is_longer_than_the_last_and_a_success_ends_that() throws Exception {
        server.append("events/a", "1");
        long[] most = {1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 60_000, 60_000};
        for (int i = 0; i < most.length; i++) {
            refused(500);
            long before = i == 0 ? 799 : most[i] * 2 / 3 - 1;
            server.step(Duration.ofMillis(before));
            assertEquals(i + 1, receiver.connections(), "before wait " + i + " was over");
            server.step(Duration.ofMillis(most[i] - before));
        }
        receiver.take().answer(200, DONE);
        awaitStatus(Status.ACTIVE);
        server.append("events/a", "2");
        refused(500);
        server.step(LONGEST_FIRST_WAIT);
        receiver.take().answer(200, DONE);
        awaitStatus(Status.ACTIVE);
    }

    @Test
    void a_redirect_is_a_refusal() throws Exception {
        server.append("events/a", "1");
        Receiver.Call call = receiver.take();
        call.send("HTTP/1.1 307 Elsewhere\r\nLocation: " + receiver.url() + "\r\nContent-Length: 0\r\n\r\n");
        call.hangUp();
        awaitStatus(Status.FAILED);
        assertEquals(1, receiver.connections());
    }

    @Test
    void a_webhook_of_which_nothing_is_known_is_fenced_off_and_called_with_a_new_wake() throws Exception {
        Offset tail = server.append("events/a", "1");
        Receiver.Call first = receiver.take();
        first.hangUp();
        awaitStatus(Status.FAILED);
        assertEquals(new ReportOutcome.Refused(new Refusal.Fenced()), finish(first, tail));
        server.step(LONGEST_FIRST_WAIT);

        Receiver.Call second = receiver.take();
        assertEquals(2, second.wake().generation());
        assertNotEquals(first.wake().wakeId(), second.wake().wakeId());
        second.answer(200, DONE);
        awaitStatus(Status.ACTIVE);
        assertEquals(tail, server.link("events/a").acked());
    }

    @Test
    void a_webhook_that_says_nothing_is_given_up_and_called_with_a_new_wake() throws Exception {
        server.close();
        server = new ServerOnDisk(directory, IMPATIENT, BusLimits.defaults());
        server.append("events/a", "1");
        receiver.take().awaitHangUp();
        awaitStatus(Status.FAILED);
        server.step(LONGEST_FIRST_WAIT);
        Receiver.Call second = receiver.take();
        assertEquals(2, second.wake().generation());
        second.answer(200, DONE);
        awaitStatus(Status.ACTIVE);
    }

    @Test
    void a_webhook_that_called_back_before_it_said_nothing_keeps_its_lease() throws Exception {
        server.close();
        server = new ServerOnDisk(directory, IMPATIENT, BusLimits.defaults());
        Offset tail = server.append("events/a", "1");
        Receiver.Call call = receiver.take();
        server.subscriptions().callback(ID, call.token(), ServerOnDisk.acks(call.wake(), Then.GO_ON, Map.of()));
        call.awaitHangUp();

        assertEquals(new ReportOutcome.Taken(ReportOutcome.Next.NOTHING), finish(call, tail));
        assertEquals(Status.ACTIVE, server.view().status());
    }

    @Test
    void a_callback_of_one_that_refused_ends_the_retries() throws Exception {
        Offset tail = server.append("events/a", "1");
        Receiver.Call call = refused(500);
        assertEquals(new ReportOutcome.Taken(ReportOutcome.Next.NOTHING), finish(call, tail));

        assertEquals(Status.ACTIVE, server.view().status());
        server.step(Duration.ofMinutes(1));
        assertEquals(1, receiver.connections());
    }

    @Test
    void one_that_can_not_be_reached_is_tried_again() throws Exception {
        receiver.close();
        server.append("events/a", "1");
        awaitStatus(Status.FAILED);
        server.delete("events/a");
        server.step(Duration.ofMinutes(1));
        awaitStatus(Status.ACTIVE);
    }

    @Test
    void a_refusal_outlives_its_lease_under_a_new_wake() throws Exception {
        server.append("events/a", "1");
        Receiver.Call first = refused(500);
        server.step(Duration.ofMinutes(10));
        Receiver.Call second = receiver.take();
        assertEquals(first.wake().generation() + 1, second.wake().generation());
        second.answer(200, DONE);
        awaitStatus(Status.ACTIVE);
    }
}
