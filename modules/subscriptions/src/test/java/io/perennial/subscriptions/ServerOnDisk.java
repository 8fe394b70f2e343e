package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Append;
import io.perennial.eventstore.AppendOutcome;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Create;
import io.perennial.eventstore.CreateOutcome;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Lifetime;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.Producer;
import io.perennial.eventstore.ReadFrom;
import io.perennial.eventstore.ReadOutcome;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.StoreConfig;
import io.perennial.eventstore.StreamKey;
import io.perennial.eventstore.WriterSeq;
import jakarta.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A store in a directory and its subscriptions, as a server has them, under a clock that a test moves.
final class ServerOnDisk implements AutoCloseable {
    static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
    static final URI URL = URI.create("http://streams.example:4437");
    static final SubscriptionId ID = new SubscriptionId("sub-1");

    private static final int AMPLE = 1 << 20;

    private final StoreConfig files;
    private final SubscriptionsConfig config;
    private final BusLimits limits;
    private final SteppingClock clock = new SteppingClock(BEGINNING);
    private Bus<Commit> bus;
    private FaultyStore store;
    private Subscriptions subscriptions;

    ServerOnDisk(Path directory) {
        this(directory, SubscriptionsConfig.DEFAULTS, BusLimits.defaults());
    }

    ServerOnDisk(Path directory, SubscriptionsConfig config, BusLimits limits) {
        this.files = StoreConfig.of(directory);
        this.config = config;
        this.limits = limits;
        bus = new Bus<>(limits, Commit::bytes);
        store = openStore();
        subscriptions = openSubscriptions();
    }

    private FaultyStore openStore() {
        EventStore opened = EventStore.open(files, clock, bus);
        // Somebody has the directory: of the failures that a store knows, the one that is easily had.
        StorageException failure = assertThrows(
                StorageException.class, () -> EventStore.open(files, clock, bus).close());
        return new FaultyStore(opened, failure);
    }

    private Subscriptions openSubscriptions() {
        Subscriptions opened = Subscriptions.open(config, store, bus, clock);
        opened.start(URL);
        return opened;
    }

    /// Ends as a process does, and begins again: what isn't on disk is lost.
    void restart() {
        restart(() -> {});
    }

    /// The same, and something happens to the streams while nobody subscribes.
    void restart(Runnable meanwhile) {
        subscriptions.close();
        meanwhile.run();
        store.close();
        bus.close();
        bus = new Bus<>(limits, Commit::bytes);
        store = openStore();
        subscriptions = openSubscriptions();
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    FaultyStore store() {
        return store;
    }

    SteppingClock clock() {
        return clock;
    }

    int followers() {
        return bus.subscriptions();
    }

    /// Time passes, and the subscription notices.
    void step(Duration by) {
        clock.step(by);
        subscriptions.get(ID);
    }

    /// Appends to a stream, which is created where there is none, and gives its tail.
    Offset append(String stream, String... events) {
        Append append = new Append(
                new StreamKey(stream),
                ContentType.JSON,
                Arrays.stream(events)
                        .map(event -> event.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                Producer.ANONYMOUS,
                WriterSeq.NONE,
                Append.Closing.STAY_OPEN,
                Append.IfAbsent.CREATE);
        return assertInstanceOf(AppendOutcome.Appended.class, store.append(append))
                .next();
    }

    /// Creates an empty stream, and gives its tail.
    Offset create(String stream) {
        Create create = new Create(
                new StreamKey(stream),
                new Create.Fresh(ContentType.JSON),
                Lifetime.UNLIMITED,
                Append.Closing.STAY_OPEN,
                List.of());
        return assertInstanceOf(CreateOutcome.Created.class, store.create(create)).stream()
                .tail();
    }

    void delete(String stream) {
        store.delete(new StreamKey(stream));
    }

    /// What a stream holds.
    List<JsonObject> events(String stream) {
        return switch (store.read(new StreamKey(stream), ReadFrom.START, AMPLE)) {
            case ReadOutcome.Read read ->
                read.page().events().stream()
                        .map(event -> JsonText.object(event.data()))
                        .toList();
            case ReadOutcome other -> throw new AssertionError(stream + ": " + other);
        };
    }

    /// The generations that a wake stream has told of so far.
    List<Long> wakes(String wakeStream) {
        return events(wakeStream).stream()
                .map(event -> event.getJsonNumber("generation").longValueExact())
                .toList();
    }

    void awaitWakes(String wakeStream, Long... generations) throws Exception {
        Eventually.holds(
                "wakes " + List.of(generations) + " in " + wakeStream,
                () -> wakes(wakeStream).equals(List.of(generations)));
    }

    /// How many calls in a row have failed, as it is on disk.
    int failures() {
        JsonObject kept = JsonText.object(
                store.documents("subscription", "", 1).getFirst().data());
        return kept.containsKey("retry") ? kept.getJsonObject("retry").getInt("attempts") : 0;
    }

    SubscriptionView created(SubscriptionSpec spec) {
        return assertInstanceOf(PutOutcome.Created.class, subscriptions.put(ID, spec))
                .subscription();
    }

    SubscriptionView view() {
        return assertInstanceOf(GetOutcome.Found.class, subscriptions.get(ID)).subscription();
    }

    List<String> linked() {
        return view().links().stream().map(link -> link.stream().path()).toList();
    }

    /// The link to a stream.
    LinkView link(String stream) {
        return view().links().stream()
                .filter(link -> link.stream().path().equals(stream))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not linked to " + stream));
    }

    ClaimOutcome.Claimed claimed(String worker) {
        return assertInstanceOf(ClaimOutcome.Claimed.class, subscriptions.claim(ID, worker));
    }

    Refusal claimRefused() {
        return assertInstanceOf(ClaimOutcome.Refused.class, subscriptions.claim(ID, "late"))
                .why();
    }

    ReportOutcome ack(ClaimOutcome.Claimed claim, Ack.Then then, Map<String, Offset> acks) {
        return subscriptions.ack(ID, claim.token(), acks(claim.wake(), then, acks));
    }

    static Ack acks(WakeRef wake, Ack.Then then, Map<String, Offset> acks) {
        Map<StreamKey, Offset> keyed = new HashMap<>();
        acks.forEach((stream, offset) -> keyed.put(new StreamKey(stream), offset));
        return new Ack(wake, keyed, then);
    }

    @Override
    public void close() {
        subscriptions.close();
        store.close();
        bus.close();
    }
}
