package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.WebhookReceiver.Call;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookTest {
    private static final SubscriptionId ID = Specs.ID;

    @TempDir
    private Path directory;

    private Site site;
    private final WebhookReceiver receiver = new WebhookReceiver();

    @BeforeEach
    void open() {
        site = new Site(directory);
        site.subscriptions().put(ID, Specs.webhook(receiver.url()));
    }

    @AfterEach
    void close() {
        site.close();
        receiver.close();
    }

    private ReportOutcome callBack(Call call, Map<String, Offset> acks, Ack.Then then) {
        Map<StreamKey, Offset> keyed = new HashMap<>();
        acks.forEach((stream, offset) -> keyed.put(Site.key(stream), offset));
        return site.subscriptions().callback(ID, call.token(), new Ack(call.wake(), keyed, then));
    }

    private void awaitCursor(Offset offset) {
        Eventually.holds(
                () -> "a cursor at " + offset + ": " + site.link(ID, "jobs/1"),
                () -> site.link(ID, "jobs/1").acked().equals(offset));
    }

    private void awaitStatus(SubscriptionView.Status status) {
        Eventually.holds(() -> "status " + status, () -> site.view(ID).status() == status);
    }

    @Test
    void a_webhook_is_told_of_what_is_pending() {
        Offset tail = site.append("jobs/1");
        Call call = receiver.next();
        String expected =
                "{\"subscription_id\":\"jobs\",\"wake_id\":\"" + call.wake().wakeId()
                        + "\",\"generation\":1,\"streams\":[{\"path\":\"jobs/1\",\"link_type\":\"glob\",\"acked_offset\":\""
                        + site.head("jobs/1").created() + "\",\"tail_offset\":\"" + tail
                        + "\",\"has_pending\":true}],\"callback_url\":\"" + Site.URL
                        + "/v1/stream/__ds/subscriptions/jobs/callback\",\"callback_token\":\"" + call.token() + "\"}";
        assertEquals(expected, call.body());
        String signed = "t=" + Site.BEGINNING.getEpochSecond() + ",kid="
                + site.subscriptions().keys().getLast().kid() + ",ed25519=";
        assertTrue(call.headers().contains(signed), call.headers());
        call.done();
    }

    @Test
    void one_whose_owners_have_gone_reports_nothing_any_more() {
        Offset tail = site.append("jobs/1");
        Call call = receiver.next();
        site.gone.add(Subscriptions.EVERYBODY);
        assertEquals(
                new ReportOutcome.Refused(new Refusal.InvalidToken()),
                callBack(call, Map.of("jobs/1", tail), Ack.Then.FINISH));
        site.gone.clear();
        assertEquals(
                new ReportOutcome.Taken(ReportOutcome.Next.NOTHING),
                callBack(call, Map.of("jobs/1", tail), Ack.Then.FINISH));
    }

    @Test
    void one_that_says_done_has_acked_what_it_was_told_of() {
        Offset tail = site.append("jobs/1");
        receiver.next().done();
        awaitCursor(tail);
    }

    @Test
    void what_came_after_it_was_told_makes_another_wake() {
        Offset told = site.append("jobs/1");
        Call first = receiver.next();
        Offset later = site.append("jobs/1");
        first.done();
        Call second = receiver.next();
        assertEquals(2, second.wake().generation());
        assertNotEquals(first.wake().wakeId(), second.wake().wakeId());
        assertEquals(told, site.link(ID, "jobs/1").acked());
        second.done();
        awaitCursor(later);
    }

    @Test
    void one_that_accepts_calls_back_and_keeps_the_lease_until_it_finishes() {
        Offset first = site.append("jobs/1");
        Call call = receiver.next();
        call.accepted();
        Offset second = site.append("jobs/1");
        for (int i = 0; i < 3; i++) {
            site.clock.step(Duration.ofSeconds(20));
            assertEquals(Specs.TAKEN, callBack(call, Map.of("jobs/1", first), Ack.Then.GO_ON));
        }
        assertEquals(first, site.link(ID, "jobs/1").acked());
        assertEquals(Specs.TAKEN, callBack(call, Map.of("jobs/1", second), Ack.Then.FINISH));
        assertEquals(Specs.FENCED, callBack(call, Map.of(), Ack.Then.GO_ON));
    }

    @Test
    void one_may_call_back_before_it_answers() {
        Offset tail = site.append("jobs/1");
        Call call = receiver.next();
        assertEquals(Specs.TAKEN, callBack(call, Map.of("jobs/1", tail), Ack.Then.FINISH));
        call.refused();
        site.append("jobs/1");
        assertEquals(2, receiver.next().wake().generation());
        assertEquals(SubscriptionView.Status.ACTIVE, site.view(ID).status());
    }

    @Test
    void one_that_refuses_is_called_again_with_the_same_wake() {
        site.append("jobs/1");
        Call first = receiver.next();
        first.refused();
        awaitStatus(SubscriptionView.Status.FAILED);
        site.clock.step(Duration.ofMillis(1200));
        site.view(ID);
        Call second = receiver.next();
        assertEquals(first.wake(), second.wake());
        second.done();
        awaitStatus(SubscriptionView.Status.ACTIVE);
    }

    @Test
    void one_that_hangs_up_is_fenced_off_as_it_may_be_at_work() {
        Offset tail = site.append("jobs/1");
        Call first = receiver.next();
        first.hangUp();
        awaitStatus(SubscriptionView.Status.FAILED);
        assertEquals(Specs.FENCED, callBack(first, Map.of("jobs/1", tail), Ack.Then.FINISH));
        site.clock.step(Duration.ofMillis(1200));
        site.view(ID);
        assertEquals(2, receiver.next().wake().generation());
        assertNotEquals(tail, site.link(ID, "jobs/1").acked());
    }

    @Test
    void one_that_never_answers_loses_the_wake_with_its_lease() {
        Offset tail = site.append("jobs/1");
        Call first = receiver.next();
        site.clock.step(Specs.LEASE);
        assertEquals(Specs.FENCED, callBack(first, Map.of("jobs/1", tail), Ack.Then.FINISH));
        first.done();
        site.clock.step(Duration.ofSeconds(2));
        Eventually.holds(
                () -> "a wait for the retry",
                () -> site.view(ID).links().getFirst().isPending());
        assertEquals(2, receiver.next().wake().generation());
        assertNotEquals(tail, site.link(ID, "jobs/1").acked());
    }

    @Test
    void one_that_accepted_and_is_silent_is_called_with_another_wake_after_its_lease() {
        Offset tail = site.append("jobs/1");
        Call first = receiver.next();
        first.accepted();
        site.clock.step(Duration.ofSeconds(1));
        Eventually.holds(
                () -> "an answer that is taken",
                () -> callBack(first, Map.of(), Ack.Then.GO_ON).equals(Specs.TAKEN));
        site.clock.step(Specs.LEASE);
        assertEquals(Specs.FENCED, callBack(first, Map.of("jobs/1", tail), Ack.Then.FINISH));
        Call second = receiver.next();
        assertEquals(2, second.wake().generation());
        second.done();
        awaitCursor(tail);
    }

    @Test
    void retries_wait_twice_as_long_each_time_up_to_a_minute() {
        site.subscriptions().delete(ID);
        site.subscriptions().put(ID, Specs.webhook(receiver.url(), SubscriptionSpec.LONGEST_LEASE));
        site.append("jobs/1");
        Call call = receiver.next();
        for (long base : new long[] {1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000}) {
            call.refused();
            long refusedAt = site.clock.millis();
            call = nextWhileTimePasses(Duration.ofMillis(base / 10));
            long waited = site.clock.millis() - refusedAt;
            assertTrue(waited >= base * 8 / 10, "after " + waited + " ms instead of " + base);
        }
        call.done();
        awaitStatus(SubscriptionView.Status.ACTIVE);
    }

    private Call nextWhileTimePasses(Duration step) {
        List<Call> calls = new ArrayList<>();
        Eventually.holds(() -> "another call", () -> {
            site.clock.step(step);
            site.view(ID);
            receiver.within(Duration.ofMillis(20)).ifPresent(calls::add);
            return !calls.isEmpty();
        });
        return calls.getFirst();
    }

    @Test
    void one_that_nobody_listens_for_is_tried_again() {
        var id = new SubscriptionId("nobody");
        URI url;
        try (var closed = new WebhookReceiver()) {
            url = closed.url();
        }
        site.subscriptions().put(id, Specs.webhook(url));
        site.append("jobs/1");
        receiver.next().done();
        Eventually.holds(() -> "a failure", () -> site.view(id).status() == SubscriptionView.Status.FAILED);
        assertTrue(site.link(id, "jobs/1").isPending());
    }

    @Test
    void a_callback_is_only_for_whom_the_webhook_was_called() {
        site.append("jobs/1");
        Call call = receiver.next();
        assertEquals(
                new ReportOutcome.Refused(new Refusal.InvalidToken()),
                site.subscriptions().callback(ID, call.token() + "x", new Ack(call.wake(), Map.of(), Ack.Then.GO_ON)));
        assertEquals(
                new ReportOutcome.Refused(new Refusal.OtherType()),
                site.subscriptions().release(ID, call.token(), call.wake()));
        assertEquals(
                new ClaimOutcome.Refused(new Refusal.OtherType()),
                site.subscriptions().claim(ID, "ada"));
        call.done();
    }
}
