package io.perennial.eventstore;

import static io.perennial.eventstore.Appends.offsets;
import static io.perennial.eventstore.Appends.texts;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database of version 1 that is opened by today's store.
class MigrationTest {
    @TempDir
    private Path directory;

    private Path copy;
    private List<Offset> both = List.of();
    private List<Offset> empty = List.of();
    private Offset highWater = Offset.LEAST;

    @BeforeEach
    void write() throws Exception {
        copy = directory.resolve("events.db.v1");
        try (var old = new VersionOne(directory.resolve("events.db"))) {
            both = old.stream("both", "OPEN", List.of("1", "2", "3"), List.of("4", "5"));
            old.stream("settled", "OPEN", List.of("6"), List.of());
            old.stream("closed", "CLOSED", List.of(), List.of("7"));
            empty = old.stream("empty", "OPEN", List.of(), List.of());
            old.run("UPDATE stream SET closer = 'p', closer_epoch = 3, closer_seq = 4 WHERE path = 'closed'");
            old.run("INSERT INTO producer VALUES (1, 'p', 2, 7)");
            old.run("INSERT INTO producer VALUES (3, 'p', 3, 4)");
            old.run("INSERT INTO reclaim VALUES (9)");
            old.run("INSERT INTO event VALUES (9, x'00000000000000000000000000000001', 0, 1, x'00')");
            highWater = old.mint();
        }
    }

