package io.perennial.subscriptions;

import static io.perennial.subscriptions.ServerOnDisk.ID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.perennial.eventstore.Offset;
import io.perennial.subscriptions.Ack.Then;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PullWakeTest {
    @TempDir
    Path directory;

    private ServerOnDisk server;

    @BeforeEach
    void start() {
        server = new ServerOnDisk(directory);
        server.create(Specs.WAKE);
        server.create("a");
        server.created(Specs.named("a", "b"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void an_append_writes_one_event_to_the_wake_stream() throws Exception {
        server.append("a", "1");
        server.awaitWakes(Specs.WAKE, 1L);

        JsonObject event = server.events(Specs.WAKE).getFirst();
        assertEquals(
                "{\"type\":\"wake\",\"subscription_id\":\"sub-1\",\"stream\":\"a\",\"generation\":1,\"ts\":"
                        + ServerOnDisk.BEGINNING.toEpochMilli() + "}",
                event.toString());
    }

    @Test
    void what_comes_while_a_wake_is_out_makes_no_other() throws Exception {
        server.append("a", "1");
        server.awaitWakes(Specs.WAKE, 1L);
        server.append("a", "2");
        Offset b = server.append("b", "1");
        var claim = server.claimed("w");
        Offset a = server.append("a", "3");

        assertEquals(1, claim.wake().generation());
        assertEquals(2, claim.links().stream().filter(LinkView::isPending).count());
        server.ack(claim, Then.FINISH, Map.of("a", a, "b", b));
        server.append("a", "4");
        server.awaitWakes(Specs.WAKE, 1L, 2L);
    }

    @Test
    void a_claim_tells_what_is_pending_first() {
        server.append("b", "1");
        var claim = server.claimed("w");

        assertEquals(
                List.of(server.link("b"), server.link("a")), claim.links(), "what is pending goes before what isn't");
        assertEquals(Specs.LEASE, claim.leaseTtl());
    }

    @Test
    void a_worker_may_claim_before_it_was_woken_and_not_where_nothing_is_pending() {
        assertEquals(new Refusal.NothingPending(), server.claimRefused());
        server.append("a", "1");
        assertEquals(1, server.claimed("w").wake().generation());
    }

    @Test
    void a_claim_of_what_another_holds_names_who() {
        server.append("a", "1");
        server.claimed("first");
        assertEquals(new Refusal.AlreadyClaimed("first", 1), server.claimRefused());
    }

    @Test
    void of_many_that_claim_at_once_one_wins() throws Exception {
        for (long generation = 1; generation <= 20; generation++) {
            server.append("a", "1");
            CountDownLatch go = new CountDownLatch(1);
            List<Future<ClaimOutcome>> claims = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String worker = "w" + i;
                claims.add(Eventually.start(() -> {
                    go.await();
                    return server.subscriptions().claim(ID, worker);
                }));
            }
            go.countDown();
            List<ClaimOutcome.Claimed> winners = new ArrayList<>();
            for (Future<ClaimOutcome> claim : claims) {
                if (Eventually.result(claim) instanceof ClaimOutcome.Claimed won) {
                    winners.add(won);
                }
            }
            assertEquals(1, winners.size(), "in generation " + generation);
            assertEquals(generation, winners.getFirst().wake().generation());
            server.ack(
                    winners.getFirst(),
                    Then.FINISH,
                    Map.of("a", server.link("a").tail()));
        }
    }

    @Test
    void a_release_leaves_the_cursor_and_wakes_again() throws Exception {
        server.append("a", "1");
        server.awaitWakes(Specs.WAKE, 1L);
        var claim = server.claimed("w");
        LinkView before = server.link("a");

        assertEquals(
                new ReportOutcome.Taken(ReportOutcome.Next.WAKE),
                server.subscriptions().release(ID, claim.token(), claim.wake()));
        assertEquals(before, server.link("a"));
        server.awaitWakes(Specs.WAKE, 1L, 2L);
        var next = server.claimed("w");
        assertEquals(2, next.wake().generation());
        assertNotEquals(claim.wake().wakeId(), next.wake().wakeId());
    }

    @Test
    void a_lease_that_runs_out_wakes_again_in_a_new_generation() throws Exception {
        server.append("a", "1");
        server.awaitWakes(Specs.WAKE, 1L);
        server.claimed("first");
        server.step(Specs.LEASE.minusMillis(1));
        assertEquals(new Refusal.AlreadyClaimed("first", 1), server.claimRefused());
        server.step(Duration.ofMillis(1));

        server.awaitWakes(Specs.WAKE, 1L, 2L);
        assertEquals(2, server.claimed("second").wake().generation());
    }

    @Test
    void a_lease_runs_out_by_itself() throws Exception {
        server.subscriptions().delete(ID);
        server.created(Specs.leased(Duration.ofSeconds(1), Specs.named("a")));
        server.append("a", "1");
        server.awaitWakes(Specs.WAKE, 1L);
        server.claimed("first");
        server.clock().step(Duration.ofSeconds(1));

        server.awaitWakes(Specs.WAKE, 1L, 2L);
    }

    @Test
    void an_ack_without_done_extends_the_lease() {
        server.append("a", "1");
        var claim = server.claimed("w");
        for (int i = 0; i < 10; i++) {
            server.step(Specs.LEASE.minusMillis(1));
            assertInstanceOf(ReportOutcome.Taken.class, server.ack(claim, Then.GO_ON, Map.of()));
        }
        server.step(Specs.LEASE);
        assertEquals(new ReportOutcome.Refused(new Refusal.Fenced()), server.ack(claim, Then.GO_ON, Map.of()));
    }

    @Test
    void a_wake_stream_that_takes_no_event_is_tried_again_until_it_does() throws Exception {
        server.delete(Specs.WAKE);
        server.append("a", "1");
        Eventually.holds("it fails", () -> server.view().status() == SubscriptionView.Status.FAILED);

        server.create(Specs.WAKE);
        server.step(Duration.ofMillis(1200));
        server.awaitWakes(Specs.WAKE, 1L);
        Eventually.holds("it works", () -> server.view().status() == SubscriptionView.Status.ACTIVE);
    }

    @Test
    void what_is_deleted_before_anybody_came_leaves_nothing_to_claim() throws Exception {
        server.append("a", "1");
        server.awaitWakes(Specs.WAKE, 1L);
        server.delete("a");
        assertEquals(new Refusal.NothingPending(), server.claimRefused());
        server.append("a", "2");
        server.awaitWakes(Specs.WAKE, 1L, 2L);
    }

    @Test
    void two_subscriptions_of_one_stream_have_their_own_cursors() {
        SubscriptionId other = new SubscriptionId("sub-2");
        server.subscriptions().put(other, Specs.named("a"));
        Offset tail = server.append("a", "1");
        server.ack(server.claimed("w"), Then.FINISH, Map.of("a", tail));

        assertEquals(new Refusal.NothingPending(), server.claimRefused());
        assertInstanceOf(ClaimOutcome.Claimed.class, server.subscriptions().claim(other, "w"));
    }
}
