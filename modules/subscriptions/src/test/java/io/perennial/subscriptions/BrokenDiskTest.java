package io.perennial.subscriptions;

import static io.perennial.subscriptions.Specs.ID;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Append;
import io.perennial.eventstore.AppendOutcome;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.Producer;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.StoreConfig;
import io.perennial.eventstore.WriterSeq;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What can't be written down has not happened.
class BrokenDiskTest {
    private final Bus<Commit> bus = new Bus<>(BusLimits.defaults(), Commit::bytes);
    private final SteppingClock clock = new SteppingClock(Site.BEGINNING);
    private final WebhookReceiver receiver = new WebhookReceiver();
    private FaultyStore store;
    private Subscriptions subscriptions;

    @BeforeEach
    void open(@TempDir Path directory) {
        StoreConfig config = StoreConfig.of(directory);
        EventStore opened = EventStore.open(config, clock, bus);
        // Somebody has the directory: of the failures that a store knows, the one that is easily had.
        StorageException failure = assertThrows(
                StorageException.class,
                () -> EventStore.open(config, clock, bus).close());
        store = new FaultyStore(opened, failure);
        subscriptions = Subscriptions.open(SubscriptionsConfig.DEFAULTS, store, bus, clock);
        subscriptions.start(Site.URL);
    }

    @AfterEach
    void close() {
        bus.close();
        subscriptions.close();
        store.close();
        receiver.close();
    }

    private Offset append(String stream) {
        AppendOutcome outcome = store.append(new Append(
                Site.key(stream),
                ContentType.JSON,
                List.of(new byte[] {'1'}),
                Producer.ANONYMOUS,
                WriterSeq.NONE,
                Append.Closing.STAY_OPEN,
                Append.IfAbsent.CREATE));
        return assertInstanceOf(AppendOutcome.Appended.class, outcome).next();
    }

    private SubscriptionView view() {
        return assertInstanceOf(GetOutcome.Found.class, subscriptions.get(ID)).subscription();
    }

    @Test
    void there_is_no_subscription() {
        store.breakEdits();
        assertThrows(StorageException.class, () -> subscriptions.put(ID, Specs.named("a")));
        store.mend();
        assertEquals(new GetOutcome.Unknown(), subscriptions.get(ID));
        assertInstanceOf(PutOutcome.Created.class, subscriptions.put(ID, Specs.named("a")));
    }

    @Test
    void the_subscription_is_still_there() {
        subscriptions.put(ID, Specs.named("a"));
        SubscriptionView before = view();
        store.breakEdits();
        assertThrows(StorageException.class, () -> subscriptions.delete(ID));
        assertThrows(StorageException.class, () -> subscriptions.link(ID, Site.keys("b")));
        assertThrows(StorageException.class, () -> subscriptions.unlink(ID, Site.key("a")));
        store.mend();
        assertEquals(before, view());
    }

    @Test
    void the_worker_keeps_its_lease_and_its_work() {
        subscriptions.put(ID, Specs.named("a"));
        Offset tail = append("a");
        var claim = assertInstanceOf(ClaimOutcome.Claimed.class, subscriptions.claim(ID, "ada"));
        Ack ack = new Ack(claim.wake(), Map.of(Site.key("a"), tail), Ack.Then.FINISH);
        store.breakEdits();
        assertThrows(StorageException.class, () -> subscriptions.ack(ID, claim.token(), ack));
        store.mend();
        assertTrue(view().links().getFirst().isPending());
        assertEquals(new ClaimOutcome.Refused(new Refusal.AlreadyClaimed("ada", 1)), subscriptions.claim(ID, "late"));
        assertEquals(Specs.TAKEN, subscriptions.ack(ID, claim.token(), ack));
    }

    @Test
    void nobody_is_woken_before_the_disk_knows() {
        subscriptions.put(ID, Specs.webhook(receiver.url()));
        store.breakEdits();
        append("jobs/1");
        assertThrows(StorageException.class, () -> subscriptions.get(ID));
        store.mend();
        assertEquals(1, receiver.next().wake().generation());
    }

    @Test
    void what_a_webhook_answered_is_written_down_as_soon_as_it_can_be() {
        subscriptions.put(ID, Specs.webhook(receiver.url()));
        Offset tail = append("jobs/1");
        WebhookReceiver.Call call = receiver.next();
        store.breakEdits();
        call.done();
        Eventually.holds(() -> "its answer is known", this::cannotBeKept);
        store.mend();
        Eventually.holds(
                () -> "all is done", () -> view().links().getFirst().acked().equals(tail));
    }

    private boolean cannotBeKept() {
        try {
            view();
            return false;
        } catch (StorageException _) {
            return true;
        }
    }

    @Test
    void no_key_and_no_secret_is_used() {
        Secrets secrets = new Secrets(store, clock);
        store.breakEdits();
        assertThrows(StorageException.class, secrets::current);
        assertThrows(StorageException.class, secrets::token);
        store.mend();
        WebhookKey key = secrets.current().shown();
        assertEquals(key, new Secrets(store, clock).current().shown());
        assertArrayEquals(secrets.token(), new Secrets(store, clock).token());
    }
}
