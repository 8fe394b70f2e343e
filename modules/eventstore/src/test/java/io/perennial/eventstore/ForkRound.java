package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Append.Closing;
import io.perennial.eventstore.ForkModel.Begin;
import io.perennial.eventstore.ForkModel.Held;
import io.perennial.eventstore.ForkModel.Life;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// One random script on a few streams that fork each other, and what is compared with the model on the way.
final class ForkRound {
    private static final int STEPS = 150;

    private final StoreOnDisk disk;
    private final long seed;
    private final Random random;
    private final ForkModel model = new ForkModel();
    private final ForkRequests requests;
    private final ForkInvariants invariants;
    private int step;
    private int appends;

    ForkRound(StoreOnDisk disk, long seed) {
        this.disk = disk;
        this.seed = seed;
        this.random = new Random(seed);
        this.requests = new ForkRequests(model, disk.clock(), random);
        this.invariants = new ForkInvariants(disk, random, this::where);
    }

    private String where() {
        return "seed " + seed + ", step " + step;
    }

    void run() throws Exception {
        for (step = 0; step < STEPS; step++) {
            switch (random.nextInt(24)) {
                case 0 -> reopen();
                case 1 -> settle();
                case 2, 3 -> letTimePass();
                case 4, 5 -> delete(requests.name());
                case 6, 7, 8 -> create(requests.fresh(step));
                case 9, 10, 11, 12, 13, 14 -> create(requests.fork(step));
                default -> append(requests.name());
            }
            requests.some(model.alive()).ifPresent(this::compare);
            if (step % 30 == 0) {
                compareAll();
            }
        }
        compareAll();
        reopen();
        compareAll();
        nothing_is_left_once_all_is_deleted_and_reclaimed();
    }

    private void compare(Life life) {
        touch(life);
        invariants.hold_of(life);
    }

    private void compareAll() {
        for (Life life : model.alive()) {
            touch(life);
            invariants.hold_from_everywhere_of(life);
        }
        the_list_equals_the_model();
        what_is_kept_is_gone_and_its_forks_read_everything();
    }

    private void the_list_equals_the_model() {
        List<StreamInfo> expected = model.alive().stream()
                .map(Life::info)
                .sorted(Comparator.comparing(info -> info.key().path()))
                .toList();
        List<StreamInfo> listed = new ArrayList<>();
        List<StreamInfo> page = disk.store().streams("s", "", 3);
        while (!page.isEmpty()) {
            listed.addAll(page);
            page = disk.store().streams("s", page.getLast().key().path(), 3);
        }
        assertEquals(expected, listed, this::where);
    }

    private void what_is_kept_is_gone_and_its_forks_read_everything() {
        for (Life kept : model.all()) {
            if (kept.isKept) {
                assertInstanceOf(HeadOutcome.SoftDeleted.class, disk.head(kept.name()), this::where);
                assertInstanceOf(ReadOutcome.SoftDeleted.class, disk.read(kept.name(), ReadFrom.START, 1), this::where);
                model.alive().stream()
                        .filter(life -> life.source.equals(Optional.of(kept)))
                        .forEach(this::compare);
            }
        }
    }

    private void touch(Life life) {
        life.touchedMillis = disk.clock().millis();
    }

    // Nobody could reach them meanwhile.
    private void reopen() {
        disk.reopen();
        model.all().forEach(this::touch);
    }

    private void settle() {
        disk.accepted(Appends.of("filling", Collections.nCopies(StoreOnDisk.SETTLED_EVENTS, new byte[1])));
    }

    private void letTimePass() {
        disk.clock().step(Duration.ofSeconds(random.nextInt(40)));
        List<Life> expired = model.alive().stream()
                .filter(life -> life.isExpired(disk.clock().instant()))
                .toList();
        for (Life life : expired) {
            // Which it is depends on whether forks of it that have expired, too, were looked at.
            assertTrue(!(disk.head(life.name()) instanceof HeadOutcome.Found), this::where);
            assertTrue(!(disk.read(life.name(), ReadFrom.START, 1) instanceof ReadOutcome.Read), this::where);
        }
        for (Life life : expired) {
            disk.delete(life.name());
        }
        expired.forEach(model::remove);
    }

    private void delete(String name) {
        Optional<Life> life = model.find(name);
        DeleteOutcome expected = life.map(there -> there.isKept ? DeleteOutcome.SOFT_DELETED : DeleteOutcome.DELETED)
                .orElse(DeleteOutcome.ABSENT);
        assertEquals(expected, disk.delete(name), this::where);
        if (expected == DeleteOutcome.DELETED) {
            model.remove(life.orElseThrow());
        }
    }

