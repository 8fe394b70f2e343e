package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Append;
import io.perennial.eventstore.AppendOutcome;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.HeadOutcome;
import io.perennial.eventstore.Producer;
import io.perennial.eventstore.StoreConfig;
import io.perennial.eventstore.StreamInfo;
import io.perennial.eventstore.StreamKey;
import io.perennial.eventstore.WriterSeq;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens to a stream while it is being linked.
class HearingTest {
    private static final StreamKey FOUND = new StreamKey("events/found");
    private static final StreamKey NAMED = new StreamKey("named");

    private final Bus<Commit> bus = new Bus<>(BusLimits.defaults(), Commit::bytes);
    private EventStore store;
    private Means means;
    private Cell cell;

    @BeforeEach
    void open(@TempDir Path directory) {
        store = EventStore.open(StoreConfig.of(directory), InstantSource.system(), bus);
        Secrets secrets = new Secrets(store, InstantSource.system());
        means = new Means(
                SubscriptionsConfig.DEFAULTS,
                store,
                new Shelf(store),
                secrets,
                new Tokens(secrets::token, _ -> true),
                (_, _, _, _) -> new Exchange.Done(),
                // Nothing happens by itself.
                _ -> {},
                (_, _) -> () -> {},
                InstantSource.system(),
                new Random(1),
                Means.randomWakeIds(),
                () -> URI.create("http://localhost"),
                _ -> true,
                System.getLogger("test"));
        cell = new Cell(
                new SubscriptionId("sub-1"),
                new SubscriptionJson.Kept(
                        InstantSource.system().instant(),
                        List.of("me"),
                        new SubscriptionSpec(
                                new Channel.PullWake(new StreamKey("wakes")),
                                new Pattern.Glob("events/*"),
                                List.of(),
                                Duration.ofSeconds(30),
                                ""),
                        State.FRESH),
                means);
        cell.create(List.of());
    }

    @AfterEach
    void close() {
        store.close();
        bus.close();
    }

    @Test
    void a_stream_that_ends_while_it_is_being_linked_is_not_linked() {
        append(FOUND);
        StreamInfo found = ((HeadOutcome.Found) store.head(FOUND)).stream();
        cell.hear(FOUND, new News.Grown(found.created(), found.created(), found.tail()));
        cell.change(draft -> {
            assertTrue(draft.find(FOUND).isPresent());
            cell.hear(FOUND, new News.Gone(found.created()));
            return true;
        });
        cell.change(_ -> true);
        assertEquals(Optional.empty(), cell.find(FOUND));
    }

    @Test
    void an_append_while_its_stream_is_being_named_is_pending() throws Exception {
        append(NAMED);
        Thread naming = Thread.ofPlatform()
                .unstarted(() -> Linking.link(means, cell, List.of(NAMED), Subscriptions.Check.NONE));
        cell.change(_ -> {
            naming.start();
            // It has looked at the stream once it waits for the change that is under way.
            while (naming.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            append(NAMED);
            return true;
        });
        naming.join();
        cell.change(_ -> true);
        assertTrue(cell.find(NAMED).orElseThrow().isPending());
    }

    private void append(StreamKey stream) {
        AppendOutcome outcome = store.append(new Append(
                stream,
                ContentType.JSON,
                List.of("{}".getBytes(StandardCharsets.UTF_8)),
                Producer.ANONYMOUS,
                WriterSeq.NONE,
                Append.Closing.STAY_OPEN,
                Append.IfAbsent.CREATE));
        assertInstanceOf(AppendOutcome.Appended.class, outcome);
    }
}
