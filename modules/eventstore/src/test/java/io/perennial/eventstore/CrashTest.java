package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real processes that are killed while they append, or that the disk fails.
class CrashTest {
    private static final int EVENT_BYTES = 100;
    private static final int LARGE_EVENT_BYTES = 50_000;

    @TempDir
    private Path directory;

    @Test
    void what_a_killed_process_had_acknowledged_is_there_once_and_in_order() throws Exception {
        Map<String, String> acknowledged = new HashMap<>();
        for (int round = 0; round < 3; round++) {
            // A clock that steps back two days from one process to the next.
            almost_enough_to_settle();
            acknowledged.putAll(appendAndKill(round, -48 * round));
            try (var disk = new StoreOnDisk(directory)) {
                everything_acknowledged_is_there_under_its_offset(disk, acknowledged);
                nothing_is_there_twice_and_offsets_increase(disk);
                a_retry_of_what_was_not_acknowledged_stores_it_once(disk, acknowledged, round);
            }
        }
    }

    // The child gets there while it appends, and is killed at some time around it.
    private void almost_enough_to_settle() {
        try (var disk = new StoreOnDisk(directory)) {
            disk.accepted(Appends.of("other", Collections.nCopies(StoreOnDisk.SETTLED_EVENTS - 150, new byte[1])));
        }
    }

    private Map<String, String> appendAndKill(int epoch, int clockHours) throws Exception {
        try (Child child = Child.start(
                AppendingProgram.class,
                directory.toString(),
                String.valueOf(epoch),
                String.valueOf(clockHours),
                String.valueOf(EVENT_BYTES))) {
            Map<String, String> acknowledged = acknowledged(child.lines(200 + 100 * epoch));
            acknowledged.putAll(acknowledged(child.kill()));
            return acknowledged;
        }
    }

    @Test
    void a_disk_that_fails_ends_all_writing_and_takes_nothing_back() throws Exception {
        List<String> lines;
        try (Child child = Child.startWithLimitedFiles(
                4_096, AppendingProgram.class, directory.toString(), "0", "0", String.valueOf(LARGE_EVENT_BYTES))) {
            lines = child.linesToTheEnd();
            assertEquals(0, child.end());
        }
        assertTrue(lines.contains("closed."), "it closes in spite of it: " + lines);
        assertTrue(lines.contains("OutcomeUnknown."), lines.toString());
        Map<String, String> acknowledged = acknowledged(lines);
        assertFalse(acknowledged.isEmpty());
        try (var disk = new StoreOnDisk(directory)) {
            everything_acknowledged_is_there_under_its_offset(disk, acknowledged);
            nothing_is_there_twice_and_offsets_increase(disk);
        }
    }

    // The last line may have been cut off: a whole one ends in a full stop.
    private static Map<String, String> acknowledged(List<String> lines) {
        Map<String, String> acknowledged = new TreeMap<>();
        for (String line : lines) {
            if (line.startsWith("acked ") && line.endsWith(".")) {
                List<String> words =
                        List.of(line.substring(0, line.length() - 1).split(" ", -1));
                acknowledged.put(words.get(2), words.get(1));
            }
        }
        return acknowledged;
    }

    private static void everything_acknowledged_is_there_under_its_offset(
            StoreOnDisk disk, Map<String, String> acknowledged) {
        Map<String, String> stored = new HashMap<>();
        disk.everything(AppendingProgram.STREAM)
                .forEach(event -> stored.put(name(event), event.offset().toString()));
        acknowledged.forEach((event, offset) -> assertEquals(offset, stored.get(event), event));
    }

    private static void nothing_is_there_twice_and_offsets_increase(StoreOnDisk disk) {
        List<Event> events = disk.everything(AppendingProgram.STREAM);
        assertEquals(
                events.size(), events.stream().map(CrashTest::name).distinct().count());
        assertEquals(events.size(), disk.everything(AppendingProgram.STREAM).size());
        for (int i = 1; i < events.size(); i++) {
            assertTrue(events.get(i - 1).offset().isBefore(events.get(i).offset()), "at " + i);
        }
    }

    private static void a_retry_of_what_was_not_acknowledged_stores_it_once(
            StoreOnDisk disk, Map<String, String> acknowledged, int epoch) {
        for (int thread = 0; thread < AppendingProgram.THREADS; thread++) {
            String producer = "p" + thread;
            long seq = 0;
            while (acknowledged.containsKey(AppendingProgram.text(producer, epoch, seq))) {
                seq++;
            }
            AppendOutcome first = disk.append(AppendingProgram.append(producer, epoch, seq, EVENT_BYTES));
            assertFalse(first instanceof AppendOutcome.Rejected, first.toString());
            AppendOutcome second = disk.append(AppendingProgram.append(producer, epoch, seq, EVENT_BYTES));
            assertEquals(
                    new AppendOutcome.Duplicate(
                            disk.info(AppendingProgram.STREAM).tail(), Ending.UP_TO_DATE, seq),
                    second);
        }
        nothing_is_there_twice_and_offsets_increase(disk);
    }

    private static String name(Event event) {
        String text = Appends.text(event);
        return text.substring(0, text.indexOf(' '));
    }
}
