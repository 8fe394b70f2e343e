package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.bus.BusLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Readers beside writers that append, close, delete and begin anew, while events settle: part of what is read lies in
/// memory and part on the disk, and all of it has to be one moment of the store.
class ReadRaceTest {
    private static final int STREAMS = 3;
    private static final int STEPS = 60;
    private static final int READERS = 3;
    private static final int MOST_EVENTS = 400;

    @TempDir
    private Path directory;

    private final AtomicInteger writing = new AtomicInteger(STREAMS);

    /// What its writer knows of one stream. Its events are `life:number`, numbered from 0 in each life.
    private static final class Told {
        /// How many events of which life are acknowledged.
        private volatile Standing acknowledged = new Standing(0, 0);
        /// How many events a life had when it was closed; said before it is.
        private final Map<Integer, Integer> closedAt = new ConcurrentHashMap<>();
    }

    private record Standing(int life, int events) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatever_is_read_is_one_moment_of_the_store(long seed) throws Exception {
        var config = new StoreConfig(directory, 2, 1_000, 100_000_000, 30_000);
        try (var disk = new StoreOnDisk(config, BusLimits.defaults())) {
            List<Told> told = new ArrayList<>();
            List<Future<Integer>> all = new ArrayList<>();
            for (int stream = 0; stream < STREAMS; stream++) {
                int number = stream;
                told.add(new Told());
                all.add(Eventually.startBusy(() -> write(disk, number, told.get(number), new Random(seed + number))));
            }
            for (int reader = 0; reader < READERS; reader++) {
                var random = new Random(-seed - reader);
                all.add(Eventually.startBusy(() -> read(disk, told, random)));
            }
            int done = 0;
            for (Future<Integer> each : all) {
                done += Eventually.result(each);
            }
            assertTrue(done > STREAMS * STEPS, "too little happened: " + done);
        }
    }

    private int write(StoreOnDisk disk, int stream, Told told, Random random) {
        try {
            int life = 1;
            int events = 0;
            for (int step = 0; step < STEPS; step++) {
                int more = 1 + random.nextInt(random.nextBoolean() ? 3 : MOST_EVENTS);
                Append append = Appends.of("s" + stream, events(life, events, more));
                events += more;
                int fate = random.nextInt(12);
                if (fate == 0) {
                    told.closedAt.put(life, events);
                    append = Appends.closing(append);
                }
                disk.accepted(append);
                told.acknowledged = new Standing(life, events);
                if (fate <= 1) {
                    disk.delete("s" + stream);
                    life++;
                    events = 0;
                }
            }
            return STEPS;
        } finally {
            writing.decrementAndGet();
        }
    }

    private static String[] events(int life, int from, int count) {
        String[] events = new String[count];
        for (int i = 0; i < count; i++) {
            events[i] = life + ":" + (from + i);
        }
        return events;
    }

    private int read(StoreOnDisk disk, List<Told> told, Random random) {
        int walks = 0;
        while (writing.get() > 0) {
            int stream = random.nextInt(STREAMS);
            walk(disk, "s" + stream, told.get(stream), new int[] {1, 200, 5_000, StoreOnDisk.AMPLE}[random.nextInt(4)]);
            walks++;
        }
        return walks;
    }

    // From the start to the tail, or until the stream is another.
    private static void walk(StoreOnDisk disk, String stream, Told told, int pageBytes) {
        Standing before = told.acknowledged;
        ReadFrom from = ReadFrom.START;
        int life = 0;
        int seen = 0;
        // A byte a page is no way to read ten thousand events.
        for (int pages = 0; pages < 50; pages++) {
            if (!(disk.read(stream, from, pageBytes) instanceof ReadOutcome.Read(StreamInfo _, Page page))) {
                return;
            }
            for (Event event : page.events()) {
                String[] name = Appends.text(event).split(":", 2);
                int its = Integer.parseInt(name[0]);
                if (life != 0 && its != life) {
                    return;
                }
                life = its;
                assertEquals(seen, Integer.parseInt(name[1]), stream + " in life " + life);
                seen++;
            }
            if (page.ending() != Ending.MORE) {
                assertEnd(stream, new Standing(life, seen), before, page.ending(), told);
                return;
            }
            assertTrue(!page.events().isEmpty(), "there is more, and nothing comes");
            from = new ReadFrom.At(page.next());
        }
    }

    private static void assertEnd(String stream, Standing seen, Standing before, Ending ending, Told told) {
        assertTrue(seen.life() == 0 || seen.life() >= before.life(), stream + ": " + seen + " after " + before);
        if (seen.life() == before.life()) {
            assertTrue(seen.events() >= before.events(), stream + ": " + seen + " after " + before);
        }
        if (ending == Ending.CLOSED) {
            assertEquals(told.closedAt.get(seen.life()), seen.events(), stream + " was closed in life " + seen.life());
        }
    }
}