    private void create(Create create) {
        Optional<Life> there = model.find(create.stream().path());
        CreateOutcome outcome = disk.create(create);
        if (there.isPresent()) {
            CreateOutcome expected = model.found(there.get(), create);
            if (expected instanceof CreateOutcome.Differs) {
                assertInstanceOf(CreateOutcome.Differs.class, outcome, () -> create + ", " + where());
            } else {
                assertEquals(expected, outcome, () -> create + ", " + where());
            }
            return;
        }
        switch (model.begin(create)) {
            case Begin.Refused(CreateOutcome expected) ->
                assertEquals(expected, outcome, () -> create + ", " + where());
            case Begin.With with -> {
                var created = assertInstanceOf(CreateOutcome.Created.class, outcome, () -> create + ", " + where());
                StreamInfo info = created.stream();
                var born = new StreamInfo(
                        create.stream(),
                        info.created(),
                        with.type(),
                        info.tail(),
                        info.ending(),
                        with.lifetime(),
                        Retention.UNLIMITED);
                Life life = new Life(born, with, create, disk.clock().millis());
                if (!life.isExpired(disk.clock().instant())) {
                    life.add(held(life, life.tail(), create.events()));
                }
                model.add(life);
                assertEquals(life.info(), info, () -> create + ", " + where());
                compare(life);
            }
        }
    }

    private void append(String name) {
        Optional<Life> there = model.find(name);
        Append append = requests.append(name, step);
        AppendOutcome outcome = disk.append(append);
        if (there.isEmpty()) {
            assertEquals(rejected(new Rejection.Absent()), outcome, this::where);
        } else if (there.get().isKept) {
            assertEquals(rejected(new Rejection.SoftDeleted()), outcome, this::where);
        } else {
            appended(there.get(), append, outcome);
        }
    }

    private void appended(Life life, Append append, AppendOutcome outcome) {
        Optional<String> seq =
                append.writerSeq() instanceof WriterSeq.Value(String value) ? Optional.of(value) : Optional.empty();
        boolean regresses =
                seq.isPresent() && life.writerSeq.isPresent() && seq.get().compareTo(life.writerSeq.get()) <= 0;
        if (life.isClosed) {
            boolean again = append.events().isEmpty() && append.producer().equals(Producer.ANONYMOUS);
            AppendOutcome refusal = rejected(new Rejection.Closed(life.tail()));
            assertEquals(
                    again ? new AppendOutcome.Duplicate(life.tail(), Ending.CLOSED, 0) : refusal, outcome, this::where);
            life.touchedMillis = again ? disk.clock().millis() : life.touchedMillis;
        } else if (regresses) {
            assertEquals(rejected(new Rejection.SequenceRegressed(life.writerSeq.orElseThrow())), outcome, this::where);
        } else {
            Offset before = life.tail();
            life.add(held(life, before, append.events()));
            life.isClosed = append.closing() == Closing.CLOSE;
            life.writerSeq = seq.or(() -> life.writerSeq);
            touch(life);
            Offset first = append.events().isEmpty()
                    ? before
                    : life.events
                            .get(life.events.size() - append.events().size())
                            .offset();
            assertEquals(new AppendOutcome.Appended(first, life.tail(), life.ending()), outcome, this::where);
        }
    }

    private static AppendOutcome rejected(Rejection reason) {
        return new AppendOutcome.Rejected(reason);
    }

    // Which offsets they were given only the store knows.
    private List<Held> held(Life life, Offset from, List<byte[]> events) {
        appends++;
        List<Held> held = new ArrayList<>();
        if (!events.isEmpty()) {
            List<Event> stored = disk.from(life.name(), new ReadFrom.At(from), StoreOnDisk.AMPLE);
            assertEquals(events.size(), stored.size(), this::where);
            for (int i = 0; i < events.size(); i++) {
                String data = Appends.text(new Event(from, events.get(i), 0));
                held.add(new Held(stored.get(i).offset(), data, appends));
            }
        }
        return held;
    }

    private void nothing_is_left_once_all_is_deleted_and_reclaimed() throws Exception {
        List<Life> left = new ArrayList<>(model.alive());
        Collections.shuffle(left, random);
        left.forEach(life -> delete(life.name()));
        assertEquals(List.of(), model.all(), this::where);
        disk.delete("filling");
        for (String table : List.of("stream", "producer")) {
            assertEquals(0, disk.number("SELECT count(*) FROM " + table), () -> table + ", " + where());
        }
        for (String table : List.of("reclaim", "journal", "chunk")) {
            Eventually.holds(
                    "nothing is left in " + table + ", " + where(),
                    () -> disk.number("SELECT count(*) FROM " + table) == 0);
        }
    }
}
