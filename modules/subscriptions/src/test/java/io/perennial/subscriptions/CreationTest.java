package io.perennial.subscriptions;

import static io.perennial.subscriptions.ServerOnDisk.ID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.perennial.bus.BusLimits;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.SubscriptionsConfig.LocalWebhooks;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CreationTest {
    private static final SubscriptionSpec SPEC = Specs.pull("events/*", "a", "b");
    private static final SubscriptionsConfig FEW =
            new SubscriptionsConfig(2, 3, 1, Duration.ofSeconds(1), LocalWebhooks.ALLOWED);

    @TempDir
    Path directory;

    private ServerOnDisk server;

    @BeforeEach
    void start() {
        server = new ServerOnDisk(directory, FEW, BusLimits.defaults());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private PutOutcome put(String id, SubscriptionSpec spec) {
        return server.subscriptions().put(new SubscriptionId(id), spec);
    }

    @Test
    void a_new_subscription_is_as_asked() {
        SubscriptionView view = server.created(Specs.described("for people", SPEC));

        assertEquals(ID, view.id());
        assertEquals(Specs.described("for people", SPEC), view.spec());
        assertEquals(ServerOnDisk.BEGINNING, view.created());
        assertEquals(SubscriptionView.Status.ACTIVE, view.status());
        assertEquals(view, server.view());
    }

    @Test
    void the_same_again_confirms_it_and_changes_nothing() {
        SubscriptionView view = server.created(SPEC);
        server.clock().step(Duration.ofHours(1));

        assertEquals(new PutOutcome.Confirmed(view), server.subscriptions().put(ID, SPEC));
        assertEquals(
                new PutOutcome.Confirmed(view),
                server.subscriptions().put(ID, Specs.pull("events/*", "b", "a", "b")),
                "streams are a set");
        server.restart();
        assertEquals(new PutOutcome.Confirmed(view), server.subscriptions().put(ID, SPEC));
    }

    static Stream<SubscriptionSpec> others() {
        return Stream.of(
                Specs.spec(new Channel.PullWake(new StreamKey("other")), SPEC.pattern(), "a", "b"),
                Specs.spec(new Channel.Webhook(URI.create("http://127.0.0.1:1/")), SPEC.pattern(), "a", "b"),
                Specs.pull("events/**", "a", "b"),
                Specs.named("a", "b"),
                Specs.pull("events/*", "a"),
                Specs.pull("events/*", "a", "b", "c"),
                Specs.leased(Duration.ofSeconds(31), SPEC),
                Specs.described("other", SPEC));
    }

    @ParameterizedTest
    @MethodSource("others")
    void another_configuration_is_refused_and_the_first_one_stays(SubscriptionSpec other) {
        SubscriptionView view = server.created(SPEC);

        assertEquals(new PutOutcome.Differs(), server.subscriptions().put(ID, other));
        assertEquals(view, server.view());
    }

    @Test
    void a_deleted_subscription_is_unknown_and_can_be_made_anew() {
        server.created(SPEC);
        server.subscriptions().delete(ID);

        assertEquals(new GetOutcome.Unknown(), server.subscriptions().get(ID));
        assertEquals(new LinkOutcome.Unknown(), server.subscriptions().link(ID, Specs.keys("c")));
        assertEquals(new LinkOutcome.Unknown(), server.subscriptions().unlink(ID, new StreamKey("a")));
        assertEquals(new Refusal.Unknown(), server.claimRefused());
        server.restart();
        assertEquals(new GetOutcome.Unknown(), server.subscriptions().get(ID));
        assertEquals(List.of("c"), paths(server.created(Specs.named("c"))));
    }

    @Test
    void deleting_what_is_not_there_does_nothing() {
        server.subscriptions().delete(ID);
        assertEquals(new GetOutcome.Unknown(), server.subscriptions().get(ID));
    }

    @Test
    void what_was_deleted_leaves_no_document_behind() {
        server.created(SPEC);
        server.subscriptions().delete(ID);

        assertEquals(List.of(), server.store().documents("subscription", "", 1));
        assertEquals(List.of(), server.store().documents("subscription-link", "", 1));
    }

    @Test
    void a_server_without_subscriptions_follows_nothing() {
        assertEquals(0, server.followers());
        server.created(SPEC);
        server.subscriptions().delete(ID);
        assertEquals(0, server.followers());
    }

    @Test
    void one_subscription_more_than_allowed_is_refused_until_another_is_deleted() {
        put("a", SPEC);
        put("b", SPEC);

        assertEquals(new PutOutcome.TooMany(2), put("c", SPEC));
        assertInstanceOf(PutOutcome.Confirmed.class, put("a", SPEC));
        server.subscriptions().delete(new SubscriptionId("a"));
        assertInstanceOf(PutOutcome.Created.class, put("c", SPEC));
    }

    @Test
    void one_link_more_than_allowed_is_refused_and_nothing_is_kept() {
        server.create("events/1");
        server.create("events/2");

        assertEquals(new PutOutcome.TooManyLinks(3), put("a", SPEC));
        assertEquals(new PutOutcome.TooManyLinks(3), put("a", Specs.named("a", "b", "c", "d")));
        assertEquals(0, server.followers());
        assertInstanceOf(PutOutcome.Created.class, put("a", Specs.pull("events/*", "a")));
    }

    @Test
    void a_disk_that_fails_leaves_no_subscription() {
        server.store().breakEdits();
        assertThrows(StorageException.class, () -> server.created(SPEC));
        server.store().mend();

        assertEquals(new GetOutcome.Unknown(), server.subscriptions().get(ID));
        server.created(SPEC);
    }

    @Test
    void a_deletion_that_fails_leaves_the_subscription() {
        SubscriptionView view = server.created(SPEC);
        server.store().breakEdits();
        assertThrows(StorageException.class, () -> server.subscriptions().delete(ID));
        server.store().mend();

        assertEquals(view, server.view());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://example.com/", "https://10.0.0.1/", "ftp://example.com/", "https://u:p@example.com/"})
    void a_webhook_that_may_not_be_called_is_refused(String url) {
        assertInstanceOf(PutOutcome.UrlRejected.class, put("a", Specs.webhook(URI.create(url), "*")));
        assertEquals(0, server.followers());
    }

    private static List<String> paths(SubscriptionView view) {
        return view.links().stream().map(link -> link.stream().path()).toList();
    }
}
