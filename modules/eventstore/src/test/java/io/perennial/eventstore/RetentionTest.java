package io.perennial.eventstore;

import static io.perennial.eventstore.Appends.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.bus.BusLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A stream that keeps only some of its events: what goes, what stays, and what a reader is told of it.
class RetentionTest {
    private static final long ALL = Retention.ALL;
    private static final RetentionRule RULE = new RetentionRule("ruled/", new Retention(60, ALL, 5));
    private static final long MEBIBYTE = 1024 * 1024;

    private Path file;
    private StoreOnDisk disk;

    @BeforeEach
    void open(@TempDir Path directory) {
        file = directory.resolve("events.db");
        disk = new StoreOnDisk(
                new StoreConfig(directory, 2, 1_000, 100_000_000, 1_000_000).keeping(List.of(RULE)),
                BusLimits.defaults());
    }

    @AfterEach
    void close() {
        disk.close();
    }

    private static Retention events(long count) {
        return new Retention(ALL, ALL, count);
    }

    private static Retention bytes(long count) {
        return new Retention(ALL, count, ALL);
    }

    private static Retention seconds(long count) {
        return new Retention(count, ALL, ALL);
    }

    private static Create create(String stream, Retention retention) {
        return with(retention, Creates.fresh(stream, Lifetime.UNLIMITED));
    }

    private static Create with(Retention retention, Create create) {
        return new Create(
                create.stream(), create.origin(), create.lifetime(), retention, create.closing(), create.events());
    }

    private static String[] numbers(int from, int below) {
        return IntStream.range(from, below).mapToObj(Integer::toString).toArray(String[]::new);
    }

    private void eventually(String stream, String... events) throws Exception {
        Eventually.holds(
                stream + " has " + events.length + " events",
                () -> texts(disk.everything(stream)).equals(List.of(events)));
    }

    @Test
    void the_newest_events_stay_and_a_reader_who_missed_some_is_told_where_to_go_on() throws Exception {
        disk.created(create("s", events(3)));
        List<Offset> offsets = new ArrayList<>();
        for (String event : numbers(0, 10)) {
            offsets.add(disk.append("s", event).first());
        }
        eventually("s", "7", "8", "9");
        Offset earliest = offsets.get(6).next();
        for (Offset gone : List.of(offsets.getFirst(), offsets.get(5).next(), offsets.get(6))) {
            assertEquals(new ReadOutcome.Trimmed(earliest), disk.read("s", new ReadFrom.At(gone), StoreOnDisk.AMPLE));
        }
        for (Offset left : List.of(earliest, offsets.get(7))) {
            assertEquals(List.of("7", "8", "9"), texts(disk.from("s", new ReadFrom.At(left), 1)));
        }
    }

    @Test
    void data_is_counted_to_the_byte_and_the_newest_event_stays_however_long_it_is() throws Exception {
        disk.created(create("s", bytes(7)));
        disk.append("s", "aaa", "bbb", "cccc", "dd", "e");
        eventually("s", "cccc", "dd", "e");
        disk.append("s", "longer than that");
        eventually("s", "longer than that");
    }

    @Test
    void what_is_older_goes_and_the_tail_stays_where_it_was_over_a_restart_too() throws Exception {
        disk.created(create("s", seconds(60)));
        disk.append("s", "old");
        disk.clock().step(Duration.ofSeconds(61));
        Offset tail = disk.append("s", "new").next();
        eventually("s", "new");
        disk.clock().step(Duration.ofSeconds(61));
        eventually("s");
        assertEquals(tail, disk.info("s").tail());
        settle();
        disk.reopen();
        Eventually.holds(
                "nothing of it is left", () -> disk.number("SELECT count(*) FROM chunk WHERE stream = 1") == 0);
        disk.reopen();
        assertEquals(tail, disk.info("s").tail());
        assertEquals(List.of(), disk.page("s", new ReadFrom.At(tail)).events());
        assertTrue(tail.isBefore(disk.append("s", "1").next()));
        assertEquals(List.of("1"), texts(disk.from("s", new ReadFrom.At(tail), 1)));
    }

    @Test
    void it_makes_no_difference_where_events_lie() throws Exception {
        disk.created(create("s", events(5_000)));
        disk.append("s", numbers(0, 4_000));
        disk.append("s", numbers(4_000, 9_000));
        eventually("s", numbers(4_000, 9_000));
        disk.append("s", numbers(9_000, 9_010));
        eventually("s", numbers(4_010, 9_010));
        settle();
        disk.append("s", numbers(9_010, 9_011));
        eventually("s", numbers(4_011, 9_011));
    }

    // In a stream of its own.
    private void settle() {
        disk.accepted(Appends.of("other", Collections.nCopies(StoreOnDisk.SETTLED_EVENTS, new byte[1])));
    }

