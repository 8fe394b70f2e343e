package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.helidon.webserver.WebServer;
import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Append;
import io.perennial.eventstore.AppendOutcome;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.Create;
import io.perennial.eventstore.CreateOutcome;
import io.perennial.eventstore.DeleteOutcome;
import io.perennial.eventstore.Document;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Follow;
import io.perennial.eventstore.HeadOutcome;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.ReadFrom;
import io.perennial.eventstore.ReadOutcome;
import io.perennial.eventstore.Rejection;
import io.perennial.eventstore.StoreHealth;
import io.perennial.eventstore.StoreLoad;
import io.perennial.eventstore.StreamInfo;
import io.perennial.eventstore.StreamKey;
import io.perennial.eventstore.StreamSurvey;
import io.perennial.eventstore.Verification;
import io.perennial.registry.Registry;
import io.perennial.registry.RegistryConfig;
import io.perennial.subscriptions.Subscriptions;
import io.perennial.subscriptions.SubscriptionsConfig;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a store says that a test can't bring a real one to say.
@Timeout(60)
class RefusingStoreTest {
    private static final String EVENTS = "/stream/events?sessionId=s";
    private static final String DELETED =
            "{\"error\":\"SessionDeleted\",\"message\":\"the session s was deleted and is kept only for its forks\"}";
    private static final Offset EARLIEST = Offset.parse("01ARZ3NDEKTSV4RRFFQ69G5FAV");

    @TempDir
    Path directory;

    @Test
    void a_soft_deleted_session_is_gone() throws Exception {
        Refusing store = new Refusing(new Rejection.SoftDeleted(), new ReadOutcome.SoftDeleted());
        for (Answer answer : List.of(
                answer(store, "POST", EVENTS),
                answer(store, "GET", EVENTS),
                answer(store, "GET", EVENTS + "&offset=now"),
                answer(store, "GET", EVENTS + "&live=true"))) {
            assertEquals(410, answer.status());
            assertEquals(DELETED, answer.body());
        }
    }

    @Test
    void events_that_retention_dropped_are_gone_and_the_earliest_left_is_named() throws Exception {
        Refusing store = new Refusing(new Rejection.Busy(), new ReadOutcome.Trimmed(EARLIEST));
        for (Answer answer : List.of(
                answer(store, "GET", EVENTS + "&offset=01ARZ3NDEKTSV4RRFFQ69G5FA0"),
                answer(store, "GET", EVENTS + "&live=true&offset=01ARZ3NDEKTSV4RRFFQ69G5FA0"))) {
            assertEquals(410, answer.status());
            assertEquals(EARLIEST.toString(), answer.header("Stream-Earliest-Offset"));
            assertEquals(
                    "{\"error\":\"EventsTrimmed\",\"message\":\"events of session s from there on were dropped by"
                            + " retention: the earliest that is left is at " + EARLIEST + "\"}",
                    answer.body());
        }
    }

    @Test
    void a_store_that_is_busy_asks_for_another_try() throws Exception {
        Answer answer = answer(new Refusing(new Rejection.Busy(), new ReadOutcome.Absent()), "POST", EVENTS);

        assertEquals(503, answer.status());
        assertEquals("1", answer.header("Retry-After"));
        assertEquals(
                "{\"error\":\"Busy\",\"message\":\"more appends wait than this server queues: try again in a moment\"}",
                answer.body());
    }

    private Answer answer(EventStore store, String method, String target) throws Exception {
        SteppingClock clock = new SteppingClock(TestServer.BEGINNING);
        Registry registry = Registry.open(RegistryConfig.of(directory.resolve("servers.json")), clock, _ -> {});
        try (Bus<Commit> bus = new Bus<>(BusLimits.defaults(), Commit::bytes)) {
            Subscriptions none = Subscriptions.open(SubscriptionsConfig.DEFAULTS, store, bus, clock);
            WebServer web = TestServer.listen(PerennialRouting.on(TestServer.CALM, bus, store, registry, none, clock));
            try (none;
                    Wire wire = Wire.to(web.port())) {
                return wire.request(method, target, "1".getBytes(StandardCharsets.UTF_8))
                        .answer();
            } finally {
                web.stop();
            }
        }
    }

    private record Refusing(Rejection rejection, ReadOutcome outcome) implements EventStore {
        @Override
        public AppendOutcome append(Append append) {
            return new AppendOutcome.Rejected(rejection);
        }

        @Override
        public DeleteOutcome delete(StreamKey stream) {
            return DeleteOutcome.ABSENT;
        }

        @Override
        public ReadOutcome read(StreamKey stream, ReadFrom from, int pageBytes) {
            return outcome;
        }

        @Override
        public Follow follow(StreamKey stream, ReadFrom from, int pageBytes) {
            throw new UnsupportedOperationException("nothing here can be followed");
        }

        @Override
        public CreateOutcome create(Create create) {
            return new CreateOutcome.Busy();
        }

        @Override
        public Optional<StreamSurvey> survey(StreamKey stream, int most) {
            return Optional.empty();
        }

        @Override
        public HeadOutcome head(StreamKey stream) {
            return new HeadOutcome.Absent();
        }

        @Override
        public List<StreamInfo> streams(String prefix, String after, int limit) {
            return List.of();
        }

        @Override
        public void edit(List<Document.Edit> edits) {
            throw new UnsupportedOperationException("nothing is kept here");
        }

        @Override
        public List<Document> documents(String collection, String after, int limit) {
            return List.of();
        }

        @Override
        public StoreHealth health() {
            return new StoreHealth.Writing();
        }

        @Override
        public StoreLoad load() {
            return new StoreLoad(0, 0, 0, 0);
        }

        @Override
        public Verification verify() {
            throw new UnsupportedOperationException("nothing is kept here");
        }

        @Override
        public void backup(OutputStream to) {
            throw new UnsupportedOperationException("nothing is kept here");
        }

        @Override
        public void close() {}
    }
}
