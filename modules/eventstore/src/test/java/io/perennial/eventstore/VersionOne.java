package io.perennial.eventstore;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A database as version 1 wrote it, before there were creations, forks, lifetimes and documents.
final class VersionOne implements AutoCloseable {
    private static final List<String> TABLES = List.of(
            """
            CREATE TABLE mint (
              id          INTEGER PRIMARY KEY CHECK (id = 1),
              high_water  BLOB    NOT NULL,
              last_stream INTEGER NOT NULL
            )""", """
            CREATE TABLE stream (
              id             INTEGER PRIMARY KEY,
              path           TEXT    NOT NULL UNIQUE,
              created        BLOB    NOT NULL,
              content_type   TEXT    NOT NULL,
              last           BLOB,
              trimmed        BLOB    NOT NULL,
              events         INTEGER NOT NULL,
              bytes          INTEGER NOT NULL,
              state          TEXT    NOT NULL,
              closer         TEXT,
              closer_epoch   INTEGER,
              closer_seq     INTEGER,
              stream_seq     BLOB,
              ttl_seconds    INTEGER,
              expires_millis INTEGER,
              touched_millis INTEGER,
              parent         INTEGER REFERENCES stream (id),
              fork_offset    BLOB,
              fork_cut_bytes INTEGER,
              forks          INTEGER NOT NULL DEFAULT 0
            )""", """
            CREATE TABLE event (
              stream INTEGER NOT NULL,
              offset BLOB    NOT NULL,
              rest   INTEGER NOT NULL,
              size   INTEGER NOT NULL,
              data   BLOB    NOT NULL,
              PRIMARY KEY (stream, offset)
            ) WITHOUT ROWID""", """
            CREATE TABLE recent (
              stream INTEGER NOT NULL,
              offset BLOB    NOT NULL,
              rest   INTEGER NOT NULL,
              size   INTEGER NOT NULL,
              data   BLOB    NOT NULL,
              UNIQUE (stream, offset)
            )""", """
            CREATE TABLE producer (
              stream INTEGER NOT NULL,
              id     TEXT    NOT NULL,
              epoch  INTEGER NOT NULL,
              seq    INTEGER NOT NULL,
              PRIMARY KEY (stream, id)
            ) WITHOUT ROWID""", "CREATE TABLE reclaim (stream INTEGER PRIMARY KEY)", "PRAGMA user_version = 1");

    private final Connection connection;
    private final OffsetGenerator offsets =
            new OffsetGenerator(Offset.LEAST, new SteppingClock(StoreOnDisk.BEGINNING), new Random(1));
    private long lastStream;

    VersionOne(Path file) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            for (String table : TABLES) {
                statement.execute(table);
            }
        }
    }

    /// Adds a stream, some of whose events have settled. Returns its offsets, its creation first.
    List<Offset> stream(String path, String state, List<String> settled, List<String> recent) throws SQLException {
        long id = ++lastStream;
        Offset created = offsets.mint();
        run(
                "INSERT INTO stream (id, path, created, content_type, trimmed, events, bytes, state)"
                        + " VALUES (?, ?, ?, 'application/json', x'00000000000000000000000000000000', 0, 0, ?)",
                id,
                path,
                created.bytes(),
                state);
        List<Offset> all = new ArrayList<>(List.of(created));
        for (String event : settled) {
            all.add(event("event", id, event));
            run(
                    "UPDATE stream SET last = ?, events = events + 1, bytes = bytes + ? WHERE id = ?",
                    all.getLast().bytes(),
                    event.length(),
                    id);
        }
        for (String event : recent) {
            all.add(event("recent", id, event));
        }
        return all;
    }

    private Offset event(String table, long stream, String event) throws SQLException {
        Offset offset = offsets.mint();
        byte[] data = event.getBytes(StandardCharsets.UTF_8);
        run(
                "INSERT INTO " + table + " (stream, offset, rest, size, data) VALUES (?, ?, 0, ?, ?)",
                stream,
                offset.bytes(),
                data.length,
                data);
        return offset;
    }

    void run(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }

    /// How far offsets were given out. Returns that.
    Offset mint() throws SQLException {
        Offset highWater = offsets.mint();
        run("INSERT INTO mint (id, high_water, last_stream) VALUES (1, ?, ?)", highWater.bytes(), lastStream);
        return highWater;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
