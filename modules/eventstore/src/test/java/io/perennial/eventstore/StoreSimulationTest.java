package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.perennial.eventstore.Append.Closing;
import io.perennial.eventstore.Append.IfAbsent;
import io.perennial.eventstore.Producer.Idempotent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random requests, failures, restarts and clock steps, one after the other, against a model in memory that is too
/// simple to be wrong.
///
/// `-Deventstore.seed=N` replays the rounds of that seed exactly.
class StoreSimulationTest {
    private static final int STEPS = 250;

    /// A stream as it should be.
    private static final class Model {
        final List<String> events = new ArrayList<>();
        final List<Offset> offsets = new ArrayList<>();
        final Map<String, Idempotent> producers = new HashMap<>();
        boolean closed;
        Producer closer = Producer.ANONYMOUS;
    }

    @Test
    void whatever_is_asked_the_store_does_as_the_model(@TempDir Path directory) throws Exception {
        long seed = Long.getLong("eventstore.seed", System.nanoTime());
        for (BrokenDisk how : BrokenDisk.values()) {
            try (var disk = new StoreOnDisk(directory.resolve(how.name()))) {
                disk.sql(how.sql());
                new Round(disk, seed).run();
            }
        }
    }

    private static final class Round {
        private final StoreOnDisk disk;
        private final long seed;
        private final Random random;
        private final Map<String, Model> models = new HashMap<>();
        private int step;

        Round(StoreOnDisk disk, long seed) {
            this.disk = disk;
            this.seed = seed;
            this.random = new Random(seed);
        }

        void run() {
            for (step = 0; step < STEPS; step++) {
                String stream = "s" + random.nextInt(4);
                switch (random.nextInt(20)) {
                    case 0 -> delete(stream);
                    case 1 -> disk.reopen();
                    case 2 -> disk.clock().step(Duration.ofMinutes(random.nextInt(100) - 50));
                    case 3 -> fail(stream);
                    case 4 -> settle();
                    case 5, 6, 7 -> read(stream);
                    default -> append(stream);
                }
            }
            for (String stream : List.of("s0", "s1", "s2", "s3")) {
                read(stream);
            }
        }

        private void delete(String stream) {
            var expected = models.remove(stream) == null ? DeleteOutcome.ABSENT : DeleteOutcome.DELETED;
            assertEquals(expected, disk.delete(stream), where());
        }

        private void fail(String stream) {
            Model model = models.get(stream);
            if (model == null || !model.closed) {
                String type = model == null ? "text/plain" : type(stream).value();
                Append append = Appends.typed(type, Appends.of(stream, "good", BrokenDisk.POISON));
                assertThrows(StorageException.class, () -> disk.append(append), where());
            }
        }

        private void settle() {
            disk.accepted(Appends.of("other", Collections.nCopies(StoreOnDisk.SETTLED_EVENTS, new byte[1])));
        }

        private void append(String stream) {
            Append append = request(stream);
            AppendOutcome outcome = disk.append(append);
            switch (outcome) {
                case AppendOutcome.Appended(Offset begin, Offset next, Ending ending) -> {
                    assertEquals("store", expected(append), () -> where() + ", " + append);
                    store(append, begin, next);
                    assertEquals(append.closing() == Closing.CLOSE, ending == Ending.CLOSED, where());
                }
                case AppendOutcome.Duplicate(Offset tail, Ending ending, long lastSeq) -> {
                    assertEquals("duplicate", expected(append), () -> where() + ", " + append);
                    assertEquals(disk.info(stream).tail(), tail, where());
                    assertEquals(there(stream).closed, ending == Ending.CLOSED, where());
                    assertEquals(lastSeq(append), lastSeq, where());
                }
                case AppendOutcome.Rejected(Rejection reason) ->
                    assertEquals(reason.getClass().getSimpleName(), expected(append), () -> where() + ", " + append);
            }
        }

        private Append request(String stream) {
            List<byte[]> events = new ArrayList<>();
            for (int i = random.nextInt(10) % 4 + (random.nextInt(8) > 0 ? 1 : 0); i > 0; i--) {
                events.add(Appends.bytes("event-" + step + "-" + i).getFirst());
            }
            boolean closing = events.isEmpty() || random.nextInt(20) == 0;
            return new Append(
                    Appends.key(stream),
                    random.nextInt(15) == 0 ? new ContentType("text/plain") : ContentType.JSON,
                    events,
                    producer(stream),
                    WriterSeq.NONE,
                    closing ? Closing.CLOSE : Closing.STAY_OPEN,
                    random.nextInt(10) == 0 ? IfAbsent.REJECT : IfAbsent.CREATE);
        }

