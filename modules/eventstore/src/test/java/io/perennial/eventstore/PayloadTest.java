package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Events come back byte for byte, at once and after a restart.
class PayloadTest {
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
    void an_event_of_no_bytes_is_an_event() {
        comes_back(List.of(new byte[0]));
        comes_back(List.of(new byte[0], new byte[0]));
        comes_back(List.of("1".getBytes(StandardCharsets.UTF_8), new byte[0], "2".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void every_byte_value_may_begin_an_event_end_it_and_be_all_of_it() {
        List<byte[]> events = new ArrayList<>();
        byte[] all = new byte[256];
        for (int value = 0; value < 256; value++) {
            all[value] = (byte) value;
            events.add(new byte[] {(byte) value});
            events.add(new byte[] {(byte) value, 'x', 'y'});
            events.add(new byte[] {'x', (byte) value, 'y'});
            events.add(new byte[] {'x', 'y', (byte) value});
        }
        events.add(all);
        comes_back(events);
    }

    @Test
    void zeros_at_the_start_in_the_middle_and_at_the_end_are_kept() {
        comes_back(List.of(
                new byte[] {0},
                new byte[] {0, 0, 0},
                new byte[] {0, 'a', 'b'},
                new byte[] {'a', 0, 'b'},
                new byte[] {'a', 'b', 0},
                new byte[] {'a', 0, 0, 'b', 0}));
    }

    @Test
    void what_is_not_utf_8_is_kept_as_it_is() {
        comes_back(List.of(
                bytes(0xff, 0xfe, 0xfd),
                bytes(0xc0, 0x80),
                bytes(0xed, 0xa0, 0x80),
                bytes(0xf4, 0x90, 0x80, 0x80),
                bytes(0xe2, 0x82),
                bytes(0x80),
                bytes(0xef, 0xbb, 0xbf, 'a'),
                bytes(0xff, 0xfe, 'a', 0)));
    }

    @Test
    void what_looks_like_a_number_a_length_or_an_offset_is_kept_as_it_is() {
        comes_back(Appends.bytes(
                "0012", "1e3", "00000001", "-0", " 7 ", "x'00'", "01ARZ3NDEKTSV4RRFFQ69G5FAV00000002ab", "NULL", "'"));
    }

    @Test
    void a_mebibyte_is_kept() {
        byte[] mebibyte = new byte[1 << 20];
        new Random(1).nextBytes(mebibyte);
        comes_back(List.of(mebibyte));
        comes_back(List.of(mebibyte, new byte[] {1}, mebibyte));
    }

    @Test
    void a_thousand_random_blobs_are_kept() {
        long seed = 20_260_101;
        var random = new Random(seed);
        List<byte[]> blobs = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            byte[] blob = new byte[random.nextInt(4) == 0 ? random.nextInt(20_000) : random.nextInt(300)];
            random.nextBytes(blob);
            blobs.add(blob);
        }
        comes_back(blobs);
    }

    @Test
    void a_batch_of_many_events_is_many_events_in_order() {
        List<byte[]> events = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            events.add(("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8));
        }
        comes_back(events);
    }

    @Test
    void a_batch_knows_where_it_ends() throws Exception {
        disk.append("s", "1", "2", "3");
        disk.append("s", "4");
        assertEquals(
                List.of(2, 1, 0, 0), disk.stored().stream().map(Event::rest).toList());
    }

    @Test
    void ids_of_producers_are_kept_as_they_are() {
        List<String> ids =
                List.of("a", "A", " a", "a ", "'", "é", "日本語", "\uD83D\uDE00", "a\u0000b", "a\u0000c", "%", "1");
        for (String id : ids) {
            disk.accepted(Appends.by(id, 0, 0, Appends.of("s", id)));
        }
        disk.reopen();
        for (String id : ids) {
            var retry = Appends.by(id, 0, 0, Appends.of("s", id));
            assertEquals(new AppendOutcome.Duplicate(disk.info("s").tail(), Ending.UP_TO_DATE, 0), disk.append(retry));
        }
    }

    @Test
    void names_of_streams_are_told_apart_by_every_character() {
        List<String> names =
                List.of("a", "A", "a%2Fb", "a/b", "a%2fb", "a'b", "a\"b", "a*", "a_", "a%", "~".repeat(16_384));
        for (String name : names) {
            disk.append(name, name);
        }
        disk.reopen();
        for (String name : names) {
            assertEquals(List.of(name), Appends.texts(disk.everything(name)));
        }
    }

    private void comes_back(List<byte[]> events) {
        String stream = "s" + events.hashCode();
        disk.accepted(Appends.of(stream, events));
        assertSame(events, disk.from(stream, ReadFrom.START, 5_000));
        disk.reopen();
        assertSame(events, disk.everything(stream));
    }

    private static void assertSame(List<byte[]> expected, List<Event> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i).data(), "event " + i);
        }
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
