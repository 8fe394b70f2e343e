package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.SubscriptionView.Status;
import io.perennial.subscriptions.Subscriptions.Check;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// For whom a subscription works, and who is let at it.
class OwnersTest {
    private static final SubscriptionId ID = Specs.ID;
    private static final SubscriptionId OTHER = new SubscriptionId("other");
    private static final Check NOBODY = view -> {
        throw new IllegalStateException(String.valueOf(view.id()));
    };

    private static final List<StreamKey> TOO_MANY = IntStream.rangeClosed(0, SubscriptionsConfig.DEFAULTS.links())
            .mapToObj(i -> Site.key("many/" + i))
            .toList();

    @TempDir
    private Path directory;

    private Site site;

    @BeforeEach
    void open() {
        site = new Site(directory);
        site.create("wakes");
    }

    @AfterEach
    void close() {
        site.close();
    }

    private PutOutcome put(SubscriptionId id, String owner) {
        return site.subscriptions().put(id, Specs.pull("jobs/*"), owner, Check.NONE);
    }

    private List<String> woken(int count) {
        return site.await("wakes", count).stream()
                .map(event -> event.replaceAll(".*\"subscription_id\":\"(.*?)\".*", "$1"))
                .toList();
    }

    @Test
    void it_wakes_nobody_once_all_who_asked_for_it_have_gone_until_somebody_asks_again() {
        put(ID, "ada");
        put(ID, "bob");
        put(OTHER, "bob");
        site.gone.add("ada");
        site.append("jobs/1");
        assertEquals(2, woken(2).size());
        assertInstanceOf(ClaimOutcome.Claimed.class, site.subscriptions().claim(OTHER, "w"));
        ClaimOutcome.Claimed claim = assertInstanceOf(
                ClaimOutcome.Claimed.class, site.subscriptions().claim(ID, "w"));
        site.gone.add("bob");
        site.subscriptions().release(ID, claim.token(), claim.wake());
        assertEquals(Status.FAILED, site.view(ID).status());
        assertInstanceOf(
                PutOutcome.Created.class,
                site.subscriptions().put(new SubscriptionId("third"), Specs.pull("jobs/*"), "eve", Check.NONE));
        site.append("jobs/1");
        assertEquals("third", woken(3).getLast());

        PutOutcome.Confirmed confirmed = assertInstanceOf(PutOutcome.Confirmed.class, put(ID, "eve"));
        assertEquals(Status.ACTIVE, confirmed.subscription().status());
        assertEquals("jobs", woken(4).getLast());
    }

    @Test
    void who_asked_for_it_is_known_after_a_restart() {
        put(ID, "ada");
        put(ID, "bob");
        site.gone.addAll(List.of("ada", "bob"));
        site.append("jobs/1");
        site.restart();
        assertEquals(Status.FAILED, site.view(ID).status());
        site.gone.remove("bob");
        assertEquals(Status.ACTIVE, site.view(ID).status());
        assertEquals(List.of("jobs"), woken(1));
    }

    @Test
    void a_wake_that_was_announced_is_not_announced_again_for_nobody() {
        put(ID, "ada");
        site.append("jobs/1");
        woken(1);
        site.gone.add("ada");
        site.restart();
        put(OTHER, "bob");
        site.append("jobs/1");
        assertEquals(List.of("jobs", "other"), woken(2));
    }

    @Test
    void of_very_many_the_first_is_forgotten() {
        IntStream.range(0, 17).forEach(i -> put(ID, "owner-" + i));
        IntStream.range(1, 17).forEach(i -> site.gone.add("owner-" + i));
        assertEquals(Status.FAILED, site.view(ID).status());
        site.gone.remove("owner-1");
        assertEquals(Status.ACTIVE, site.view(ID).status());
    }

    @Test
    void who_is_not_let_at_it_changes_nothing() {
        put(ID, "ada");
        site.subscriptions().link(ID, Site.keys("a"));
        site.append("jobs/1");
        SubscriptionView before = site.view(ID);
        List<Runnable> attempts = List.of(
                () -> site.subscriptions().put(ID, Specs.pull("jobs/*"), "eve", NOBODY),
                () -> site.subscriptions().put(ID, Specs.pull("others/*"), "eve", NOBODY),
                () -> site.subscriptions().link(ID, Site.keys("b"), NOBODY),
                () -> site.subscriptions().link(ID, Site.keys("wakes"), NOBODY),
                () -> site.subscriptions().link(ID, TOO_MANY, NOBODY),
                () -> site.subscriptions().unlink(ID, Site.key("a"), NOBODY),
                () -> site.subscriptions().claim(ID, "w", "eve", NOBODY),
                () -> site.subscriptions().delete(ID, NOBODY));
        for (Runnable attempt : attempts) {
            assertEquals(
                    "jobs",
                    assertThrows(IllegalStateException.class, attempt::run).getMessage());
            assertEquals(before, site.view(ID));
        }
        site.gone.add("ada");
        assertEquals(Status.FAILED, site.view(ID).status(), "eve doesn't own it");
        assertEquals(
                1,
                assertInstanceOf(
                                ClaimOutcome.Claimed.class, site.subscriptions().claim(ID, "w"))
                        .wake()
                        .generation());
    }

    @Test
    void a_check_is_of_what_is_there_when_it_is_done() {
        put(ID, "ada");
        site.append("jobs/1");
        site.subscriptions().link(ID, Site.keys("secret"));
        List<String> seen = new ArrayList<>();
        site.subscriptions()
                .claim(
                        ID,
                        "w",
                        "ada",
                        view -> view.links()
                                .forEach(link -> seen.add(link.stream().path())));
        assertTrue(seen.contains("secret"), seen::toString);
    }

    @Test
    void a_token_is_one_of_its_subscription_whatever_has_become_of_that() {
        put(ID, "ada");
        site.append("jobs/1");
        ClaimOutcome.Claimed claim = assertInstanceOf(
                ClaimOutcome.Claimed.class, site.subscriptions().claim(ID, "w"));
        assertTrue(site.subscriptions().hasIssued(ID, claim.token()));
        assertFalse(site.subscriptions().hasIssued(OTHER, claim.token()));
        assertFalse(site.subscriptions().hasIssued(ID, claim.token() + "x"));
        site.subscriptions().delete(ID);
        assertTrue(site.subscriptions().hasIssued(ID, claim.token()));
    }

    @Test
    void who_is_not_let_at_it_does_not_hear_of_what_kind_it_is() {
        site.subscriptions().put(OTHER, Specs.webhook(URI.create("https://hooks.example")), "ada", Check.NONE);
        assertEquals(
                "other",
                assertThrows(
                                IllegalStateException.class,
                                () -> site.subscriptions().claim(OTHER, "w", "eve", NOBODY))
                        .getMessage());
    }

    @Test
    void what_a_worker_reports_counts_as_long_as_whoever_claimed_is_there() {
        put(ID, "ada");
        site.append("jobs/1");
        ClaimOutcome.Claimed claim = assertInstanceOf(
                ClaimOutcome.Claimed.class, site.subscriptions().claim(ID, "w", "bob", Check.NONE));
        Ack done = new Ack(claim.wake(), Map.of(), Ack.Then.FINISH);
        site.gone.add("bob");
        assertEquals(
                new ReportOutcome.Refused(new Refusal.InvalidToken()),
                site.subscriptions().ack(ID, claim.token(), done));
        assertFalse(site.subscriptions().hasIssued(ID, claim.token()));
        site.gone.remove("bob");
        assertInstanceOf(ReportOutcome.Taken.class, site.subscriptions().ack(ID, claim.token(), done));
    }
}
