package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Offset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullWakeTest {
    private static final SubscriptionId ID = Specs.ID;

    @TempDir
    private Path directory;

    private Site site;

    @BeforeEach
    void open() {
        site = new Site(directory);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Offset pending() {
        site.create("wakes");
        site.subscriptions().put(ID, Specs.pull("jobs/*"));
        return site.append("jobs/1");
    }

    private ClaimOutcome.Claimed claim() {
        return assertInstanceOf(ClaimOutcome.Claimed.class, site.subscriptions().claim(ID, "ada"));
    }

    private ReportOutcome ack(ClaimOutcome.Claimed claim, Offset offset, Ack.Then then) {
        return site.subscriptions()
                .ack(ID, claim.token(), new Ack(claim.wake(), Map.of(Site.key("jobs/1"), offset), then));
    }

    private static String event(int generation) {
        return "{\"type\":\"wake\",\"subscription_id\":\"jobs\",\"stream\":\"jobs/1\",\"generation\":" + generation
                + ",\"ts\":" + Site.BEGINNING.toEpochMilli() + "}";
    }

    @Test
    void what_is_pending_is_announced_in_the_wake_stream() {
        pending();
        assertEquals(List.of(event(1)), site.await("wakes", 1));
    }

    @Test
    void what_comes_while_a_wake_is_in_flight_makes_no_other() {
        pending();
        site.await("wakes", 1);
        site.append("jobs/1");
        site.append("jobs/2");
        assertEquals(1, claim().wake().generation());
    }

    @Test
    void a_worker_that_claims_is_told_of_what_is_pending() {
        Offset tail = pending();
        ClaimOutcome.Claimed claim = claim();
        LinkView told = claim.links().getFirst();
        assertEquals(List.of(tail, true), List.of(told.tail(), told.isPending()));
        assertEquals(site.head("jobs/1").created(), told.acked());
        assertEquals(Duration.ofSeconds(30), claim.leaseTtl());
    }

    @Test
    void a_claim_needs_no_wake_event() {
        site.subscriptions().put(ID, Specs.pull("jobs/*"));
        site.append("jobs/1");
        assertEquals(1, claim().wake().generation());
    }

    @Test
    void there_is_nothing_to_claim_where_nothing_is_pending() {
        site.create("wakes");
        site.subscriptions().put(ID, Specs.pull("jobs/*"));
        assertEquals(
                new ClaimOutcome.Refused(new Refusal.NothingPending()),
                site.subscriptions().claim(ID, "ada"));
    }

    @Test
    void there_is_nothing_to_claim_once_the_stream_that_was_announced_is_gone() {
        pending();
        site.await("wakes", 1);
        site.delete("jobs/1");
        assertEquals(
                new ClaimOutcome.Refused(new Refusal.NothingPending()),
                site.subscriptions().claim(ID, "ada"));
    }

    @Test
    void an_ack_that_goes_on_moves_the_cursor_and_prolongs_the_lease() {
        Offset tail = pending();
        ClaimOutcome.Claimed claim = claim();
        site.clock.step(Duration.ofSeconds(20));
        assertEquals(Specs.TAKEN, ack(claim, tail, Ack.Then.GO_ON));
        assertEquals(tail, site.link(ID, "jobs/1").acked());
        site.clock.step(Duration.ofSeconds(20));
        assertEquals(Specs.TAKEN, ack(claim, tail, Ack.Then.GO_ON));
    }

    @Test
    void an_ack_that_finishes_ends_the_lease() {
        Offset tail = pending();
        ClaimOutcome.Claimed claim = claim();
        assertEquals(Specs.TAKEN, ack(claim, tail, Ack.Then.FINISH));
        assertEquals(Specs.FENCED, ack(claim, tail, Ack.Then.FINISH));
    }

    @Test
    void whoever_finishes_with_something_left_is_told_that_a_wake_follows() {
        pending();
        ClaimOutcome.Claimed claim = claim();
        ReportOutcome outcome = ack(claim, site.head("jobs/1").created(), Ack.Then.FINISH);
        assertEquals(new ReportOutcome.Taken(ReportOutcome.Next.WAKE), outcome);
        Eventually.holds(() -> "a second wake", () -> site.texts("wakes").contains(event(2)));
    }

    @Test
    void a_release_wakes_the_next_worker() {
        pending();
        ClaimOutcome.Claimed claim = claim();
        site.subscriptions().release(ID, claim.token(), claim.wake());
        Eventually.holds(() -> "a second wake", () -> site.texts("wakes").contains(event(2)));
        assertEquals(2, claim().wake().generation());
    }

    @Test
    void a_lease_that_is_over_fences_its_worker_off() {
        Offset tail = pending();
        ClaimOutcome.Claimed claim = claim();
        site.clock.step(Duration.ofSeconds(30));
        assertEquals(Specs.FENCED, ack(claim, tail, Ack.Then.FINISH));
        assertNotEquals(tail, site.link(ID, "jobs/1").acked());
        assertEquals(2, claim().wake().generation());
    }

    @Test
    void the_token_of_another_subscription_is_none() {
        pending();
        var other = new SubscriptionId("other");
        site.subscriptions().put(other, Specs.pull("jobs/*"));
        site.append("jobs/1");
        ClaimOutcome.Claimed claim = claim();
        assertEquals(
                new ReportOutcome.Refused(new Refusal.InvalidToken()),
                site.subscriptions().release(other, claim.token(), claim.wake()));
    }

    @Test
    void one_of_many_workers_that_race_gets_the_lease() throws Exception {
        pending();
        var start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ClaimOutcome>> claims = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String worker = "worker-" + i;
                claims.add(threads.submit(() -> {
                    start.await();
                    return site.subscriptions().claim(ID, worker);
                }));
            }
            start.countDown();
            int claimed = 0;
            for (Future<ClaimOutcome> claim : claims) {
                claimed += claim.get() instanceof ClaimOutcome.Claimed ? 1 : 0;
            }
            assertEquals(1, claimed);
        }
    }

    @Test
    void a_wake_stream_that_is_missing_is_tried_again() {
        recovers(() -> site.create("wakes"));
    }

    @Test
    void a_wake_stream_that_is_closed_is_tried_again() {
        site.closeStream("wakes");
        recovers(this::replaceWakeStream);
    }

    @Test
    void a_wake_stream_of_another_type_is_tried_again() {
        site.create("wakes", new ContentType("text/plain"));
        recovers(this::replaceWakeStream);
    }

    private void replaceWakeStream() {
        site.delete("wakes");
        site.create("wakes");
    }

    private void recovers(Runnable repair) {
        site.subscriptions().put(ID, Specs.pull("jobs/*"));
        site.append("jobs/1");
        Eventually.holds(() -> "a failure", () -> site.view(ID).status() == SubscriptionView.Status.FAILED);
        repair.run();
        site.clock.step(Duration.ofSeconds(2));
        Eventually.holds(() -> "a recovery", () -> site.view(ID).status() == SubscriptionView.Status.ACTIVE);
        assertEquals(1, site.texts("wakes").size());
        assertEquals(1, claim().wake().generation());
    }
}