    @Test
    void everything_is_read_as_before() throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            for (int pageBytes : List.of(1, 2, 100)) {
                assertEquals(List.of("1", "2", "3", "4", "5"), texts(disk.from("both", ReadFrom.START, pageBytes)));
            }
            assertEquals(both.subList(1, 6), offsets(disk.everything("both")));
            assertEquals(both.getFirst(), disk.info("both").created());
            assertEquals(both.getLast().next(), disk.info("both").tail());
            assertEquals(List.of("6"), texts(disk.everything("settled")));
            assertEquals(List.of("7"), texts(disk.everything("closed")));
            assertEquals(Ending.CLOSED, disk.info("closed").ending());
            assertEquals(empty.getFirst(), disk.info("empty").tail());
            assertEquals(Lifetime.UNLIMITED, disk.info("empty").lifetime());
            assertEquals(4, disk.store().streams("", "", 10).size());
            Eventually.holds("reclaimed", () -> disk.number("SELECT count(*) FROM chunk WHERE stream = 9") == 0);
        }
    }

    @Test
    void producers_are_known_as_before() {
        try (var disk = new StoreOnDisk(directory)) {
            assertEquals(
                    new AppendOutcome.Duplicate(both.getLast().next(), Ending.UP_TO_DATE, 7),
                    disk.append(Appends.by("p", 2, 7, Appends.of("both", "5"))));
            assertEquals(
                    new AppendOutcome.Rejected(new Rejection.StaleEpoch(2)),
                    disk.append(Appends.by("p", 1, 0, Appends.of("both", "x"))));
            assertInstanceOf(
                    AppendOutcome.Duplicate.class, disk.append(Appends.by("p", 3, 4, Appends.closing("closed", "7"))));
            disk.accepted(Appends.by("p", 2, 8, Appends.of("both", "6")));
        }
    }

    @Test
    void offsets_and_streams_go_on_above_the_old_ones() throws Exception {
        try (var disk = new StoreOnDisk(directory)) {
            disk.clock().step(Duration.ofDays(-1));
            assertTrue(highWater.isBefore(disk.append("both", "6").first()));
            assertTrue(highWater.isBefore(disk.append("new", "1").first()));
            assertEquals(5, disk.number("SELECT id FROM stream WHERE path = 'new'"));
        }
    }

    @Test
    void what_is_new_is_there() {
        try (var disk = new StoreOnDisk(directory)) {
            disk.created(Creates.fork("fork", "both", both.get(4), 1));
            disk.reopen();
            assertEquals(List.of("1", "2", "3", "4"), texts(disk.everything("fork")));
            disk.accepted(Appends.sequenced("1", Appends.of("both", "6")));
            assertEquals(
                    new AppendOutcome.Rejected(new Rejection.SequenceRegressed("1")),
                    disk.append(Appends.sequenced("1", Appends.of("both", "7"))));
            disk.created(Creates.fresh("short", Creates.sliding(10)));
            disk.clock().step(Duration.ofSeconds(10));
            assertInstanceOf(HeadOutcome.Absent.class, disk.head("short"));
            disk.store().edit(List.of(new Document.Edit.Put(new Document("c", "k", new byte[] {1}))));
            assertEquals(1, disk.store().documents("c", "", 10).size());
        }
    }

    @Test
    void the_tables_are_those_of_a_new_database() throws Exception {
        new StoreOnDisk(directory).close();
        Path other = Files.createDirectory(directory.resolve("new"));
        new StoreOnDisk(other).close();
        String columns = "SELECT group_concat(line, ' ') FROM"
                + " (SELECT m.name || '.' || c.name || c.type || c.\"notnull\" || c.pk AS line"
                + " FROM sqlite_schema m, pragma_table_info(m.name) c ORDER BY m.name, c.cid)";
        assertEquals(text(other.resolve("events.db"), columns), text(directory.resolve("events.db"), columns));
        String indices =
                "SELECT group_concat(sql) FROM (SELECT sql FROM sqlite_schema WHERE type = 'index' ORDER BY 1)";
        assertEquals(text(other.resolve("events.db"), indices), text(directory.resolve("events.db"), indices));
        assertEquals("5", text(directory.resolve("events.db"), "PRAGMA user_version"));
        assertEquals("2", text(directory.resolve("events.db"), "PRAGMA auto_vacuum"));
    }

    @Test
    void a_copy_of_it_is_laid_beside_which_is_a_whole_database_of_its_version() throws Exception {
        new StoreOnDisk(directory).close();
        it_is_whole();
        // Once: a later start leaves it alone.
        byte[] before = Files.readAllBytes(copy);
        try (var disk = new StoreOnDisk(directory)) {
            disk.append("both", "6");
        }
        assertArrayEquals(before, Files.readAllBytes(copy));
    }

    private void it_is_whole() throws SQLException {
        assertEquals("ok", text(copy, "PRAGMA integrity_check"));
        assertEquals("1", text(copy, "PRAGMA user_version"));
        assertEquals("4", text(copy, "SELECT count(*) FROM stream"));
        assertEquals("4", text(copy, "SELECT count(*) FROM event WHERE stream < 9"));
        assertEquals("3", text(copy, "SELECT count(*) FROM recent"));
        assertEquals("2", text(copy, "SELECT count(*) FROM producer"));
        assertEquals("0", text(copy, "SELECT count(*) FROM pragma_table_info('stream') WHERE name = 'fork_anchor'"));
    }

    @Test
    void the_copy_opens_as_a_store_where_it_takes_the_place_of_the_original() throws Exception {
        new StoreOnDisk(directory).close();
        Path other = Files.createDirectory(directory.resolve("back"));
        Files.copy(copy, other.resolve("events.db"));
        try (var disk = new StoreOnDisk(other)) {
            assertEquals(List.of("1", "2", "3", "4", "5"), texts(disk.everything("both")));
        }
    }

    @Test
    void a_migration_that_was_broken_off_is_repeated() throws Exception {
        Files.write(copy, new byte[10_000]);
        Files.write(directory.resolve("events.db.v1-journal"), new byte[10_000]);
        try (var disk = new StoreOnDisk(directory)) {
            assertEquals(List.of("1", "2", "3", "4", "5"), texts(disk.everything("both")));
        }
        it_is_whole();
    }

    @Test
    void a_migration_that_fails_changes_nothing_and_works_once_its_obstacle_is_gone() throws Exception {
        // A name that the migration wants to give.
        StoreOnDisk.sql(directory, "CREATE TABLE document (other)");
        assertThrows(StorageException.class, () -> new StoreOnDisk(directory));
        assertEquals("1", text(directory.resolve("events.db"), "PRAGMA user_version"));
        assertFalse(text(directory.resolve("events.db"), "SELECT sql FROM sqlite_schema WHERE name = 'stream'")
                .contains("fork_anchor"));
        StoreOnDisk.sql(directory, "DROP TABLE document");
        try (var disk = new StoreOnDisk(directory)) {
            assertEquals(List.of("1", "2", "3", "4", "5"), texts(disk.everything("both")));
        }
        it_is_whole();
    }

    @Test
    void a_copy_that_cannot_be_made_stops_the_start_and_changes_nothing() throws Exception {
        Files.createDirectories(copy.resolve("in the way"));
        assertThrows(StorageException.class, () -> new StoreOnDisk(directory));
        assertEquals("1", text(directory.resolve("events.db"), "PRAGMA user_version"));
        Files.delete(copy.resolve("in the way"));
        new StoreOnDisk(directory).close();
        it_is_whole();
    }

    @Test
    void chunks_of_version_3_learn_what_lies_in_front_of_them(@TempDir Path other) throws Exception {
        try (var disk = new StoreOnDisk(other)) {
            for (int i = 0; i < 3; i++) {
                disk.append("s", "first of " + i);
                disk.accepted(Appends.of("s", Collections.nCopies(StoreOnDisk.SETTLED_EVENTS, new byte[20])));
                disk.append("t", "1");
            }
        }
        String chunks = "SELECT group_concat(id || ' ' || events || ' ' || bytes || ' ' || events_before || ' '"
                + " || bytes_before || ' ' || hex(first), ', ') FROM chunk";
        String before = text(other.resolve("events.db"), chunks);
        StoreOnDisk.sql(
                other,
                "CREATE TABLE old AS SELECT id, stream, first, last, events, bytes, data FROM chunk",
                "DROP TABLE chunk",
                "ALTER TABLE old RENAME TO chunk",
                "CREATE UNIQUE INDEX chunk_first ON chunk (stream, first)",
                "DROP INDEX stream_retained",
                "DROP INDEX stream_forks",
                "ALTER TABLE stream DROP COLUMN retain_seconds",
                "ALTER TABLE stream DROP COLUMN retain_bytes",
                "ALTER TABLE stream DROP COLUMN retain_events",
                "PRAGMA user_version = 3");
        try (var disk = new StoreOnDisk(other)) {
            assertEquals(
                    3 * (StoreOnDisk.SETTLED_EVENTS + 1), disk.everything("s").size());
        }
        assertEquals(before, text(other.resolve("events.db"), chunks));
        assertTrue(Files.exists(other.resolve("events.db.v3")));
    }

    @Test
    void forks_of_version_4_are_found_by_their_source(@TempDir Path other) throws Exception {
        try (var disk = new StoreOnDisk(other)) {
            disk.append("s", "1");
            disk.created(Creates.fork("fork", "s"));
        }
        StoreOnDisk.sql(other, "DROP INDEX stream_forks", "PRAGMA user_version = 4");
        try (var disk = new StoreOnDisk(other)) {
            assertEquals(
                    List.of(Appends.key("fork")),
                    disk.store().survey(Appends.key("s"), 1).orElseThrow().forks());
        }
        assertEquals(
                "stream_forks",
                text(other.resolve("events.db"), "SELECT name FROM sqlite_schema WHERE name = 'stream_forks'"));
    }

    private static String text(Path file, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
