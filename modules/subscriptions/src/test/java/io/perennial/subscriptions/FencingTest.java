package io.perennial.subscriptions;

import static io.perennial.subscriptions.Specs.ID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.Ack.Then;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A worker whose lease is over changes nothing any more, however the lease ended.
class FencingTest {
    @TempDir
    private Path directory;

    private Site site;
    private ClaimOutcome.Claimed first;
    private Offset tail = Cursors.START;

    enum End {
        DONE,
        RELEASED,
        OVER,
        OVER_WHILE_STOPPED,
        CLAIMED_BY_THE_NEXT,
        DELETED_AND_MADE_ANEW
    }

    @BeforeEach
    void open() {
        site = new Site(directory);
        site.create("wakes");
        site.subscriptions().put(ID, Specs.pull("jobs/*"));
        tail = site.append("jobs/1");
        first = claim("first");
    }

    @AfterEach
    void close() {
        site.close();
    }

    private ClaimOutcome.Claimed claim(String worker) {
        return assertInstanceOf(ClaimOutcome.Claimed.class, site.subscriptions().claim(ID, worker));
    }

    private ReportOutcome ack(ClaimOutcome.Claimed claim, Then then, Map<String, Offset> acks) {
        return ack(claim.token(), claim.wake(), then, acks);
    }

    private ReportOutcome ack(String token, WakeRef wake, Then then, Map<String, Offset> acks) {
        Map<StreamKey, Offset> keyed = new HashMap<>();
        acks.forEach((stream, offset) -> keyed.put(Site.key(stream), offset));
        return site.subscriptions().ack(ID, token, new Ack(wake, keyed, then));
    }

    private void end(End how) {
        switch (how) {
            case DONE -> ack(first, Then.FINISH, Map.of());
            case RELEASED -> site.subscriptions().release(ID, first.token(), first.wake());
            case OVER -> site.clock.step(first.leaseTtl());
            case OVER_WHILE_STOPPED -> {
                site.closeSubscriptions();
                site.clock.step(first.leaseTtl());
                site.openSubscriptions();
            }
            case CLAIMED_BY_THE_NEXT -> {
                site.clock.step(first.leaseTtl());
                claim("next");
            }
            case DELETED_AND_MADE_ANEW -> {
                site.subscriptions().delete(ID);
                site.subscriptions().put(ID, Specs.pull("jobs/*"));
                site.append("jobs/1");
                claim("next");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void it_moves_no_cursor_and_keeps_nobody_from_the_lease(End how) {
        end(how);
        LinkView before = site.link(ID, "jobs/1");
        for (Then then : Then.values()) {
            assertEquals(Specs.FENCED, ack(first, then, Map.of("jobs/1", tail)));
            assertEquals(Specs.FENCED, ack(first, then, Map.of()));
        }
        assertEquals(Specs.FENCED, site.subscriptions().release(ID, first.token(), first.wake()));
        assertEquals(before, site.link(ID, "jobs/1"));
        if (how == End.CLAIMED_BY_THE_NEXT || how == End.DELETED_AND_MADE_ANEW) {
            var refused = assertInstanceOf(
                    ClaimOutcome.Refused.class, site.subscriptions().claim(ID, "late"));
            assertEquals(
                    "next",
                    assertInstanceOf(Refusal.AlreadyClaimed.class, refused.why())
                            .worker());
        } else {
            assertEquals(2, claim("next").wake().generation());
        }
    }

    @Test
    void a_request_that_names_another_wake_than_its_token_is_fenced_off() {
        WakeRef wake = first.wake();
        for (WakeRef other : new WakeRef[] {
            new WakeRef(wake.wakeId(), wake.generation() + 1),
            new WakeRef(wake.wakeId(), wake.generation() - 1),
            new WakeRef("w_other", wake.generation())
        }) {
            assertEquals(Specs.FENCED, ack(first.token(), other, Then.FINISH, Map.of("jobs/1", tail)));
        }
        assertEquals(Specs.TAKEN, ack(first, Then.FINISH, Map.of("jobs/1", tail)));
    }
}
