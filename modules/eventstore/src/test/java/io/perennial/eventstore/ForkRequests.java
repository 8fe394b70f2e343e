package io.perennial.eventstore;

import io.perennial.eventstore.Append.Closing;
import io.perennial.eventstore.Append.IfAbsent;
import io.perennial.eventstore.ForkModel.Held;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Random requests, most of which make sense for the streams that there are.
final class ForkRequests {
    private static final int NAMES = 8;
    private static final ContentType TEXT = new ContentType("text/plain");

    private final ForkModel model;
    private final SteppingClock clock;
    private final Random random;

    ForkRequests(ForkModel model, SteppingClock clock, Random random) {
        this.model = model;
        this.clock = clock;
        this.random = random;
    }

    String name() {
        return "s" + random.nextInt(NAMES);
    }

    <T> Optional<T> some(List<T> list) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list.get(random.nextInt(list.size())));
    }

    Create fresh(int step) {
        ContentType type = random.nextBoolean() ? ContentType.JSON : TEXT;
        return maybeClosed(new Create(
                Appends.key(name()), new Create.Fresh(type), lifetime(), Closing.STAY_OPEN, events(step, type, true)));
    }

    Create fork(int step) {
        String name = name();
        String source = name();
        var fork = Creates.fork(name, source, point(source), Math.max(0, random.nextInt(8) - 3));
        ContentType type =
                model.find(source).map(life -> life.born.contentType()).orElse(ContentType.JSON);
        return Creates.lasting(
                lifetime(),
                maybeClosed(new Create(
                        fork.stream(), fork.origin(), fork.lifetime(), fork.closing(), events(step, type, true))));
    }

    private Create maybeClosed(Create create) {
        return random.nextInt(12) == 0 ? Creates.closed(create) : create;
    }

    // At an event, behind it, somewhere else, or beyond all.
    private ReadFrom point(String source) {
        Optional<Held> event = model.find(source).flatMap(life -> some(life.events));
        if (random.nextInt(4) == 0 || event.isEmpty()) {
            return switch (random.nextInt(4)) {
                case 0 -> ReadFrom.START;
                case 1 -> new ReadFrom.At(Offset.since(clock.instant().minusSeconds(random.nextInt(60) - 5)));
                default -> ReadFrom.TAIL;
            };
        }
        Offset offset = event.get().offset();
        return new ReadFrom.At(random.nextBoolean() ? offset : offset.next());
    }

    private Lifetime lifetime() {
        return switch (random.nextInt(8)) {
            case 0 -> Creates.sliding(20 + random.nextInt(3) * 20);
            case 1 -> new Lifetime.Until(clock.instant().plusSeconds(1L + random.nextInt(100)));
            default -> Lifetime.UNLIMITED;
        };
    }

    private List<byte[]> events(int step, ContentType type, boolean possiblyNone) {
        int most = type.equals(ContentType.JSON) ? 4 : 1;
        List<byte[]> events = new ArrayList<>();
        for (int i = random.nextInt(most + 1) + (possiblyNone ? 0 : 1); i > 0 && events.size() < most; i--) {
            events.addAll(Appends.bytes(step + ":" + "x".repeat(random.nextInt(12)) + i));
        }
        return events;
    }

    Append append(String name, int step) {
        ContentType type = model.find(name).map(life -> life.born.contentType()).orElse(TEXT);
        boolean closes = random.nextInt(12) == 0;
        return new Append(
                Appends.key(name),
                type,
                events(step, type, closes),
                // Each its own, so that each leaves a row that has to go some day.
                random.nextInt(4) == 0 ? new Producer.Idempotent("p" + step, 0, 0) : Producer.ANONYMOUS,
                random.nextInt(4) == 0 ? new WriterSeq.Value(String.valueOf(random.nextInt(100))) : WriterSeq.NONE,
                closes ? Closing.CLOSE : Closing.STAY_OPEN,
                IfAbsent.REJECT);
    }
}
