package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyTest {
    private static final int WRITERS = 64;
    private static final int STREAMS = 10;
    private static final int APPENDS_EACH = 20;

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
    void of_a_crowd_of_writers_every_event_is_stored_once_and_in_order() throws Exception {
        List<Future<Map<String, Offset>>> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            int number = writer;
            writers.add(Eventually.start(() -> appendAndReadBack(number)));
        }
        Map<String, Offset> acknowledged = new HashMap<>();
        for (Future<Map<String, Offset>> writer : writers) {
            acknowledged.putAll(Eventually.result(writer));
        }
        assertEquals(WRITERS * APPENDS_EACH, acknowledged.size());
        every_event_is_there_once_under_the_offset_it_was_given(acknowledged);
        disk.reopen();
        every_event_is_there_once_under_the_offset_it_was_given(acknowledged);
    }

    private Map<String, Offset> appendAndReadBack(int writer) {
        var random = new Random(writer);
        Map<String, Offset> acknowledged = new HashMap<>();
        for (int i = 0; i < APPENDS_EACH; i++) {
            String stream = "s" + random.nextInt(STREAMS);
            String event = stream + ":" + writer + ":" + i;
            var appended = disk.append(stream, event);
            acknowledged.put(event, appended.first());
            a_writer_reads_what_it_wrote(stream, event, appended.first());
        }
        return acknowledged;
    }

    private void a_writer_reads_what_it_wrote(String stream, String event, Offset offset) {
        Page page = disk.page(stream, new ReadFrom.At(offset), 1);
        assertEquals(List.of(event), Appends.texts(page.events()));
    }

    private void every_event_is_there_once_under_the_offset_it_was_given(Map<String, Offset> acknowledged) {
        Map<String, Offset> stored = new HashMap<>();
        int count = 0;
        for (int stream = 0; stream < STREAMS; stream++) {
            List<Event> events = disk.everything("s" + stream);
            for (int i = 1; i < events.size(); i++) {
                assertTrue(events.get(i - 1).offset().isBefore(events.get(i).offset()), "at " + i);
            }
            events.forEach(event -> stored.put(Appends.text(event), event.offset()));
            count += events.size();
        }
        assertEquals(acknowledged, stored);
        assertEquals(acknowledged.size(), count);
    }

    @Test
    void each_writer_finds_its_own_events_in_the_order_it_wrote_them() throws Exception {
        List<Future<Boolean>> writers = new ArrayList<>();
        for (int writer = 0; writer < 16; writer++) {
            String name = "w" + writer + ":";
            writers.add(Eventually.start(() -> {
                for (int i = 0; i < APPENDS_EACH; i++) {
                    disk.append("s", name + i);
                }
                return true;
            }));
        }
        for (Future<Boolean> writer : writers) {
            Eventually.result(writer);
        }
        List<String> all = Appends.texts(disk.everything("s"));
        for (int writer = 0; writer < 16; writer++) {
            String name = "w" + writer + ":";
            List<String> own =
                    all.stream().filter(event -> event.startsWith(name)).toList();
            assertEquals(APPENDS_EACH, own.size());
            for (int i = 0; i < own.size(); i++) {
                assertEquals(name + i, own.get(i));
            }
        }
    }

    @Test
    void a_reader_sees_a_batch_as_a_whole_or_not_at_all() throws Exception {
        int batch = 25;
        disk.append("s", "x");
        var done = new AtomicBoolean();
        List<Future<Integer>> readers = new ArrayList<>();
        for (int reader = 0; reader < 4; reader++) {
            readers.add(Eventually.startBusy(() -> {
                int reads = 0;
                for (; !done.get(); reads++) {
                    int events = disk.page("s", ReadFrom.START).events().size();
                    assertEquals(1, events % batch, "a part of a batch");
                }
                return reads;
            }));
        }
        List<Future<Boolean>> writers = new ArrayList<>();
        for (int writer = 0; writer < 8; writer++) {
            writers.add(Eventually.start(() -> {
                for (int i = 0; i < 10; i++) {
                    disk.accepted(Appends.of("s", Collections.nCopies(batch, new byte[] {'y'})));
                }
                return true;
            }));
        }
        for (Future<Boolean> writer : writers) {
            Eventually.result(writer);
        }
        done.set(true);
        for (Future<Integer> reader : readers) {
            assertTrue(Eventually.result(reader) > 0);
        }
        batches_are_not_mixed(batch);
    }

    // Each batch ends where its last event says so, and nowhere else.
    private void batches_are_not_mixed(int batch) throws Exception {
        assertEquals(8 * 10 * batch + 1, disk.everything("s").size());
        List<Event> stored = disk.stored();
        assertEquals(81, stored.stream().filter(event -> event.rest() == 0).count());
        for (int i = 0; i < stored.size() - 1; i++) {
            int rest = stored.get(i).rest();
            assertTrue(rest == 0 || stored.get(i + 1).rest() == rest - 1, "at " + i + " of " + stored.size());
        }
    }

    @Test
    void a_retry_that_races_with_its_original_is_stored_once() throws Exception {
        for (long seq = 0; seq < 20; seq++) {
            Append append = Appends.by("p", 0, seq, Appends.of("s", String.valueOf(seq)));
            List<Future<AppendOutcome>> racing = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                racing.add(Eventually.start(() -> disk.append(append)));
            }
            int appended = 0;
            for (Future<AppendOutcome> each : racing) {
                switch (Eventually.result(each)) {
                    case AppendOutcome.Appended _ -> appended++;
                    case AppendOutcome.Duplicate(Offset tail, Ending _, long lastSeq) -> {
                        assertEquals(seq, lastSeq);
                        assertEquals(disk.info("s").tail(), tail);
                    }
                    case AppendOutcome.Rejected(Rejection reason) -> throw new AssertionError(reason);
                }
            }
            assertEquals(1, appended);
        }
        assertEquals(20, disk.everything("s").size());
    }

    @Test
    void a_race_of_births_is_one_stream() throws Exception {
        for (int round = 0; round < 10; round++) {
            String stream = "born-" + round;
            List<Future<AppendOutcome>> racing = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                racing.add(Eventually.start(() -> disk.append(Appends.of(stream, "x"))));
            }
            for (Future<AppendOutcome> each : racing) {
                assertTrue(Eventually.result(each) instanceof AppendOutcome.Appended);
            }
            assertEquals(8, disk.everything(stream).size());
        }
    }
}
