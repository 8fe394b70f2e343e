package io.perennial.eventstore;

import io.perennial.eventstore.Append.Closing;
import io.perennial.eventstore.PowerState.Held;
import io.perennial.eventstore.PowerState.Step;
import io.perennial.eventstore.Producer.Idempotent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// What one client does to streams of its own, one step after the other, and what these hold after each: the same for
/// the same seed.
final class PowerScript {
    static final int CLIENTS = 3;
    static final int PARTS = 6;
    static final int STEPS_OF_A_PART = 6;
    static final int STEPS = PARTS * STEPS_OF_A_PART;

    private static final int MANY_EVENTS = 1_000;
    private static final int LARGE_BYTES = 20_000;
    private static final int FEW_KEPT = 40;
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

    private final int client;
    private final Random random;
    private final List<Step> steps = new ArrayList<>();
    private final List<PowerState> states = new ArrayList<>(List.of(PowerState.EMPTY));

    PowerScript(long seed, int client) {
        this.client = client;
        this.random = new Random(31 * seed + client);
        while (steps.size() < STEPS) {
            next().ifPresent(step -> {
                states.add(states.getLast().after(step));
                steps.add(step);
            });
        }
    }

    Step step(int number) {
        return steps.get(number);
    }

    /// What there is after so many steps.
    PowerState after(int count) {
        return states.get(count);
    }

    List<String> names() {
        return NAMES.stream().map(name -> client + "/" + name).toList();
    }

    // None where the dice fall on something that would be refused.
    private Optional<Step> next() {
        String stream = names().get(random.nextInt(NAMES.size()));
        Optional<Held> held = states.getLast().find(stream);
        boolean takesMany = held.map(Held::isOpen).orElse(true);
        if (takesMany && steps.size() % STEPS_OF_A_PART == client) {
            return Optional.of(new Step.Appending(Appends.of(stream, events(MANY_EVENTS + random.nextInt(400)))));
        }
        return held.map(found -> toThis(stream, found)).orElseGet(() -> Optional.of(create(stream)));
    }

    private Step create(String stream) {
        List<String> sources = names().stream()
                .filter(name -> states.getLast()
                        .find(name)
                        .filter(held -> !held.isKept() && !held.isTrimmed())
                        .isPresent())
                .toList();
        if (!sources.isEmpty() && random.nextInt(2) == 0) {
            return fork(stream, sources.get(random.nextInt(sources.size())));
        }
        if (random.nextInt(3) == 0) {
            return new Step.Appending(byProducer("p", 0, 0, Appends.of(stream, events(3))));
        }
        Retention retention =
                random.nextInt(3) == 0 ? new Retention(Retention.ALL, Retention.ALL, FEW_KEPT) : Retention.UNLIMITED;
        return new Step.Creating(new Create(
                Appends.key(stream),
                new Create.Fresh(ContentType.JSON),
                Lifetime.UNLIMITED,
                retention,
                Closing.STAY_OPEN,
                events(random.nextInt(4))));
    }

    // Of all of it, or of the first event: of the source's own, so that it came with an append.
    private Step fork(String stream, String source) {
        Held held = states.getLast().find(source).orElseThrow();
        boolean isOfAll = held.events().isEmpty() || held.source().isPresent() || random.nextBoolean();
        Create fork = isOfAll ? Creates.fork(stream, source) : Creates.fork(stream, source, ReadFrom.START, 1);
        return new Step.Creating(
                new Create(fork.stream(), fork.origin(), fork.lifetime(), fork.closing(), events(random.nextInt(3))));
    }

    private Optional<Step> toThis(String stream, Held held) {
        if (held.isKept() || (held.isClosed() && random.nextBoolean())) {
            return Optional.empty();
        }
        int dice = held.isClosed() ? 0 : random.nextInt(20);
        return Optional.of(
                switch (dice) {
                    case 0, 1 -> new Step.Deleting(stream);
                    case 2 -> new Step.Appending(Appends.closing(byProducer(stream, held)));
                    case 3 -> new Step.Appending(Appends.closing(stream));
                    case 4, 5, 6 -> new Step.Appending(Appends.of(stream, events(random.nextInt(2, 50))));
                    case 7, 8, 9, 10, 11, 12 -> new Step.Appending(byProducer(stream, held));
                    case 13, 14 -> new Step.Appending(Appends.of(stream, List.of(large())));
                    default -> new Step.Appending(Appends.of(stream, events(1)));
                });
    }

    private Append byProducer(String stream, Held held) {
        String id = random.nextBoolean() ? "p" : "q";
        Optional<Idempotent> known = held.known(id);
        if (known.isEmpty()) {
            return byProducer(id, random.nextInt(3), 0, Appends.of(stream, events(1)));
        }
        long epoch = known.get().epoch();
        return switch (random.nextInt(6)) {
            case 0 -> held.last().getOrDefault(id, Appends.of(stream, events(1)));
            case 1 -> byProducer(id, epoch + 1, 0, Appends.of(stream, events(2)));
            default -> byProducer(id, epoch, known.get().seq() + 1, Appends.of(stream, events(random.nextInt(1, 4))));
        };
    }

    private static Append byProducer(String id, long epoch, long seq, Append append) {
        return Appends.by(id, epoch, seq, append);
    }

    private List<byte[]> events(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> Appends.bytes(name(number)).getFirst())
                .toList();
    }

    private byte[] large() {
        return Appends.bytes(name(0) + " ".repeat(random.nextInt(LARGE_BYTES))).getFirst();
    }

    // No two events have the same.
    private String name(int number) {
        return client + "." + steps.size() + "." + number;
    }
}
