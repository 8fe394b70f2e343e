package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One stream, looked at closely.
class SurveyTest {
    private StoreOnDisk disk;

    @BeforeEach
    void open(@TempDir Path directory) {
        disk = new StoreOnDisk(directory);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    private StreamSurvey survey(String stream) {
        return disk.store().survey(Appends.key(stream), 10).orElseThrow();
    }

    @Test
    void events_and_bytes_are_those_that_it_holds_wherever_they_lie() {
        disk.created(Creates.fresh("s", Lifetime.UNLIMITED));
        assertEquals(0, survey("s").events());
        disk.append("s", "one", "two");
        disk.append("s", "three");
        StreamSurvey fresh = survey("s");
        assertEquals(3, fresh.events());
        assertEquals(11, fresh.bytes());
        assertEquals(disk.info("s"), fresh.stream());

        disk.accepted(Appends.of("s", Collections.nCopies(StoreOnDisk.SETTLED_EVENTS, new byte[10])));
        disk.append("s", "last");
        for (int i = 0; i < 2; i++) {
            StreamSurvey settled = survey("s");
            assertEquals(4 + StoreOnDisk.SETTLED_EVENTS, settled.events());
            assertEquals(15 + 10L * StoreOnDisk.SETTLED_EVENTS, settled.bytes());
            disk.reopen();
        }
    }

    @Test
    void a_fork_holds_its_own_events_and_both_know_of_each_other() {
        disk.append("source", "one", "two");
        Offset below = disk.info("source").tail();
        disk.created(Creates.fork("b", "source"));
        disk.created(Creates.fork("a", "source"));
        disk.append("a", "more");

        assertEquals(
                List.of(Appends.key("a"), Appends.key("b")), survey("source").forks());
        assertEquals(Optional.empty(), survey("source").source());
        assertEquals(1, survey("a").events());
        assertEquals(4, survey("a").bytes());
        assertEquals(
                Optional.of(new StreamSurvey.Source(Appends.key("source"), below)),
                survey("a").source());
        assertEquals(List.of(), survey("a").forks());

        assertEquals(
                List.of(Appends.key("a")),
                disk.store().survey(Appends.key("source"), 1).orElseThrow().forks());
        assertEquals(
                List.of(),
                disk.store().survey(Appends.key("source"), 0).orElseThrow().forks());

        disk.delete("b");
        assertEquals(List.of(Appends.key("a")), survey("source").forks());
    }

    @Test
    void each_producer_is_told_with_its_last_append() {
        disk.accepted(Appends.by("q", 0, 0, Appends.of("s", "1")));
        disk.accepted(Appends.by("p", 2, 0, Appends.of("s", "2")));
        disk.accepted(Appends.by("p", 2, 1, Appends.of("s", "3")));
        assertEquals(
                List.of(new Producer.Idempotent("p", 2, 1), new Producer.Idempotent("q", 0, 0)),
                survey("s").producers());
    }

    @Test
    void what_is_not_there_is_not_looked_at_and_what_slides_is_not_kept_alive() {
        disk.created(Creates.fresh("kept", Lifetime.UNLIMITED));
        disk.created(Creates.fork("fork", "kept"));
        disk.delete("kept");
        disk.created(Creates.fresh("short", Creates.sliding(10)));
        disk.clock().step(Duration.ofSeconds(6));
        assertTrue(disk.store().survey(Appends.key("short"), 10).isPresent());
        disk.clock().step(Duration.ofSeconds(6));
        for (String absent : List.of("never", "kept", "short")) {
            assertEquals(Optional.empty(), disk.store().survey(Appends.key(absent), 10), absent);
        }
    }

    // Events move from memory to the disk while they are counted.
    @Test
    void no_event_is_counted_twice_or_missed_while_it_settles() throws Exception {
        disk.append("s", "0");
        var ended = new AtomicBoolean();
        Future<Integer> growing = Eventually.startBusy(() -> {
            int appended = 1;
            while (!ended.get()) {
                disk.accepted(Appends.of("s", Collections.nCopies(StoreOnDisk.SETTLED_EVENTS, new byte[1])));
                appended += StoreOnDisk.SETTLED_EVENTS;
            }
            return appended;
        });
        long last = 0;
        for (int i = 0; i < 1_000; i++) {
            long now = survey("s").events();
            assertTrue(now >= last && (now - 1) % StoreOnDisk.SETTLED_EVENTS == 0, last + " and then " + now);
            last = now;
        }
        ended.set(true);
        assertEquals(Eventually.result(growing).intValue(), survey("s").events());
    }
}
