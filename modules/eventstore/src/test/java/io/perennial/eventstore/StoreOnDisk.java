package io.perennial.eventstore;

import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A store in a directory, its clock and its bus, and the calls that most tests make of it.
final class StoreOnDisk implements AutoCloseable {
    static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
    static final int AMPLE = 1 << 20;

    /// So many events settle.
    static final int SETTLED_EVENTS = 4_096;

    private final StoreConfig config;
    private final SteppingClock clock = new SteppingClock(BEGINNING);
    private final Bus<Commit> bus;
    private EventStore store;

    StoreOnDisk(Path directory) {
        this(StoreConfig.of(directory), BusLimits.defaults());
    }

    StoreOnDisk(StoreConfig config, BusLimits limits) {
        this.config = config;
        this.bus = new Bus<>(limits, Commit::bytes);
        this.store = EventStore.open(config, clock, bus);
    }

    EventStore store() {
        return store;
    }

    SteppingClock clock() {
        return clock;
    }

    Bus<Commit> bus() {
        return bus;
    }

    void reopen() {
        store.close();
        store = EventStore.open(config, clock, bus);
    }

    @Override
    public void close() {
        store.close();
        bus.close();
    }

    AppendOutcome append(Append append) {
        return store.append(append);
    }

    /// Appends what is to be accepted.
    AppendOutcome.Appended accepted(Append append) {
        return (AppendOutcome.Appended) store.append(append);
    }

    AppendOutcome.Appended append(String stream, String... events) {
        return accepted(Appends.of(stream, events));
    }

    CreateOutcome create(Create create) {
        return store.create(create);
    }

    /// Creates what is to be new.
    StreamInfo created(Create create) {
        return ((CreateOutcome.Created) store.create(create)).stream();
    }

    HeadOutcome head(String stream) {
        return store.head(Appends.key(stream));
    }

    DeleteOutcome delete(String stream) {
        return store.delete(Appends.key(stream));
    }

    ReadOutcome read(String stream, ReadFrom from, int pageBytes) {
        return store.read(Appends.key(stream), from, pageBytes);
    }

    /// The first page of a stream that is there.
    Page page(String stream, ReadFrom from, int pageBytes) {
        return ((ReadOutcome.Read) read(stream, from, pageBytes)).page();
    }

    Page page(String stream, ReadFrom from) {
        return page(stream, from, AMPLE);
    }

    StreamInfo info(String stream) {
        return ((ReadOutcome.Read) read(stream, ReadFrom.TAIL, 1)).stream();
    }

    List<Event> everything(String stream) {
        return from(stream, ReadFrom.START, AMPLE);
    }

    /// What a reader gets who reads from there to the tail.
    List<Event> from(String stream, ReadFrom from, int pageBytes) {
        List<Event> events = new ArrayList<>();
        Page page = page(stream, from, pageBytes);
        events.addAll(page.events());
        while (page.ending() == Ending.MORE) {
            Offset next = page.next();
            page = page(stream, new ReadFrom.At(next), pageBytes);
            if (!next.isBefore(page.next())) {
                throw new AssertionError("nothing behind " + next + ", and yet there was more");
            }
            events.addAll(page.events());
        }
        return events;
    }

    Follow follow(String stream, ReadFrom from, int pageBytes) {
        return store.follow(Appends.key(stream), from, pageBytes);
    }

    /// Writes to the database behind the store's back.
    void sql(String... statements) throws SQLException {
        sql(config.directory(), statements);
    }

    static void sql(Path directory, String... statements) throws SQLException {
        try (Connection connection = connect(directory);
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /// Asks the database for a number behind the store's back.
    long number(String query) throws SQLException {
        try (Connection connection = connect(config.directory());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /// Every event in the database, wherever it lies, in the order of their offsets. Asked behind the store's back.
    List<Event> stored() throws SQLException {
        List<Event> stored = new ArrayList<>();
        try (Connection connection = connect(config.directory());
                Statement statement = connection.createStatement()) {
            addTo(stored, statement.executeQuery("SELECT data FROM chunk"), 0);
            addTo(stored, statement.executeQuery("SELECT events FROM journal"), Long.BYTES);
        }
        stored.sort(Comparator.comparing(Event::offset));
        return stored;
    }

    private static void addTo(List<Event> stored, ResultSet rows, int headBytes) throws SQLException {
        while (rows.next()) {
            ByteBuffer runs = ByteBuffer.wrap(rows.getBytes(1));
            while (runs.hasRemaining()) {
                runs.position(runs.position() + headBytes);
                stored.addAll(Packed.read(runs));
            }
        }
    }

    Connection connect() throws SQLException {
        return connect(config.directory());
    }

    private static Connection connect(Path directory) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("events.db"));
    }
}
