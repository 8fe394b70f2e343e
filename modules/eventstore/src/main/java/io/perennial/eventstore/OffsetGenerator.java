package io.perennial.eventstore;

import com.github.f4b6a3.ulid.Ulid;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Assigns offsets, each greater than every one before: the clock's ULID, or the last one plus one where the clock
/// hasn't moved on, or has stepped back by however much.
///
/// The library's own monotonic factory is not used: it forgives a clock that steps back by up to 10 s, follows one that
/// steps back further, and begins anew in each process. Here the last offset of the process before is given.
///
/// For one thread: the writer's.
final class OffsetGenerator {
    private final InstantSource clock;
    private final RandomGenerator random;
    private Ulid last;

    /// @param highWater no offset is assigned at or below it
    OffsetGenerator(Offset highWater, InstantSource clock, RandomGenerator random) {
        this.last = Ulid.from(highWater.bytes());
        this.clock = clock;
        this.random = random;
    }

    Offset mint() {
        long now = clock.millis();
        if (now > last.getTime()) {
            byte[] randomness = new byte[Ulid.RANDOM_BYTES];
            random.nextBytes(randomness);
            last = new Ulid(now, randomness);
        } else {
            last = last.increment();
        }
        return Offset.of(last);
    }

    Offset last() {
        return Offset.of(last);
    }
}
