package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.perennial.eventstore.Offset;
import io.perennial.subscriptions.Subscriptions.Check;
import io.perennial.subscriptions.SubscriptionsConfig.LocalWebhooks;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CreationTest {
    private static final SubscriptionId ID = Specs.ID;
    private static final int SUBSCRIPTIONS = 2;
    private static final int OF_ONE = 1;
    private static final int LINKS = 3;

    @TempDir
    private Path directory;

    private Site site;

    @BeforeEach
    void open() {
        var config =
                new SubscriptionsConfig(SUBSCRIPTIONS, OF_ONE, LINKS, 1, Duration.ofSeconds(5), LocalWebhooks.REFUSED);
        site = new Site(directory, config);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private PutOutcome put(SubscriptionSpec spec) {
        return site.subscriptions().put(ID, spec);
    }

    private PutOutcome put(SubscriptionId id, String owner) {
        return site.subscriptions().put(id, Specs.pull("jobs/*"), owner, Check.NONE);
    }

    @Test
    void a_new_subscription_is_shown_as_it_was_asked_for() {
        var view = assertInstanceOf(PutOutcome.Created.class, put(Specs.pull("jobs/*")))
                .subscription();
        assertEquals(
                new SubscriptionView(
                        ID, Specs.pull("jobs/*"), Site.BEGINNING, SubscriptionView.Status.ACTIVE, List.of()),
                view);
        assertEquals(view, site.view(ID));
    }

    @Test
    void the_same_again_is_confirmed_and_changes_nothing() {
        site.append("jobs/1");
        put(Specs.pull("jobs/*", "b", "a"));
        SubscriptionView before = site.view(ID);
        site.clock.step(Duration.ofSeconds(1));
        assertEquals(new PutOutcome.Confirmed(before), put(Specs.pull("jobs/*", "a", "b", "a")));
    }

    @Test
    void a_subscription_that_has_been_linked_to_more_is_still_the_same() {
        put(Specs.pull("jobs/*"));
        site.subscriptions().link(ID, Site.keys("more"));
        assertInstanceOf(PutOutcome.Confirmed.class, put(Specs.pull("jobs/*")));
    }

    @Test
    void another_configuration_is_a_conflict() {
        SubscriptionSpec spec = Specs.pull("jobs/*");
        put(spec);
        assertEquals(new PutOutcome.Differs(), put(Specs.pull("jobs/**")));
        assertEquals(new PutOutcome.Differs(), put(Specs.pull("jobs/*", "more")));
        var described =
                new SubscriptionSpec(spec.channel(), spec.pattern(), spec.streams(), spec.leaseTtl(), "described");
        assertEquals(new PutOutcome.Differs(), put(described));
        var shorter = new SubscriptionSpec(
                spec.channel(), spec.pattern(), spec.streams(), SubscriptionSpec.SHORTEST_LEASE, "");
        assertEquals(new PutOutcome.Differs(), put(shorter));
    }

    @Test
    void there_are_not_more_subscriptions_than_there_may_be() {
        for (int i = 0; i < SUBSCRIPTIONS; i++) {
            site.subscriptions().put(new SubscriptionId("other-" + i), Specs.pull("jobs/*"));
        }
        assertEquals(new PutOutcome.TooMany(SUBSCRIPTIONS), put(Specs.pull("jobs/*")));
        site.subscriptions().delete(new SubscriptionId("other-0"));
        assertInstanceOf(PutOutcome.Created.class, put(Specs.pull("jobs/*")));
    }

    @Test
    void nobody_makes_more_subscriptions_than_one_may_and_whoever_asks_for_those_of_others_makes_none() {
        SubscriptionId second = new SubscriptionId("second");
        put(ID, "ada");
        assertEquals(new PutOutcome.TooManyOfOne(OF_ONE), put(second, "ada"));
        assertInstanceOf(PutOutcome.Confirmed.class, put(ID, "ada"));
        assertInstanceOf(PutOutcome.Confirmed.class, put(ID, "bob"));
        assertInstanceOf(PutOutcome.Created.class, put(second, "bob"));
        site.subscriptions().delete(ID);
        assertInstanceOf(PutOutcome.Created.class, put(ID, "ada"));
    }

    @Test
    void a_pattern_that_finds_too_many_streams_is_refused() {
        for (int i = 0; i <= LINKS; i++) {
            site.create("jobs/" + i);
        }
        assertEquals(new PutOutcome.TooManyLinks(LINKS), put(Specs.pull("jobs/*")));
        assertInstanceOf(GetOutcome.Unknown.class, site.subscriptions().get(ID));
    }

    @Test
    void a_stream_that_would_be_one_too_many_is_not_linked() {
        put(Specs.pull("jobs/*"));
        for (int i = 0; i <= LINKS; i++) {
            site.append("jobs/" + i);
        }
        assertEquals(LINKS, site.linked(ID).size());
        assertEquals(new LinkOutcome.TooManyLinks(LINKS), site.subscriptions().link(ID, Site.keys("more")));
    }

    @Test
    void streams_that_exist_are_linked_at_their_tails() {
        Offset tail = site.append("jobs/1");
        site.create("jobs/2");
        site.append("jobs/below/3");
        put(Specs.pull("jobs/*"));
        assertEquals(List.of("jobs/1", "jobs/2"), site.linked(ID));
        LinkView link = site.link(ID, "jobs/1");
        assertEquals(new LinkView(Site.key("jobs/1"), LinkType.GLOB, tail, tail), link);
        assertFalse(link.isPending());
    }

    @Test
    void a_stream_that_comes_later_is_linked_before_the_append_that_found_it() {
        put(Specs.pull("jobs/*"));
        Offset tail = site.append("jobs/1");
        Offset created = site.head("jobs/1").created();
        assertEquals(new LinkView(Site.key("jobs/1"), LinkType.GLOB, created, tail), site.link(ID, "jobs/1"));
    }

    @Test
    void the_wake_stream_is_not_found_by_its_own_pattern() {
        site.create("wakes");
        put(Specs.pull("**"));
        site.append("wakes");
        site.append("jobs/1");
        site.await("wakes", 2);
        assertEquals(List.of("jobs/1"), site.linked(ID));
    }

    @Test
    void a_webhook_on_the_machine_itself_is_refused_where_that_is_not_for_development() {
        PutOutcome outcome = put(Specs.webhook(URI.create("http://127.0.0.1:1/")));
        assertInstanceOf(PutOutcome.UrlRejected.class, outcome);
        assertInstanceOf(GetOutcome.Unknown.class, site.subscriptions().get(ID));
    }

    @Test
    void a_deleted_subscription_is_gone_for_whoever_holds_its_lease() {
        put(Specs.pull("jobs/*"));
        Offset tail = site.append("jobs/1");
        var claim = assertInstanceOf(
                ClaimOutcome.Claimed.class, site.subscriptions().claim(ID, "ada"));
        site.subscriptions().delete(ID);
        var ack = new Ack(claim.wake(), Map.of(Site.key("jobs/1"), tail), Ack.Then.FINISH);
        assertEquals(
                new ReportOutcome.Refused(new Refusal.Unknown()),
                site.subscriptions().ack(ID, claim.token(), ack));
        site.restart();
        assertInstanceOf(GetOutcome.Unknown.class, site.subscriptions().get(ID));
    }

    @Test
    void a_token_of_before_the_deletion_is_stale_for_a_subscription_of_the_same_name() {
        put(Specs.pull("jobs/*"));
        site.append("jobs/1");
        var claim = assertInstanceOf(
                ClaimOutcome.Claimed.class, site.subscriptions().claim(ID, "ada"));
        site.subscriptions().delete(ID);
        put(Specs.pull("jobs/*"));
        site.append("jobs/1");
        site.subscriptions().claim(ID, "bob");
        assertEquals(Specs.FENCED, site.subscriptions().release(ID, claim.token(), claim.wake()));
    }
}