    @Test
    void of_a_rule_and_the_streams_own_retention_the_stricter_holds() throws Exception {
        disk.created(create("ruled/less", events(2)));
        disk.created(create("ruled/more", events(100)));
        disk.append("unruled", numbers(0, 10));
        disk.append("ruled/less", numbers(0, 10));
        disk.append("ruled/more", numbers(0, 10));
        disk.append("ruled/same", numbers(0, 10));
        eventually("ruled/less", "8", "9");
        eventually("ruled/more", numbers(5, 10));
        eventually("ruled/same", numbers(5, 10));
        disk.clock().step(Duration.ofSeconds(61));
        eventually("ruled/more");
        assertEquals(10, disk.everything("unruled").size());
    }

    @Test
    void a_stream_loses_nothing_while_a_fork_reads_it_and_a_fork_begins_where_its_source_does() throws Exception {
        disk.created(create("source", events(3)));
        disk.append("source", numbers(0, 5));
        eventually("source", "2", "3", "4");
        disk.created(with(events(100), Creates.fork("fork", "source")));
        disk.append("source", numbers(5, 9));
        disk.created(create("sign", events(1)));
        disk.append("sign", numbers(0, 9));
        eventually("sign", "8");
        assertEquals(7, disk.everything("source").size());
        assertEquals(List.of("2", "3", "4"), texts(disk.everything("fork")));
        assertInstanceOf(ReadOutcome.Trimmed.class, disk.read("fork", new ReadFrom.At(Offset.LEAST), 1));
        disk.delete("fork");
        eventually("source", "6", "7", "8");
    }

    @Test
    void a_fork_of_what_is_gone_is_refused() throws Exception {
        disk.created(create("source", events(1)));
        Offset first = disk.append("source", numbers(0, 3)).first();
        eventually("source", "2");
        Offset earliest = disk.everything("source").getFirst().offset();
        var refused = assertInstanceOf(
                CreateOutcome.BeforeEarliest.class, disk.create(Creates.fork("fork", "source", first, 0)));
        assertFalse(earliest.isBefore(refused.earliest()));
        disk.created(Creates.fork("fork", "source", ReadFrom.START, 1));
        assertEquals(List.of("2"), texts(disk.everything("fork")));
    }

    @Test
    void a_fork_keeps_what_its_source_keeps_unless_it_says_so_and_counts_its_own() throws Exception {
        disk.created(create("source", events(2)));
        disk.append("source", "1", "2");
        disk.created(Creates.fork("fork", "source"));
        disk.append("fork", "3", "4");
        assertEquals(List.of("1", "2", "3", "4"), texts(disk.everything("fork")));
        disk.append("fork", "5");
        eventually("fork", "4", "5");
        assertEquals(events(2), disk.info("fork").retention());
    }

    @Test
    void retention_is_part_of_what_a_stream_was_created_with() {
        disk.created(create("s", events(3)));
        disk.reopen();
        assertInstanceOf(CreateOutcome.Existing.class, disk.create(create("s", events(3))));
        for (Retention other : List.of(events(4), bytes(3), seconds(3), Retention.UNLIMITED)) {
            assertEquals(
                    new CreateOutcome.Differs(CreateOutcome.Difference.RETENTION), disk.create(create("s", other)));
        }
    }

    @Test
    void a_follower_that_is_behind_is_told_so_and_one_that_keeps_up_gets_everything() throws Exception {
        disk.created(create("s", events(1)));
        try (Follow behind = disk.follow("s", ReadFrom.START, 1);
                Follow live = disk.follow("s", ReadFrom.START, StoreOnDisk.AMPLE)) {
            assertInstanceOf(Follow.Step.Next.class, behind.next(Eventually.LONG));
            assertInstanceOf(Follow.Step.Next.class, live.next(Eventually.LONG));
            disk.append("s", "0");
            assertInstanceOf(Follow.Step.Next.class, behind.next(Eventually.LONG));
            disk.append("s", numbers(1, 5));
            for (String expected : List.of("0", "1,2,3,4")) {
                var next = assertInstanceOf(Follow.Step.Next.class, live.next(Eventually.LONG));
                assertEquals(expected, String.join(",", texts(next.page().events())));
            }
            eventually("s", "4");
        }
        Offset gone = disk.append("s", numbers(5, 9)).first();
        eventually("s", "8");
        try (Follow late = disk.follow("s", new ReadFrom.At(gone), 1)) {
            assertInstanceOf(Follow.Step.Trimmed.class, late.next(Eventually.LONG));
        }
    }

    @Test
    void the_room_is_given_back_to_the_file_system() throws Exception {
        disk.created(create("s", bytes(MEBIBYTE)));
        List<byte[]> batch = Collections.nCopies(64, new byte[64 * 1024]);
        for (int i = 0; i < 16; i++) {
            disk.accepted(Appends.of("s", batch));
        }
        Eventually.holds(
                "the file is short again",
                () -> disk.number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
                        < 32 * MEBIBYTE);
        disk.reopen();
        assertEquals(
                MEBIBYTE,
                disk.everything("s").stream()
                        .mapToLong(event -> event.data().length)
                        .sum());
        assertTrue(Files.size(file) < 32 * MEBIBYTE, Files.size(file) + " bytes");
    }
}
