package io.perennial.subscriptions;

import static io.perennial.subscriptions.ServerOnDisk.ID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.perennial.eventstore.Offset;
import io.perennial.subscriptions.Ack.Then;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A worker whose lease is over changes nothing any more, however the lease ended.
@Timeout(60)
class FencingTest {
    @TempDir
    Path directory;

    private ServerOnDisk server;
    private Offset tail = Cursors.START;

    enum End {
        DONE,
        RELEASED,
        OVER,
        OVER_AND_RESTARTED,
        OVER_AND_CLAIMED,
        DELETED_AND_MADE_ANEW
    }

    private void end(End how, ClaimOutcome.Claimed claim) {
        switch (how) {
            case DONE -> server.ack(claim, Then.FINISH, Map.of());
            case RELEASED -> server.subscriptions().release(ID, claim.token(), claim.wake());
            case OVER -> server.step(Specs.LEASE);
            case OVER_AND_RESTARTED -> server.restart(() -> server.clock().step(Specs.LEASE));
            case OVER_AND_CLAIMED -> {
                server.clock().step(Specs.LEASE);
                server.claimed("second");
            }
            case DELETED_AND_MADE_ANEW -> {
                server.subscriptions().delete(ID);
                server.created(Specs.named("a"));
                server.append("a", "again");
                server.claimed("second");
            }
        }
    }

    @BeforeEach
    void start() {
        server = new ServerOnDisk(directory);
        server.create(Specs.WAKE);
        server.create("a");
        server.created(Specs.named("a"));
        tail = server.append("a", "1");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static ReportOutcome refused(Refusal why) {
        return new ReportOutcome.Refused(why);
    }

    @ParameterizedTest
    @EnumSource
    void a_worker_whose_lease_ended_moves_no_cursor(End how) {
        var claim = server.claimed("first");
        end(how, claim);
        LinkView before = server.link("a");

        for (Then then : Then.values()) {
            assertEquals(refused(new Refusal.Fenced()), server.ack(claim, then, Map.of("a", tail)));
            assertEquals(refused(new Refusal.Fenced()), server.ack(claim, then, Map.of()));
        }
        assertEquals(refused(new Refusal.Fenced()), server.subscriptions().release(ID, claim.token(), claim.wake()));
        assertEquals(before, server.link("a"));
    }

    @ParameterizedTest
    @EnumSource
    void the_next_worker_gets_a_later_generation_and_is_not_disturbed(End how) {
        var claim = server.claimed("first");
        end(how, claim);
        if (how == End.OVER_AND_CLAIMED || how == End.DELETED_AND_MADE_ANEW) {
            assertEquals("second", ((Refusal.AlreadyClaimed) server.claimRefused()).worker());
            return;
        }
        var next = server.claimed("second");
        assertEquals(claim.wake().generation() + 1, next.wake().generation());
        server.ack(claim, Then.FINISH, Map.of());
        assertInstanceOf(ReportOutcome.Taken.class, server.ack(next, Then.FINISH, Map.of("a", tail)));
    }

    @Test
    void a_request_that_names_another_wake_than_its_token_is_fenced() {
        var claim = server.claimed("w");
        WakeRef wake = claim.wake();
        for (WakeRef other : new WakeRef[] {
            new WakeRef(wake.wakeId(), wake.generation() + 1),
            new WakeRef(wake.wakeId(), wake.generation() - 1),
            new WakeRef("w_other", wake.generation())
        }) {
            Ack ack = ServerOnDisk.acks(other, Then.FINISH, Map.of("a", tail));
            assertEquals(refused(new Refusal.Fenced()), server.subscriptions().ack(ID, claim.token(), ack));
        }
        assertEquals(new Refusal.AlreadyClaimed("w", 1), server.claimRefused());
    }

    @Test
    void a_token_of_another_subscription_or_of_nobody_is_invalid() {
        SubscriptionId other = new SubscriptionId("sub-2");
        server.subscriptions().put(other, Specs.named("a"));
        server.append("a", "2");
        var claim = server.claimed("w");
        var otherClaim = assertInstanceOf(
                ClaimOutcome.Claimed.class, server.subscriptions().claim(other, "w"));
        Ack ack = ServerOnDisk.acks(claim.wake(), Then.GO_ON, Map.of());

        for (String token :
                new String[] {otherClaim.token(), "", ".", "a.b.c", claim.token() + "A", "x" + claim.token()}) {
            assertEquals(
                    refused(new Refusal.InvalidToken()), server.subscriptions().ack(ID, token, ack), token);
        }
    }

    @Test
    void a_token_expires_though_its_lease_was_kept() {
        server.subscriptions().delete(ID);
        server.created(Specs.leased(SubscriptionSpec.LONGEST_LEASE, Specs.named("a")));
        server.append("a", "2");
        var claim = server.claimed("w");
        Duration step = Duration.ofMinutes(9);
        for (Duration passed = Duration.ZERO; passed.compareTo(Tokens.LIFETIME) < 0; passed = passed.plus(step)) {
            server.ack(claim, Then.GO_ON, Map.of());
            server.clock().step(step);
        }
        assertEquals(refused(new Refusal.ExpiredToken()), server.ack(claim, Then.GO_ON, Map.of()));
        server.step(SubscriptionSpec.LONGEST_LEASE);
        assertEquals(2, server.claimed("second").wake().generation());
    }

    @Test
    void a_token_lives_through_a_restart() {
        var claim = server.claimed("w");
        server.restart();
        assertEquals(
                new ReportOutcome.Taken(ReportOutcome.Next.NOTHING), server.ack(claim, Then.FINISH, Map.of("a", tail)));
        assertEquals(tail, server.link("a").acked());
    }

    @Test
    void each_kind_of_report_is_for_its_own_kind_of_subscription() {
        SubscriptionId hook = new SubscriptionId("hook");
        URI nobody = URI.create("http://127.0.0.1:9/");
        server.subscriptions().put(hook, Specs.webhook(nobody, "nothing/*"));
        Ack ack = ServerOnDisk.acks(new WakeRef("w", 1), Then.FINISH, Map.of());

        assertEquals(refused(new Refusal.OtherType()), server.subscriptions().callback(ID, "", ack));
        assertEquals(refused(new Refusal.OtherType()), server.subscriptions().ack(hook, "", ack));
        assertEquals(refused(new Refusal.OtherType()), server.subscriptions().release(hook, "", ack.wake()));
        assertEquals(
                new ClaimOutcome.Refused(new Refusal.OtherType()),
                server.subscriptions().claim(hook, "w"));
    }
}