        // Mostly the next number, and now and then a retry, a gap or another epoch.
        private Producer producer(String stream) {
            String id = "p" + random.nextInt(3);
            Idempotent last =
                    models.containsKey(stream) ? models.get(stream).producers.get(id) : null;
            long epoch = last == null ? 0 : last.epoch();
            long seq = last == null ? 0 : last.seq() + 1;
            return switch (random.nextInt(12)) {
                case 0, 1, 2, 3, 4 -> Producer.ANONYMOUS;
                case 5 -> new Idempotent(id, epoch + 1, random.nextInt(2));
                case 6 -> new Idempotent(id, Math.max(0, epoch - 1), seq);
                case 7 -> new Idempotent(id, epoch, seq + 1);
                case 8 -> new Idempotent(id, epoch, Math.max(0, seq - 1 - random.nextInt(2)));
                default -> new Idempotent(id, epoch, seq);
            };
        }

        private String expected(Append append) {
            Model model = models.get(append.stream().path());
            if (model == null && append.ifAbsent() == IfAbsent.REJECT) {
                return "Absent";
            }
            if (model != null && model.closed) {
                boolean again = append.producer().equals(Producer.ANONYMOUS)
                        ? append.events().isEmpty()
                        : append.producer().equals(model.closer);
                return again ? "duplicate" : "Closed";
            }
            boolean typed = model != null && !append.events().isEmpty();
            if (typed && !append.contentType().equals(type(append.stream().path()))) {
                return "OtherContentType";
            }
            return append.producer() instanceof Idempotent producer ? numbered(model, producer) : "store";
        }

        private static String numbered(@Nullable Model model, Idempotent producer) {
            Idempotent last = model == null ? null : model.producers.get(producer.id());
            if (last == null) {
                return producer.seq() == 0 ? "store" : "SequenceGap";
            }
            if (producer.epoch() != last.epoch()) {
                String newer = producer.seq() == 0 ? "store" : "EpochNotBegunAtZero";
                return producer.epoch() < last.epoch() ? "StaleEpoch" : newer;
            }
            String later = producer.seq() == last.seq() + 1 ? "store" : "SequenceGap";
            return producer.seq() <= last.seq() ? "duplicate" : later;
        }

        // The store is asked for the type that a stream was created with: who creates it may be of either.
        private ContentType type(String stream) {
            return disk.info(stream).contentType();
        }

        private long lastSeq(Append append) {
            return append.producer() instanceof Idempotent(String id, long _, long _)
                    ? Objects.requireNonNull(
                                    there(append.stream().path()).producers.get(id))
                            .seq()
                    : 0;
        }

        private void store(Append append, Offset begin, Offset next) {
            Model model = models.computeIfAbsent(append.stream().path(), _ -> new Model());
            Offset before = model.offsets.isEmpty() ? Offset.LEAST : model.offsets.getLast();
            assertFalse(begin.isBefore(before), where());
            List<Event> events = disk.from(append.stream().path(), new ReadFrom.At(begin), 1 << 20);
            assertEquals(append.events().size(), events.size(), where());
            model.events.addAll(Appends.texts(append.events().stream()
                    .map(data -> new Event(begin, data, 0))
                    .toList()));
            model.offsets.addAll(Appends.offsets(events));
            assertEquals(disk.info(append.stream().path()).tail(), next, where());
            if (append.closing() == Closing.CLOSE) {
                model.closed = true;
                model.closer = append.producer();
            }
            if (append.producer() instanceof Idempotent producer) {
                model.producers.put(producer.id(), producer);
            }
        }

        private void read(String stream) {
            Model model = models.get(stream);
            if (model == null) {
                assertInstanceOf(ReadOutcome.Absent.class, disk.read(stream, ReadFrom.START, 1), where());
                return;
            }
            int from = random.nextInt(model.offsets.size() + 1);
            ReadFrom begin = from < model.offsets.size() ? new ReadFrom.At(model.offsets.get(from)) : ReadFrom.TAIL;
            int pageBytes = List.of(1, 30, 1_000).get(random.nextInt(3));
            assertEquals(
                    model.events.subList(from, model.events.size()),
                    Appends.texts(disk.from(stream, begin, pageBytes)),
                    where());
            assertEquals(model.events, Appends.texts(disk.everything(stream)), where());
            assertEquals(
                    model.closed ? Ending.CLOSED : Ending.UP_TO_DATE,
                    disk.page(stream, ReadFrom.TAIL).ending(),
                    where());
        }

        private Model there(String stream) {
            return Objects.requireNonNull(models.get(stream));
        }

        private String where() {
            return "seed " + seed + ", step " + step;
        }
    }
}
