package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.perennial.eventstore.Offset;
import io.perennial.subscriptions.WebhookReceiver.Call;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
    private static final SubscriptionId ID = Specs.ID;

    @TempDir
    private Path directory;

    private Site site;
    private final WebhookReceiver receiver = new WebhookReceiver();

    @BeforeEach
    void open() {
        site = new Site(directory);
    }

    @AfterEach
    void close() {
        site.close();
        receiver.close();
    }

    private Offset pendingForPullWake() {
        site.create("wakes");
        site.subscriptions().put(ID, Specs.pull("jobs/*"));
        return site.append("jobs/1");
    }

    private Call called() {
        site.subscriptions().put(ID, Specs.webhook(receiver.url()));
        site.append("jobs/1");
        return receiver.next();
    }

    private ClaimOutcome.Claimed claim() {
        return assertInstanceOf(ClaimOutcome.Claimed.class, site.subscriptions().claim(ID, "ada"));
    }

    private ReportOutcome callBack(Call call, Offset offset) {
        Ack ack = new Ack(call.wake(), Map.of(Site.key("jobs/1"), offset), Ack.Then.FINISH);
        return site.subscriptions().callback(ID, call.token(), ack);
    }

    private void awaitStatus(SubscriptionView.Status status) {
        Eventually.holds(() -> "status " + status, () -> site.view(ID).status() == status);
    }

    private void awaitCursor(Offset offset) {
        Eventually.holds(
                () -> "a cursor at " + offset,
                () -> site.link(ID, "jobs/1").acked().equals(offset));
    }

    @Test
    void one_that_is_idle_stays_as_it_is() {
        site.subscriptions().put(ID, Specs.pull("jobs/*", "a", "b"));
        site.subscriptions().link(ID, Site.keys("c"));
        site.subscriptions().unlink(ID, Site.key("b"));
        SubscriptionView before = site.view(ID);
        site.restart();
        assertEquals(before, site.view(ID));
        assertEquals(List.of("a", "c"), site.linked(ID));
    }

    @Test
    void a_wake_that_was_announced_is_announced_again_and_is_the_same() {
        pendingForPullWake();
        String event = site.await("wakes", 1).getFirst();
        site.restart();
        assertEquals(List.of(event, event), site.await("wakes", 2));
        assertEquals(1, claim().wake().generation());
    }

    @Test
    void a_worker_that_has_claimed_keeps_its_lease() {
        Offset tail = pendingForPullWake();
        ClaimOutcome.Claimed claim = claim();
        site.restart();
        assertEquals(
                new ClaimOutcome.Refused(new Refusal.AlreadyClaimed("ada", 1)),
                site.subscriptions().claim(ID, "bob"));
        var ack = new Ack(claim.wake(), Map.of(Site.key("jobs/1"), tail), Ack.Then.FINISH);
        assertEquals(Specs.TAKEN, site.subscriptions().ack(ID, claim.token(), ack));
        site.restart();
        assertEquals(tail, site.link(ID, "jobs/1").acked());
    }

    @Test
    void a_lease_that_ends_while_the_server_is_stopped_is_over() {
        pendingForPullWake();
        ClaimOutcome.Claimed claim = claim();
        site.closeSubscriptions();
        site.clock.step(Specs.LEASE);
        site.openSubscriptions();
        assertEquals(Specs.FENCED, site.subscriptions().release(ID, claim.token(), claim.wake()));
        assertEquals(2, claim().wake().generation());
    }

    @Test
    void a_failing_announcement_waits_for_its_retry() {
        site.subscriptions().put(ID, Specs.pull("jobs/*"));
        site.append("jobs/1");
        awaitStatus(SubscriptionView.Status.FAILED);
        site.restart();
        assertEquals(SubscriptionView.Status.FAILED, site.view(ID).status());
        site.create("wakes");
        site.clock.step(Duration.ofSeconds(2));
        awaitStatus(SubscriptionView.Status.ACTIVE);
        assertEquals(1, site.texts("wakes").size());
    }

    @Test
    void a_webhook_that_was_being_called_is_called_with_another_wake() {
        Call first = called();
        Offset tail = site.head("jobs/1").tail();
        site.restart();
        first.hangUp();
        assertEquals(Specs.FENCED, callBack(first, tail));
        assertEquals(SubscriptionView.Status.FAILED, site.view(ID).status());
        site.clock.step(Duration.ofSeconds(2));
        site.view(ID);
        Call second = receiver.next();
        assertEquals(2, second.wake().generation());
        second.done();
        awaitCursor(tail);
    }

    @Test
    void a_webhook_that_was_being_called_is_called_no_later_where_the_server_restarts_again() {
        Call first = called();
        site.restart();
        first.hangUp();
        site.clock.step(Duration.ofMillis(700));
        site.restart();
        // More than the longest wait from the first restart on, less than the shortest from the second.
        site.clock.step(Duration.ofMillis(700));
        site.view(ID);
        assertEquals(2, receiver.next().wake().generation());
    }

    @Test
    void a_webhook_that_accepted_may_still_call_back() {
        Call call = called();
        Offset tail = site.head("jobs/1").tail();
        call.accepted();
        Eventually.holds(
                () -> "an answer that is taken",
                () -> site.subscriptions()
                        .callback(ID, call.token(), new Ack(call.wake(), Map.of(), Ack.Then.GO_ON))
                        .equals(Specs.TAKEN));
        site.restart();
        assertEquals(Specs.TAKEN, callBack(call, tail));
        assertEquals(tail, site.link(ID, "jobs/1").acked());
    }

    @Test
    void a_webhook_that_refused_is_called_with_the_same_wake() {
        Call first = called();
        first.refused();
        awaitStatus(SubscriptionView.Status.FAILED);
        site.restart();
        assertEquals(SubscriptionView.Status.FAILED, site.view(ID).status());
        site.clock.step(Duration.ofSeconds(2));
        site.view(ID);
        assertEquals(first.wake(), receiver.next().wake());
    }

    @Test
    void a_webhook_that_waits_for_a_retry_waits_as_long_after_a_restart() {
        called().hangUp();
        awaitStatus(SubscriptionView.Status.FAILED);
        long earliest = site.clock.instant().plusMillis(800).getEpochSecond();
        site.restart();
        site.clock.step(Duration.ofMillis(500));
        site.restart();
        site.clock.step(Duration.ofMillis(701));
        site.view(ID);
        Call second = receiver.next();
        assertEquals(2, second.wake().generation());
        assertEquals(earliest + 1, second.signedAtSeconds());
    }

    @Test
    void what_was_appended_while_nobody_listened_is_pending() {
        site.subscriptions().put(ID, Specs.pull("jobs/*", "a"));
        site.closeSubscriptions();
        List.of("jobs/1", "a").forEach(site::append);
        site.openSubscriptions();
        List.of("jobs/1", "a")
                .forEach(stream -> assertEquals(
                        site.head(stream).created(), site.link(ID, stream).acked()));
        assertEquals(2, claim().links().size());
    }

    @Test
    void the_keys_of_signatures_are_kept() {
        List<WebhookKey> keys = site.subscriptions().keys();
        site.restart();
        assertEquals(keys, site.subscriptions().keys());
    }

    @Test
    void tokens_of_before_are_good_for_another_day() {
        pendingForPullWake();
        ClaimOutcome.Claimed claim = claim();
        site.restart();
        Ack ack = new Ack(claim.wake(), Map.of(), Ack.Then.GO_ON);
        assertEquals(Specs.TAKEN, site.subscriptions().ack(ID, claim.token(), ack));
        site.clock.step(Duration.ofDays(1));
        assertEquals(
                new ReportOutcome.Refused(new Refusal.ExpiredToken()),
                site.subscriptions().ack(ID, claim.token(), ack));
    }
}
