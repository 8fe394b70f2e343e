package io.perennial.eventstore;

import static io.perennial.eventstore.Appends.offsets;
import static io.perennial.eventstore.Appends.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OffsetRuleTest {
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
    void a_resume_from_the_next_offset_neither_repeats_nor_skips() {
        List<String> received = new ArrayList<>();
        disk.append("s", "1", "2");
        Page page = disk.page("s", ReadFrom.START);
        received.addAll(texts(page.events()));
        assertEquals(List.of(), disk.page("s", new ReadFrom.At(page.next())).events());

        disk.append("s", "3");
        page = disk.page("s", new ReadFrom.At(page.next()));
        received.addAll(texts(page.events()));
        disk.append("s", "4", "5");
        received.addAll(texts(disk.page("s", new ReadFrom.At(page.next())).events()));

        assertEquals(List.of("1", "2", "3", "4", "5"), received);
    }

    @Test
    void a_resume_from_the_last_offset_repeats() {
        var naive = new NaiveStore();
        naive.append("1");
        naive.append("2");
        List<String> received = new ArrayList<>(naive.read(""));
        String resume = naive.streamNextOffset();
        naive.append("3");
        received.addAll(naive.read(resume));
        assertEquals(List.of("1", "2", "2", "3"), received);
    }

    /// What the proposal did: the next offset that it hands out is the last one, and its reads are inclusive.
    private static final class NaiveStore {
        private final NavigableMap<String, String> events = new TreeMap<>();

        void append(String event) {
            events.put("offset-" + events.size(), event);
        }

        List<String> read(String from) {
            return List.copyOf(events.tailMap(from, true).values());
        }

        String streamNextOffset() {
            return events.lastKey();
        }
    }

    @Test
    void a_read_from_an_events_own_offset_includes_the_event() {
        disk.append("s", "1", "2", "3");
        List<Event> events = disk.everything("s");
        for (int i = 0; i < events.size(); i++) {
            var at = new ReadFrom.At(events.get(i).offset());
            assertEquals(
                    texts(events.subList(i, events.size())),
                    texts(disk.page("s", at).events()));
        }
    }

    @Test
    void an_offset_between_two_events_begins_at_the_later_one() {
        disk.append("s", "1");
        disk.clock().step(Duration.ofHours(2));
        disk.append("s", "2");
        var between = new ReadFrom.At(Offset.since(StoreOnDisk.BEGINNING.plus(Duration.ofHours(1))));
        assertEquals(List.of("2"), texts(disk.page("s", between).events()));
        var before = new ReadFrom.At(Offset.since(StoreOnDisk.BEGINNING.minusSeconds(1)));
        assertEquals(List.of("1", "2"), texts(disk.page("s", before).events()));
    }

    @Test
    void what_lies_in_other_streams_between_two_offsets_is_not_seen() {
        disk.append("a", "1");
        disk.append("b", "x", "y");
        disk.append("a", "2");
        disk.append("ab", "z");
        assertEquals(List.of("1", "2"), texts(disk.everything("a")));
        assertEquals(List.of("x", "y"), texts(disk.everything("b")));
        Offset ofB = disk.everything("b").getFirst().offset();
        assertEquals(List.of("2"), texts(disk.page("a", new ReadFrom.At(ofB)).events()));
    }

    @Test
    void the_start_is_the_first_event_and_now_is_the_tail() {
        var appended = disk.append("s", "1", "2");
        assertEquals(
                List.of("1", "2"), texts(disk.page("s", ReadFrom.parse("-1")).events()));
        Page now = disk.page("s", ReadFrom.parse("now"));
        assertEquals(List.of(), now.events());
        assertEquals(appended.next(), now.next());
        assertEquals(Ending.UP_TO_DATE, now.ending());
    }

    @Test
    void an_offset_beyond_the_tail_counts_as_the_tail() {
        disk.append("s", "1");
        Offset tail = disk.info("s").tail();
        for (Offset beyond : List.of(
                tail,
                tail.next(),
                Offset.since(StoreOnDisk.BEGINNING.plus(Duration.ofDays(1))),
                Offset.parse("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"))) {
            Page page = disk.page("s", new ReadFrom.At(beyond));
            assertEquals(List.of(), page.events());
            assertEquals(tail, page.next());
            assertEquals(Ending.UP_TO_DATE, page.ending());
        }
    }

    @Test
    void an_unknown_stream_is_absent_wherever_one_begins() {
        disk.append("known", "1");
        Offset offset = disk.info("known").tail();
        for (ReadFrom from : List.of(ReadFrom.START, ReadFrom.TAIL, new ReadFrom.At(offset))) {
            assertInstanceOf(ReadOutcome.Absent.class, disk.read("unknown", from, 1));
        }
    }

    @Test
    void the_tail_is_the_next_offset_after_the_last_event() {
        var first = disk.append("s", "1", "2");
        List<Event> events = disk.everything("s");
        assertEquals(events.getFirst().offset(), first.first());
        assertEquals(events.getLast().offset().next(), first.next());
        assertEquals(first.next(), disk.info("s").tail());

        var second = disk.append("s", "3");
        assertEquals(second.first().next(), second.next());
        assertEquals(second.next(), disk.info("s").tail());
    }

    @Test
    void the_tail_of_a_stream_that_never_held_an_event_is_the_ulid_of_its_creation() {
        var created = disk.accepted(Appends.closing("s"));
        StreamInfo info = disk.info("s");
        assertEquals(info.created(), info.tail());
        assertEquals(info.tail(), created.next());
        assertEquals(created.next(), created.first());
        assertEquals(StoreOnDisk.BEGINNING, info.created().time());
        assertEquals(info.tail(), disk.page("s", ReadFrom.START).next());
    }

    @Test
    void a_stream_is_created_before_its_first_event() {
        var appended = disk.append("s", "1");
        assertTrue(disk.info("s").created().isBefore(appended.first()));
        Offset created = disk.info("s").created();
        disk.append("s", "2");
        assertEquals(created, disk.info("s").created());
    }

    @Test
    void a_stream_says_of_what_type_it_was_created() {
        disk.accepted(Appends.typed("application/json; charset=utf-8", Appends.of("s", "12", "345")));
        disk.append("s", "6");
        assertEquals(
                new ContentType("application/json; charset=utf-8"),
                disk.info("s").contentType());
    }

    @Test
    void no_two_events_of_the_store_share_an_offset() {
        disk.append("a", "1", "2");
        disk.append("b", "1", "2");
        disk.append("a", "3");
        List<Offset> all = new ArrayList<>(offsets(disk.everything("a")));
        all.addAll(offsets(disk.everything("b")));
        assertEquals(5, all.stream().distinct().count());
    }

    @Test
    void since_a_time_is_a_position_like_any_other() {
        disk.append("s", "1");
        disk.clock().step(Duration.ofMinutes(1));
        disk.append("s", "2");
        disk.clock().step(Duration.ofMinutes(1));
        disk.append("s", "3");
        var since = new ReadFrom.At(Offset.since(StoreOnDisk.BEGINNING.plus(Duration.ofMinutes(1))));
        assertEquals(List.of("2", "3"), texts(disk.page("s", since).events()));
    }

    @Test
    void a_read_tells_a_read_from_what_retention_dropped() throws Exception {
        disk.append("s", "1", "2", "3");
        List<Event> events = disk.everything("s");
        disk.sql("UPDATE stream SET trimmed = x'"
                + HexFormat.of().formatHex(events.getFirst().offset().next().bytes()) + "'");
        disk.reopen();
        Offset earliest = events.getFirst().offset().next();
        assertEquals(List.of("2", "3"), texts(disk.page("s", ReadFrom.START).events()));
        assertEquals(
                List.of("2", "3"),
                texts(disk.page("s", new ReadFrom.At(earliest)).events()));
        assertEquals(
                new ReadOutcome.Trimmed(earliest),
                disk.read("s", new ReadFrom.At(events.getFirst().offset()), 1));
        assertEquals(new ReadOutcome.Trimmed(earliest), disk.read("s", new ReadFrom.At(Offset.LEAST), 1));
    }
}
