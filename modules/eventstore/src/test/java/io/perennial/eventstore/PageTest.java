package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(Lifecycle.PER_CLASS)
class PageTest {
    private static final int EVENTS = 10_000;
    private static final String EVEN = "events-of-one-size";
    private static final String WILD = "events-of-wildly-different-sizes";
    private static final String TINY_AFTER_HUGE = "tiny-events-after-huge-ones";

    private StoreOnDisk disk;

    @BeforeAll
    void fill(@TempDir Path directory) {
        disk = new StoreOnDisk(directory);
        List<byte[]> even = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            even.add("{\"n\":%05d,\"filled\":\"%s\"}"
                    .formatted(i, "x".repeat(40))
                    .getBytes(StandardCharsets.UTF_8));
        }
        disk.accepted(Appends.of(EVEN, even.subList(0, 9_000)));
        disk.accepted(Appends.of(EVEN, even.subList(9_000, EVENTS)));
        var random = new Random(1);
        int[] sizes = {0, 0, 1, 1, 2, 10, 100, 1_000, 10_000, 300_000};
        List<byte[]> wild = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            wild.add(new byte[sizes[random.nextInt(sizes.length)]]);
        }
        disk.accepted(Appends.of(WILD, wild.subList(0, 200)));
        List<byte[]> tinyAfterHuge = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            tinyAfterHuge.add(new byte[i < 4 ? 500_000 : 1]);
        }
        // Moves everything so far to its lasting place; what follows stays where it is written first.
        disk.accepted(Appends.of(TINY_AFTER_HUGE, tinyAfterHuge.subList(0, 1_900)));
        disk.accepted(Appends.of(WILD, wild.subList(200, 300)));
        disk.accepted(Appends.of(TINY_AFTER_HUGE, tinyAfterHuge.subList(1_900, 2_000)));
    }

    @AfterAll
    void close() {
        disk.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 4_096, 1 << 20, Integer.MAX_VALUE})
    void ten_thousand_events_come_in_pages_without_gap_or_repeat(int pageBytes) {
        List<Event> events = in_pages(EVEN, pageBytes);
        assertEquals(EVENTS, events.size());
        for (int i = 0; i < EVENTS; i++) {
            assertTrue(Appends.text(events.get(i)).startsWith("{\"n\":%05d,".formatted(i)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 4_096, 1 << 20, Integer.MAX_VALUE})
    void events_of_wildly_different_sizes_come_in_pages_likewise(int pageBytes) {
        assertEquals(300, in_pages(WILD, pageBytes).size());
        assertEquals(2_000, in_pages(TINY_AFTER_HUGE, pageBytes).size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 4_096, 100_000})
    void a_page_that_is_not_the_last_is_full_where_events_have_one_size(int pageBytes) {
        for (int from : List.of(0, 1, 5_000)) {
            Offset offset = disk.everything(EVEN).get(from).offset();
            assertTrue(disk.page(EVEN, new ReadFrom.At(offset), pageBytes).bytes() >= pageBytes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 4_096})
    void so_is_a_page_of_a_stream_that_is_new(int pageBytes) {
        String stream = "new-" + pageBytes;
        disk.accepted(Appends.of(stream, Collections.nCopies(500, new byte[20])));
        assertTrue(disk.page(stream, ReadFrom.START, pageBytes).bytes() >= pageBytes);
        assertEquals(500, disk.page(stream, ReadFrom.START, 20_000).events().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 500, 100_000})
    void a_page_may_begin_at_any_event(int pageBytes) {
        List<Event> all = disk.everything(WILD);
        for (int i = 0; i < all.size(); i += 7) {
            Page page = disk.page(WILD, new ReadFrom.At(all.get(i).offset()), pageBytes);
            assertEquals(Appends.offsets(all.subList(i, i + page.events().size())), Appends.offsets(page.events()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 500, 100_000, Integer.MAX_VALUE})
    void a_page_that_is_cut_ends_like_one_that_was_read_so(int pageBytes) {
        Page all = disk.page(WILD, ReadFrom.START, Integer.MAX_VALUE);
        Page cut = all.upTo(pageBytes);
        at_least_one_event_per_page(cut);
        no_page_exceeds_its_bytes_by_more_than_the_last_event(cut, pageBytes);
        next_is_the_next_offset_of_the_last_event(cut);
        assertTrue(cut.bytes() >= pageBytes || cut.next().equals(all.next()), "it is full");
        assertEquals(cut.next().equals(all.next()) ? all.ending() : Ending.MORE, cut.ending());

        Page rest = disk.page(WILD, new ReadFrom.At(cut.next()), Integer.MAX_VALUE);
        List<Event> events = new ArrayList<>(cut.events());
        events.addAll(rest.events());
        assertEquals(Appends.offsets(all.events()), Appends.offsets(events));
    }

    // Reads a stream to its end, and looks at each page on the way.
    private List<Event> in_pages(String stream, int pageBytes) {
        List<Event> events = new ArrayList<>();
        Offset tail = disk.info(stream).tail();
        ReadFrom from = ReadFrom.START;
        while (true) {
            Page page = disk.page(stream, from, pageBytes);
            at_least_one_event_per_page(page);
            no_page_exceeds_its_bytes_by_more_than_the_last_event(page, pageBytes);
            next_is_the_next_offset_of_the_last_event(page);
            events.addAll(page.events());
            boolean last = page.next().equals(tail);
            assertEquals(last ? Ending.UP_TO_DATE : Ending.MORE, page.ending());
            if (last) {
                offsets_increase_strictly(events);
                return events;
            }
            assertNotEquals(from, new ReadFrom.At(page.next()), "it stands still");
            from = new ReadFrom.At(page.next());
        }
    }

    private static void at_least_one_event_per_page(Page page) {
        assertFalse(page.events().isEmpty());
    }

    private static void no_page_exceeds_its_bytes_by_more_than_the_last_event(Page page, int pageBytes) {
        long sum =
                page.events().stream().mapToLong(event -> event.data().length).sum();
        assertEquals(sum, page.bytes());
        assertTrue(page.events().size() == 1 || sum - page.events().getLast().data().length < pageBytes);
    }

    private static void next_is_the_next_offset_of_the_last_event(Page page) {
        assertEquals(page.events().getLast().offset().next(), page.next());
    }

    private static void offsets_increase_strictly(List<Event> events) {
        for (int i = 1; i < events.size(); i++) {
            assertTrue(events.get(i - 1).offset().isBefore(events.get(i).offset()), "at " + i);
        }
    }

    @Test
    void only_the_page_that_reaches_the_tail_of_a_closed_stream_says_so() {
        disk.append("closed", "1", "2", "3");
        Page before = disk.page("closed", ReadFrom.START);
        assertEquals(Ending.UP_TO_DATE, before.ending());
        disk.accepted(Appends.closing("closed", "4"));

        assertEquals(Ending.MORE, disk.page("closed", ReadFrom.START, 1).ending());
        assertEquals(Ending.MORE, disk.page("closed", ReadFrom.START, 3).ending());
        assertEquals(Ending.CLOSED, disk.page("closed", ReadFrom.START, 4).ending());
        Page rest = disk.page("closed", new ReadFrom.At(before.next()));
        assertEquals(List.of("4"), Appends.texts(rest.events()));
        assertEquals(Ending.CLOSED, rest.ending());
        Page empty = disk.page("closed", new ReadFrom.At(rest.next()));
        assertEquals(List.of(), empty.events());
        assertEquals(rest.next(), empty.next());
        assertEquals(Ending.CLOSED, empty.ending());
        assertEquals(Ending.CLOSED, disk.page("closed", ReadFrom.TAIL).ending());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void a_page_of_no_bytes_is_refused_and_skips_nothing(int pageBytes) {
        disk.append("refusing", "1");
        assertThrows(IllegalArgumentException.class, () -> disk.read("refusing", ReadFrom.START, pageBytes));
        assertThrows(IllegalArgumentException.class, () -> disk.follow("refusing", ReadFrom.START, pageBytes));
    }

    @Test
    void a_page_is_encoded_once_for_all_who_ask_with_the_same_encoder() {
        var encoded = new AtomicInteger();
        PageEncoder encoder = page -> {
            encoded.incrementAndGet();
            return String.join(",", Appends.texts(page.events())).getBytes(StandardCharsets.UTF_8);
        };
        disk.append("encoded", "1", "2");
        Page page = disk.page("encoded", ReadFrom.START);
        byte[] bytes = page.encoded(encoder);
        assertArrayEquals("1,2".getBytes(StandardCharsets.UTF_8), bytes);
        assertSame(bytes, page.encoded(encoder));
        assertEquals(1, encoded.get());
        assertArrayEquals(new byte[] {7}, page.encoded(_ -> new byte[] {7}));
    }

    @Test
    void a_page_keeps_its_events_to_itself() {
        Page page = disk.page(EVEN, ReadFrom.START, 1);
        assertThrows(UnsupportedOperationException.class, () -> page.events().clear());
    }
}
