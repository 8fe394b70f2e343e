package io.perennial.subscriptions;

import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Append;
import io.perennial.eventstore.AppendOutcome;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Create;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.HeadOutcome;
import io.perennial.eventstore.Lifetime;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.Producer;
import io.perennial.eventstore.ReadFrom;
import io.perennial.eventstore.ReadOutcome;
import io.perennial.eventstore.StoreConfig;
import io.perennial.eventstore.StreamInfo;
import io.perennial.eventstore.StreamKey;
import io.perennial.eventstore.WriterSeq;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A store, its bus and its subscriptions in one directory, with a clock that stands still. The subscriptions can be
/// closed and opened again, alone or with everything below them.
final class Site implements AutoCloseable {
    static final Instant BEGINNING = Instant.parse("2026-07-01T12:00:00Z");
    static final URI URL = URI.create("http://127.0.0.1:4437");

    private static final int PAGE_BYTES = 1024 * 1024;

    final SteppingClock clock = new SteppingClock(BEGINNING);

    /// Who was there and isn't any more.
    final Set<String> gone = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final SubscriptionsConfig config;
    private Bus<Commit> bus;
    private EventStore store;
    private Subscriptions subscriptions;

    Site(Path directory) {
        this(directory, SubscriptionsConfig.DEFAULTS);
    }

    Site(Path directory, SubscriptionsConfig config) {
        this.directory = directory;
        this.config = config;
        this.bus = new Bus<>(BusLimits.defaults(), Commit::bytes);
        this.store = EventStore.open(StoreConfig.of(directory), clock, bus);
        this.subscriptions = Subscriptions.open(config, store, bus, clock, id -> !gone.contains(id));
        subscriptions.start(URL);
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    EventStore store() {
        return store;
    }

    void closeSubscriptions() {
        subscriptions.close();
    }

    void openSubscriptions() {
        subscriptions = Subscriptions.open(config, store, bus, clock, id -> !gone.contains(id));
        subscriptions.start(URL);
    }

    /// Closes everything and opens it again, as a server does that is stopped and started.
    void restart() {
        close();
        bus = new Bus<>(BusLimits.defaults(), Commit::bytes);
        store = EventStore.open(StoreConfig.of(directory), clock, bus);
        openSubscriptions();
    }

    @Override
    public void close() {
        bus.close();
        subscriptions.close();
        store.close();
    }

    static StreamKey key(String stream) {
        return new StreamKey(stream);
    }

    static List<StreamKey> keys(String... streams) {
        return Arrays.stream(streams).map(StreamKey::new).toList();
    }

    /// Makes an empty JSON stream.
    void create(String stream) {
        create(stream, ContentType.JSON);
    }

    void create(String stream, ContentType type) {
        store.create(new Create(
                key(stream), new Create.Fresh(type), Lifetime.UNLIMITED, Append.Closing.STAY_OPEN, List.of()));
    }

    /// Adds an event to a JSON stream, which is made where there is none.
    ///
    /// @return the tail after it
    Offset append(String stream) {
        return append(stream, Append.Closing.STAY_OPEN, "{}");
    }

    private Offset append(String stream, Append.Closing closing, String event) {
        AppendOutcome outcome = store.append(new Append(
                key(stream),
                ContentType.JSON,
                List.of(event.getBytes(StandardCharsets.UTF_8)),
                Producer.ANONYMOUS,
                WriterSeq.NONE,
                closing,
                Append.IfAbsent.CREATE));
        if (outcome instanceof AppendOutcome.Appended appended) {
            return appended.next();
        }
        throw new AssertionError("appending to " + stream + ": " + outcome);
    }

    /// Adds a last event.
    void closeStream(String stream) {
        append(stream, Append.Closing.CLOSE, "{}");
    }

    void delete(String stream) {
        store.delete(key(stream));
    }

    StreamInfo head(String stream) {
        if (store.head(key(stream)) instanceof HeadOutcome.Found(StreamInfo found)) {
            return found;
        }
        throw new AssertionError("there is no stream " + stream);
    }

    boolean exists(String stream) {
        return store.head(key(stream)) instanceof HeadOutcome.Found;
    }

    /// All events of a stream, none where it isn't there.
    List<String> texts(String stream) {
        return store.read(key(stream), ReadFrom.START, PAGE_BYTES) instanceof ReadOutcome.Read(var _, var page)
                ? page.events().stream()
                        .map(event -> new String(event.data(), StandardCharsets.UTF_8))
                        .toList()
                : List.of();
    }

    /// Waits until a stream holds so many events.
    List<String> await(String stream, int events) {
        Eventually.holds(
                () -> events + " events in " + stream + ": " + texts(stream),
                () -> texts(stream).size() >= events);
        return texts(stream);
    }

    SubscriptionView view(SubscriptionId id) {
        if (subscriptions.get(id) instanceof GetOutcome.Found(SubscriptionView view)) {
            return view;
        }
        throw new AssertionError("there is no subscription " + id);
    }

    List<String> linked(SubscriptionId id) {
        return view(id).links().stream().map(link -> link.stream().path()).toList();
    }

    LinkView link(SubscriptionId id, String stream) {
        return view(id).links().stream()
                .filter(link -> link.stream().equals(key(stream)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no link to " + stream));
    }
}
