package io.perennial.eventstore;

import static io.perennial.eventstore.Appends.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.perennial.eventstore.CreateOutcome.BeyondAppend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Forks at every kind of point, by example.
class ForkTest {
    private static final ContentType TEXT = new ContentType("text/plain");

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
    void a_fork_has_what_lies_below_its_point_and_then_its_own() {
        Offset first = disk.append("s", "1").first();
        Offset second = disk.append("s", "2").first();
        Offset tail = disk.info("s").tail();
        assertEquals(List.of(), forkedAt(ReadFrom.START));
        assertEquals(List.of(), forkedAt(new ReadFrom.At(disk.info("s").created())));
        assertEquals(List.of(), forkedAt(new ReadFrom.At(first)));
        assertEquals(List.of("1"), forkedAt(new ReadFrom.At(first.next())));
        assertEquals(List.of("1"), forkedAt(new ReadFrom.At(second)));
        assertEquals(List.of("1", "2"), forkedAt(new ReadFrom.At(tail)));
        assertEquals(List.of("1", "2"), forkedAt(ReadFrom.TAIL));
        assertEquals(new CreateOutcome.BeyondTail(tail), disk.create(Creates.fork("fork", "s", tail.next(), 0)));
    }

    // With an event of its own and one more of its source, and then without its source.
    private List<String> forkedAt(ReadFrom at) {
        disk.created(Creates.fork("fork", "s", at, 0));
        List<String> inherited = texts(disk.everything("fork"));
        disk.append("fork", "own");
        List<String> all = texts(disk.from("fork", ReadFrom.START, 1));
        assertEquals(inherited, all.subList(0, all.size() - 1));
        assertEquals("own", all.getLast());
        disk.delete("fork");
        return inherited;
    }

    @Test
    void messages_are_inherited_from_the_middle_of_an_append_and_never_beyond_it() {
        disk.append("s", "0");
        Offset batch = disk.append("s", "1", "2", "3").first();
        disk.append("s", "4");
        for (int sub = 0; sub <= 3; sub++) {
            disk.created(Creates.fork("fork" + sub, "s", batch, sub));
            assertEquals(List.of("0", "1", "2", "3").subList(0, sub + 1), texts(disk.everything("fork" + sub)));
        }
        assertEquals(new BeyondAppend(3), disk.create(Creates.fork("fork", "s", batch, 4)));
        assertEquals(new BeyondAppend(2), disk.create(Creates.fork("fork", "s", batch.next(), 3)));
        assertEquals(new BeyondAppend(0), disk.create(Creates.fork("fork", "s", ReadFrom.TAIL, 1)));
        assertEquals(new BeyondAppend(1), disk.create(Creates.fork("fork", "s", ReadFrom.START, 2)));
    }

    @Test
    void of_an_append_that_a_fork_cut_off_its_own_forks_have_no_more_and_are_told_how_much() {
        Offset batch = disk.append("s", "1", "2", "3").first();
        disk.created(Creates.fork("middle", "s", batch, 2));
        disk.append("middle", "own");
        assertEquals(new BeyondAppend(2), disk.create(Creates.fork("fork", "middle", batch, 3)));
        disk.created(Creates.fork("fork", "middle", batch, 1));
        assertEquals(List.of("1"), texts(disk.everything("fork")));
    }

    @Test
    void bytes_are_inherited_from_the_middle_of_an_event_also_of_one_that_is_cut_already() {
        disk.created(Creates.fresh("s", TEXT, Lifetime.UNLIMITED, "abcdef"));
        Offset event = disk.everything("s").getFirst().offset();
        disk.created(Creates.fork("middle", "s", event, 4));
        disk.accepted(Appends.typed("text/plain", Appends.of("middle", "own")));
        assertEquals(List.of("abcd", "own"), texts(disk.everything("middle")));
        assertEquals(new BeyondAppend(6), disk.create(Creates.fork("fork", "s", event, 7)));
        assertEquals(new BeyondAppend(4), disk.create(Creates.fork("fork", "middle", event, 5)));
        assertEquals(new BeyondAppend(4), disk.create(Creates.fork("fork", "middle", event, 1L << 40)));
        for (int sub = 0; sub <= 4; sub++) {
            disk.created(Creates.fork("fork" + sub, "middle", event, sub));
            List<String> cut = sub == 0 ? List.of() : List.of("abcd".substring(0, sub));
            assertEquals(cut, texts(disk.everything("fork" + sub)));
        }
        disk.created(Creates.fork("whole", "middle", event.next(), 0));
        assertEquals(List.of("abcd"), texts(disk.everything("whole")));
        disk.created(Creates.fork("both", "middle", event.next(), 2));
        assertEquals(List.of("abcd", "ow"), texts(disk.everything("both")));
    }

    @Test
    void a_fork_begins_open_and_knows_neither_the_producers_nor_the_sequences_of_its_source() {
        disk.accepted(Appends.sequenced("7", Appends.by("p", 3, 0, Appends.of("s", "1"))));
        disk.accepted(Appends.closing("s", "2"));
        assertEquals(Ending.UP_TO_DATE, disk.created(Creates.fork("fork", "s")).ending());
        disk.accepted(Appends.sequenced("1", Appends.by("p", 0, 0, Appends.of("fork", "3"))));
        assertEquals(List.of("1", "2", "3"), texts(disk.everything("fork")));
    }

    @Test
    void a_chain_of_forks_is_read_whole_and_bounded_and_goes_with_its_last_link() throws Exception {
        int most = 1_000;
        disk.append("s0", "0");
        for (int i = 1; i <= most; i++) {
            disk.created(Creates.fork("s" + i, "s" + (i - 1)));
            if (i % 100 == 0) {
                disk.append("s" + i, "" + i);
            }
            disk.delete("s" + (i - 1));
        }
        assertEquals(new CreateOutcome.TooDeep(most), disk.create(Creates.fork("more", "s" + most)));
        assertEquals(
                List.of("0", "100", "200", "300", "400", "500", "600", "700", "800", "900", "1000"),
                texts(disk.from("s" + most, ReadFrom.START, 1)));
        disk.delete("s" + most);
        assertEquals(0, disk.number("SELECT count(*) FROM stream"));
    }

    @Test
    void the_page_that_reaches_the_end_of_what_is_inherited_says_so_wherever_the_point_was() {
        disk.append("s", "1");
        disk.clock().step(Duration.ofSeconds(1));
        Offset second = disk.append("s", "2").first();
        StreamInfo fork = disk.created(Creates.fork("fork", "s", second, 0));
        Page page = disk.page("fork", ReadFrom.START);
        assertEquals(List.of("1"), texts(page.events()));
        assertEquals(Ending.UP_TO_DATE, page.ending());
        assertEquals(fork.tail(), page.next());
        assertEquals(page.events().getLast().offset().next(), fork.tail());
        assertInstanceOf(CreateOutcome.Existing.class, disk.create(Creates.fork("fork", "s", second, 0)));
        assertInstanceOf(CreateOutcome.Differs.class, disk.create(Creates.fork("fork", "s", fork.tail(), 0)));
        disk.created(Creates.closed(Creates.fork("closed", "s", second, 0)));
        assertEquals(Ending.CLOSED, disk.page("closed", ReadFrom.START).ending());
    }
}
