package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the touches of reads get to the disk.
class TouchTest {
    private static final int READS = 1_000;

    private StoreOnDisk disk;

    @BeforeEach
    void open(@TempDir Path directory) {
        disk = new StoreOnDisk(directory);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    @Test
    void a_thousand_reads_cost_a_commit_or_two() throws Exception {
        disk.created(Creates.fresh("s", Creates.sliding(10), "1"));
        try (Connection connection = disk.connect()) {
            long begun = System.nanoTime();
            long version = version(connection);
            int commits = 0;
            for (int i = 0; i < READS; i++) {
                disk.clock().step(Duration.ofMillis(1));
                disk.page("s", ReadFrom.START);
                long now = version(connection);
                commits += now == version ? 0 : 1;
                version = now;
            }
            // The writer looks once a second.
            long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
            assertTrue(commits <= seconds + 2, commits + " commits in " + seconds + " s");
        }
    }

    // Changes with every commit of another connection.
    private static long version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA data_version")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    void a_touch_reaches_the_disk_by_itself() throws Exception {
        disk.created(Creates.fresh("s", Creates.sliding(10), "1"));
        disk.clock().step(Duration.ofSeconds(5));
        disk.page("s", ReadFrom.START);
        long now = disk.clock().millis();
        Eventually.holds("written", () -> disk.number("SELECT touched_millis FROM stream") == now);
        assertEquals(now + 10_000, disk.number("SELECT expires_millis FROM stream"));
    }

    @Test
    void a_touch_rides_along_with_any_commit() throws Exception {
        for (int i = 0; i < 10; i++) {
            disk.created(Creates.fresh("s" + i, Creates.sliding(10), "1"));
        }
        disk.clock().step(Duration.ofSeconds(5));
        for (int i = 0; i < 10; i++) {
            disk.page("s" + i, ReadFrom.START);
        }
        disk.append("other", "x");
        assertEquals(
                10,
                disk.number("SELECT count(*) FROM stream WHERE touched_millis = "
                        + disk.clock().millis()));
    }

    @Test
    void what_does_not_slide_is_not_touched() throws Exception {
        disk.created(Creates.fresh("a", Lifetime.UNLIMITED, "1"));
        disk.created(Creates.fresh("b", Creates.until(Duration.ofDays(1)), "1"));
        disk.clock().step(Duration.ofSeconds(5));
        for (String stream : new String[] {"a", "b"}) {
            disk.page(stream, ReadFrom.START);
            disk.append(stream, "2");
        }
        assertEquals(2, disk.number("SELECT count(*) FROM stream WHERE touched_millis IS NULL"));
        assertEquals(
                StoreOnDisk.BEGINNING.plusSeconds(86_400).toEpochMilli(),
                disk.number("SELECT expires_millis FROM stream WHERE path = 'b'"));
    }

    @Test
    void more_touches_than_one_commit_takes_all_reach_the_disk() throws Exception {
        int streams = 2_500;
        for (int i = 0; i < streams; i += 500) {
            disk.sql("WITH RECURSIVE n (i) AS (SELECT " + (i + 10) + " UNION ALL SELECT i + 1 FROM n WHERE i < "
                    + (i + 509) + ")"
                    + " INSERT INTO stream (id, path, created, content_type, trimmed, state,"
                    + " ttl_seconds, expires_millis, touched_millis)"
                    + " SELECT i, 's' || i, zeroblob(16), 'text/plain', zeroblob(16), 'OPEN', 100, "
                    + StoreOnDisk.BEGINNING.plusSeconds(100).toEpochMilli() + ", "
                    + StoreOnDisk.BEGINNING.toEpochMilli() + " FROM n");
        }
        disk.clock().step(Duration.ofSeconds(5));
        for (int i = 0; i < streams; i++) {
            disk.page("s" + (i + 10), ReadFrom.TAIL);
        }
        long now = disk.clock().millis();
        Eventually.holds(
                "all written",
                () -> disk.number("SELECT count(*) FROM stream WHERE touched_millis = " + now) == streams);
    }
}
