package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.bus.BusLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Readers beside a writer whose events are dropped right behind them. Invariants: what is read has no gap, nobody is
/// turned away who misses nothing, and the newest are always there.
class RetentionRaceTest {
    private static final int APPENDS = 400;
    private static final int READERS = 3;
    private static final int KEPT = 50;
    private static final int MOST_EVENTS = 400;

    @TempDir
    private Path directory;

    private final AtomicBoolean writing = new AtomicBoolean(true);
    private final AtomicInteger turnedAway = new AtomicInteger();

    /// The first event of an append. Its events are numbered.
    private record Begin(int number, Offset offset) {}

    private volatile List<Begin> begins = List.of();

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void nothing_is_missing_from_what_is_read_without_the_reader_being_told(long seed) throws Exception {
        var config = new StoreConfig(directory, 2, 1_000, 100_000_000, 30_000)
                .keeping(List.of(new RetentionRule("", new Retention(Retention.ALL, Retention.ALL, KEPT))));
        try (var disk = new StoreOnDisk(config, BusLimits.defaults())) {
            Future<Integer> writer = Eventually.startBusy(() -> write(disk, new Random(seed)));
            List<Future<Integer>> readers = new ArrayList<>();
            for (int reader = 0; reader < READERS; reader++) {
                var random = new Random(-seed - reader);
                readers.add(Eventually.startBusy(() -> read(disk, random)));
            }
            int written = Eventually.result(writer);
            for (Future<Integer> reader : readers) {
                assertTrue(Eventually.result(reader) > 100, "too little was read");
            }
            assertTrue(turnedAway.get() > 0, "nothing was dropped");
            Eventually.holds("no more than is kept", () -> disk.everything("s").size() == KEPT);
            assertEquals(
                    Integer.toString(written - 1),
                    Appends.text(disk.everything("s").getLast()));
        }
    }

    private int write(StoreOnDisk disk, Random random) {
        try {
            int number = 0;
            List<Begin> told = new ArrayList<>();
            for (int i = 0; i < APPENDS; i++) {
                int end = number + 1 + random.nextInt(random.nextBoolean() ? 3 : MOST_EVENTS);
                String[] events =
                        IntStream.range(number, end).mapToObj(Integer::toString).toArray(String[]::new);
                told.add(new Begin(number, disk.append("s", events).first()));
                begins = List.copyOf(told);
                number = end;
            }
            return number;
        } finally {
            writing.set(false);
        }
    }

    private int read(StoreOnDisk disk, Random random) {
        int reads = 0;
        while (writing.get()) {
            List<Begin> known = begins;
            if (known.isEmpty()) {
                continue;
            }
            // Mostly near the end, where it matters.
            int back = random.nextInt(random.nextInt(4) == 0 ? known.size() : Math.min(30, known.size()));
            Begin from = known.get(known.size() - 1 - back);
            read(disk, from, new int[] {1, 200, 5_000, StoreOnDisk.AMPLE}[random.nextInt(4)]);
            reads++;
        }
        return reads;
    }

    private void read(StoreOnDisk disk, Begin from, int pageBytes) {
        switch (disk.read("s", new ReadFrom.At(from.offset()), pageBytes)) {
            case ReadOutcome.Read(StreamInfo _, Page page) -> {
                int number = from.number();
                assertTrue(!page.events().isEmpty(), "nothing at " + from);
                for (Event event : page.events()) {
                    assertEquals(number++, Integer.parseInt(Appends.text(event)), "from " + from);
                }
            }
            case ReadOutcome.Trimmed(Offset earliest) -> {
                assertTrue(from.offset().isBefore(earliest), from + " is not in front of " + earliest);
                turnedAway.incrementAndGet();
            }
            case ReadOutcome other -> throw new AssertionError(other);
        }
    }
}
