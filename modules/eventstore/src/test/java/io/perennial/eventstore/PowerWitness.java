package io.perennial.eventstore;

import io.perennial.eventstore.PowerState.Held;
import io.perennial.eventstore.Producer.Idempotent;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Opens what one loss of power left, and compares it with what was acknowledged before.
///
/// Each client had at most one request under way. So its streams, and the producers in them, are exactly as after the
/// last step that it was told of, or as after the next: an append that is there by half, or without its producer, fits
/// neither.
final class PowerWitness {
    private static final String AFTERWARDS = "afterwards";

    private final StoreOnDisk disk;
    private final Acknowledged acknowledged;
    private final PowerReport report;
    private final String where;
    private final Map<String, Found> found = new HashMap<>();
    private final Map<String, Held> matched = new HashMap<>();

    /// What is there of a stream.
    private record Found(boolean isClosed, boolean isSoftDeleted, List<Event> events) {
        List<String> texts() {
            return PowerState.texts(events.stream().map(Event::data).toList());
        }

        boolean isAs(Held held) {
            return held.isKept() == isSoftDeleted
                    && (isSoftDeleted || (held.isClosed() == isClosed && held.mayHold(texts())));
        }
    }

    private PowerWitness(StoreOnDisk disk, Acknowledged acknowledged, PowerReport report, String where) {
        this.disk = disk;
        this.acknowledged = acknowledged;
        this.report = report;
        this.where = where;
    }

    /// @param directory the store's, if it is there
    static void look(Path directory, Acknowledged acknowledged, PowerReport report, String where) {
        report.cut();
        try {
            try (var disk = new StoreOnDisk(directory)) {
                new PowerWitness(disk, acknowledged, report, where).look();
            }
            sound(DataDirectory.verify(directory), report, where);
        } catch (StorageException e) {
            report.problem(where + ": " + e.getMessage());
        }
    }

    private static void sound(Verification verification, PowerReport report, String where) {
        verification.problems().forEach(sentence -> report.problem(where + ": " + sentence));
    }

    private void look() {
        sound(disk.store().verify(), report, where);
        for (int client = 0; client < PowerScript.CLIENTS; client++) {
            compare(client);
        }
        nothing_else_is_there();
        the_next_offset_is_above_all();
        matched.forEach(this::producers_and_closures_hold);
    }

    private void problem(String sentence) {
        report.problem(where + ": " + sentence);
    }

    private void compare(int client) {
        Map<String, Found> here = new HashMap<>();
        acknowledged.streams(client).forEach(stream -> find(stream).ifPresent(each -> here.put(stream, each)));
        here.forEach(this::offsets_increase_and_are_those_handed_out);
        found.putAll(here);
        acknowledged.possible(client).stream()
                .filter(state -> isAs(here, state))
                .findFirst()
                .ifPresentOrElse(
                        state -> matched.putAll(state.streams()),
                        () -> acknowledged.told(client).streams().forEach(this::differs));
    }

    private Optional<Found> find(String stream) {
        return switch (disk.head(stream)) {
            case HeadOutcome.Absent _ -> Optional.empty();
            case HeadOutcome.SoftDeleted _ -> Optional.of(new Found(false, true, List.of()));
            case HeadOutcome.Found(StreamInfo info) ->
                Optional.of(new Found(info.ending() == Ending.CLOSED, false, disk.everything(stream)));
        };
    }

    private static boolean isAs(Map<String, Found> here, PowerState state) {
        return here.keySet().equals(state.streams().keySet())
                && here.entrySet().stream().allMatch(each -> each.getValue().isAs(state.held(each.getKey())));
    }

    private void differs(String stream, Held told) {
        Found here = found.getOrDefault(stream, new Found(false, false, List.of()));
        if (!here.isAs(told)) {
            problem("the stream %s was told to hold %d events (closed: %b, deleted: %b), and holds %d (%b, %b)"
                    .formatted(
                            stream,
                            told.events().size(),
                            told.isClosed(),
                            told.isKept(),
                            here.events().size(),
                            here.isClosed(),
                            here.isSoftDeleted()));
        }
        if (!told.isKept()) {
            report.differs(told, here.texts());
        }
    }

    private void offsets_increase_and_are_those_handed_out(String stream, Found here) {
        report.seen(here.events().size());
        Offset end = Offset.LEAST;
        for (Event event : here.events()) {
            Offset next = event.offset().next();
            if (event.offset().isBefore(end)) {
                problem("the stream " + stream + " goes back at " + event.offset());
            }
            if (!acknowledged.next(PowerState.text(event.data()), next).equals(next)) {
                problem("the stream " + stream + " has an event under another offset: " + event.offset());
            }
            end = next;
        }
    }

    private void nothing_else_is_there() {
        Set<String> listed = new HashSet<>();
        disk.store()
                .streams("", "", 1_000)
                .forEach(info -> listed.add(info.key().path()));
        Set<String> expected = new HashSet<>();
        found.forEach((stream, here) -> {
            if (!here.isSoftDeleted()) {
                expected.add(stream);
            }
        });
        if (!listed.equals(expected)) {
            problem("there are " + listed + " and not " + expected);
        }
    }

    private void the_next_offset_is_above_all() {
        Offset minted = disk.append(AFTERWARDS, "1").first();
        Offset above = acknowledged.above();
        for (Found here : found.values()) {
            if (!here.events().isEmpty()) {
                above = Offset.later(above, here.events().getLast().offset().next());
            }
        }
        if (minted.isBefore(above)) {
            problem("the next offset is " + minted + ", below " + above);
        }
    }

    private void producers_and_closures_hold(String stream, Held held) {
        AppendOutcome refused = disk.append(Appends.onlyWhereItExists(Appends.of(stream, AFTERWARDS)));
        if (held.isOpen() != refused instanceof AppendOutcome.Appended) {
            problem("an append to " + stream + " was answered " + refused);
        }
        held.last().values().forEach(last -> {
            boolean isKnown = held.isOpen() || (held.isClosed() && last.closing() == Append.Closing.CLOSE);
            if (isKnown && !held.isKept() && last.producer() instanceof Idempotent producer) {
                goOn(producer, last, held.isOpen());
            }
        });
    }

    private void goOn(Idempotent producer, Append last, boolean isOpen) {
        if (!(disk.append(last) instanceof AppendOutcome.Duplicate(Offset _, Ending _, long seq)
                && seq == producer.seq())) {
            problem("a retry was stored, or refused: " + producer + " of " + last.stream());
        }
        Append next = Appends.by(
                producer.id(),
                producer.epoch(),
                producer.seq() + 1,
                Appends.of(last.stream().path(), AFTERWARDS));
        if (isOpen && !(disk.append(next) instanceof AppendOutcome.Appended)) {
            problem("a producer can't go on: " + producer + " of " + last.stream());
        }
    }
}
