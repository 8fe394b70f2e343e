package io.perennial.eventstore;

import static io.perennial.eventstore.Appends.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Events are written where a commit is cheap, and move later to where a read is: nobody can tell where they are.
class SettlingTest {
    private static final List<byte[]> ENOUGH = Collections.nCopies(StoreOnDisk.SETTLED_EVENTS, new byte[1]);

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
    void events_are_read_alike_before_they_settle_after_it_and_across() throws Exception {
        disk.append("a", "1", "2");
        disk.accepted(Appends.closing("closed", "x", "y"));
        reads_alike();
        settle();
        reads_alike();
        disk.append("a", "3");
        disk.append("b", "1");
        assertEquals(2, recent());
        for (int pageBytes : List.of(1, 2, 3, 100)) {
            assertEquals(List.of("1", "2", "3"), texts(disk.from("a", ReadFrom.START, pageBytes)));
        }
        disk.reopen();
        settle();
        disk.append("a", "4");
        disk.reopen();
        assertEquals(List.of("1", "2", "3", "4"), texts(disk.everything("a")));
        assertEquals(List.of("1"), texts(disk.everything("b")));
    }

    private void reads_alike() {
        assertEquals(List.of("1", "2"), texts(disk.from("a", ReadFrom.START, 1)));
        assertEquals(List.of("x", "y"), texts(disk.everything("closed")));
        assertEquals(Ending.CLOSED, disk.page("closed", ReadFrom.START).ending());
        Offset second = disk.everything("a").get(1).offset();
        assertEquals(List.of("2"), texts(disk.page("a", new ReadFrom.At(second)).events()));
        assertEquals(List.of(), disk.page("a", new ReadFrom.At(second.next())).events());
    }

    @Test
    void many_streams_settle_each_in_its_order() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            expected.add("e" + i);
            for (int stream = 0; stream < 20; stream++) {
                disk.append("s" + stream, "e" + i);
            }
            disk.accepted(Appends.of("filling", ENOUGH.subList(0, 700)));
        }
        for (int stream = 0; stream < 20; stream++) {
            assertEquals(expected, texts(disk.from("s" + stream, ReadFrom.START, 5)));
        }
    }

    @Test
    void a_stream_that_is_deleted_while_some_of_it_has_settled_is_reclaimed_as_a_whole() throws Exception {
        disk.append("s", "1");
        disk.append("kept", "1");
        settle();
        disk.append("s", "2");
        disk.append("kept", "2");
        disk.delete("s");
        disk.delete("filling");
        Eventually.holds("reclaimed", () -> disk.stored().size() == 2);
        assertEquals(List.of("1", "2"), texts(disk.everything("kept")));
        disk.append("s", "3");
        settle();
        assertEquals(List.of("3"), texts(disk.everything("s")));
    }

    @Test
    void what_cannot_settle_stays_readable_and_appends_go_on() throws Exception {
        disk.append("s", "1");
        disk.sql(unsettling("ABORT"));
        disk.accepted(Appends.of("filling", ENOUGH));
        disk.append("s", "2");
        disk.append("s", "3");
        assertEquals(List.of("1", "2", "3"), texts(disk.everything("s")));
        disk.sql("DROP TRIGGER unsettling");
        disk.append("s", "4");
        Eventually.holds("settled", () -> recent() <= 1);
        assertEquals(List.of("1", "2", "3", "4"), texts(disk.everything("s")));
    }

    @Test
    void a_settling_that_the_database_rolled_back_itself_costs_nobody_an_append() throws Exception {
        disk.sql(unsettling("ROLLBACK"));
        disk.accepted(Appends.of("filling", ENOUGH));
        disk.append("s", "1");
        disk.append("s", "2");
        assertEquals(List.of("1", "2"), texts(disk.everything("s")));
    }

    @Test
    void a_store_opened_with_much_to_settle_settles_it() throws Exception {
        disk.sql(unsettling("ABORT"));
        disk.accepted(Appends.of("s", ENOUGH));
        disk.sql("DROP TRIGGER unsettling");
        disk.reopen();
        assertEquals(ENOUGH.size(), disk.everything("s").size());
        disk.append("s", "y");
        Eventually.holds("settled", () -> recent() <= 1);
        assertEquals(ENOUGH.size() + 1, disk.everything("s").size());
    }

    private void settle() throws Exception {
        disk.accepted(Appends.of("filling", ENOUGH));
        Eventually.holds("settled", () -> recent() == 0);
    }

    private long recent() throws Exception {
        return disk.number("SELECT count(*) FROM journal");
    }

    private static String unsettling(String how) {
        return "CREATE TRIGGER unsettling BEFORE INSERT ON chunk BEGIN SELECT RAISE(" + how + ", 'broken'); END";
    }
}
