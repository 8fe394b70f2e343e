package io.perennial.subscriptions;

import static io.perennial.subscriptions.ServerOnDisk.ID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Offset;
import io.perennial.subscriptions.Ack.Then;
import io.perennial.subscriptions.ReportOutcome.Next;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process ends in every phase of a subscription, and the next one goes on.
@Timeout(60)
class RestartTest {
    private static final String DONE = "{\"done\":true}";
    private static final Duration LONGEST_FIRST_WAIT = Duration.ofMillis(1_200);

    @TempDir
    Path directory;

    @AutoClose
    private final Receiver receiver = new Receiver();

    private ServerOnDisk server;

    RestartTest() throws IOException {}

    @BeforeEach
    void start() {
        server = new ServerOnDisk(directory);
        server.create(Specs.WAKE);
        server.create("a");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void pull() {
        server.created(Specs.pull("events/*", "a"));
    }

    private void webhook() {
        server.created(Specs.spec(new Channel.Webhook(receiver.url()), new Pattern.Glob("events/*"), "a"));
    }

    private ReportOutcome finish(Receiver.Call call, Offset tail) {
        return server.subscriptions()
                .callback(ID, call.token(), ServerOnDisk.acks(call.wake(), Then.FINISH, Map.of("a", tail)));
    }

    private void awaitAcked(Offset tail) throws Exception {
        Eventually.holds("acked", () -> server.link("a").acked().equals(tail));
    }

    @Test
    void a_subscription_is_as_it_was() {
        pull();
        server.append("events/x", "1");
        SubscriptionView view = server.view();
        server.restart();
        assertEquals(view, server.view());
    }

    @Test
    void what_was_appended_while_nobody_ran_is_pending_and_wakes() throws Exception {
        pull();
        server.restart(() -> {
            server.append("a", "1");
            server.append("events/new", "1");
        });
        server.awaitWakes(Specs.WAKE, 1L);
        assertTrue(server.link("a").isPending());
        assertTrue(server.link("events/new").isPending());
    }

    @Test
    void what_was_deleted_while_nobody_ran_is_pending_no_more() throws Exception {
        pull();
        server.append("a", "1");
        server.append("events/x", "1");
        server.awaitWakes(Specs.WAKE, 1L);
        server.restart(() -> {
            server.delete("a");
            server.delete("events/x");
        });
        assertEquals(List.of("a"), server.linked());
        assertEquals(new Refusal.NothingPending(), server.claimRefused());
    }

    @Test
    void a_stream_that_was_made_anew_while_nobody_ran_is_pending_from_its_start() {
        pull();
        Offset old = server.append("a", "1");
        server.ack(server.claimed("w"), Then.FINISH, Map.of("a", old));
        server.restart(() -> {
            server.delete("a");
            server.append("a", "2");
        });
        LinkView link = server.link("a");
        assertTrue(link.isPending());
        assertTrue(old.isBefore(link.acked()) || old.equals(link.acked()));
    }

    @Test
    void a_wake_that_was_announced_is_announced_again_and_claimed_once() throws Exception {
        pull();
        server.append("a", "1");
        server.awaitWakes(Specs.WAKE, 1L);
        server.restart();
        server.awaitWakes(Specs.WAKE, 1L, 1L);

        assertEquals(1, server.claimed("w").wake().generation());
        assertEquals(new Refusal.AlreadyClaimed("w", 1), server.claimRefused());
    }

    @Test
    void a_lease_is_kept_with_its_holder_and_its_end() throws Exception {
        pull();
        Offset tail = server.append("a", "1");
        server.awaitWakes(Specs.WAKE, 1L);
        var claim = server.claimed("w");
        server.clock().step(Specs.LEASE.minusMillis(1));
        server.restart();

        assertEquals(new Refusal.AlreadyClaimed("w", 1), server.claimRefused());
        server.step(Duration.ofMillis(1));
        server.awaitWakes(Specs.WAKE, 1L, 2L);
        assertEquals(
                new ReportOutcome.Refused(new Refusal.Fenced()), server.ack(claim, Then.FINISH, Map.of("a", tail)));
        assertEquals(2, server.claimed("second").wake().generation());
    }

    @Test
    void a_lease_that_ran_out_while_nobody_ran_wakes_again() throws Exception {
        pull();
        server.append("a", "1");
        server.awaitWakes(Specs.WAKE, 1L);
        server.claimed("w");
        server.restart(() -> server.clock().step(Specs.LEASE));
        server.awaitWakes(Specs.WAKE, 1L, 2L);
    }

    @Test
    void a_generation_never_goes_back() throws Exception {
        pull();
        for (long generation = 1; generation <= 10; generation++) {
            Offset tail = server.append("a", "1");
            server.restart();
            var claim = server.claimed("w");
            assertEquals(generation, claim.wake().generation());
            server.restart();
            server.ack(claim, Then.FINISH, Map.of("a", tail));
            server.restart();
        }
    }

    @Test
    void a_webhook_that_was_being_called_is_fenced_off_and_called_with_a_new_wake() throws Exception {
        webhook();
        List<WebhookKey> keys = server.subscriptions().keys();
        Offset tail = server.append("a", "1");
        Receiver.Call first = receiver.take();
        server.restart();
        first.awaitHangUp();
        Eventually.holds("it counts as failed", () -> server.failures() == 1);
        assertEquals(new ReportOutcome.Refused(new Refusal.Fenced()), finish(first, tail));
        assertEquals(1, receiver.connections());
        server.step(LONGEST_FIRST_WAIT);

        Receiver.Call second = receiver.take();
        assertEquals(2, second.wake().generation());
        assertNotEquals(first.wake().wakeId(), second.wake().wakeId());
        assertEquals(keys, server.subscriptions().keys());
        assertTrue(Signatures.verifies(
                second.header("Webhook-Signature"),
                second.body(),
                keys,
                server.clock().instant()));
        second.answer(200, DONE);
        awaitAcked(tail);
    }

    @Test
    void a_webhook_that_brings_the_process_down_each_time_is_called_less_and_less() throws Exception {
        webhook();
        server.append("a", "1");
        for (int i = 1; i <= 3; i++) {
            receiver.take();
            server.restart();
            int failures = i;
            Eventually.holds("failures", () -> server.failures() == failures);
            server.step(Duration.ofMillis(1_200L << (i - 1)));
        }
        assertEquals(4, receiver.take().wake().generation());
    }

    @Test
    void a_webhook_that_took_its_wake_may_call_back_the_next_process() throws Exception {
        webhook();
        Offset tail = server.append("a", "1");
        Receiver.Call call = receiver.take();
        call.answer(202, "");
        Eventually.holds(
                "it took it",
                () -> server.subscriptions()
                        .callback(ID, call.token(), ServerOnDisk.acks(call.wake(), Then.GO_ON, Map.of()))
                        .equals(new ReportOutcome.Taken(Next.NOTHING)));
        server.restart();

        assertEquals(new ReportOutcome.Taken(Next.NOTHING), finish(call, tail));
        assertEquals(tail, server.link("a").acked());
        assertEquals(1, receiver.connections());
    }

    @Test
    void a_retry_keeps_its_time_its_wake_and_its_count() throws Exception {
        webhook();
        Offset tail = server.append("a", "1");
        Receiver.Call first = receiver.take();
        first.answer(500, "");
        Eventually.holds("it failed", () -> server.failures() == 1);
        server.restart();
        server.step(Duration.ofMillis(799));
        assertEquals(1, receiver.connections(), "not before its time");
        server.step(LONGEST_FIRST_WAIT);

        Receiver.Call second = receiver.take();
        assertEquals(first.wake(), second.wake());
        second.answer(500, "");
        Eventually.holds("it failed again", () -> server.failures() == 2);
        server.restart(() -> server.clock().step(Duration.ofMinutes(10)));
        Receiver.Call third = receiver.take();
        assertEquals(2, third.wake().generation(), "its lease ran out");
        third.answer(200, DONE);
        awaitAcked(tail);
        assertEquals(0, server.failures());
    }
}
