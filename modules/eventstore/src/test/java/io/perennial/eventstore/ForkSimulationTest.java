package io.perennial.eventstore;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random scripts against a model in memory.
///
/// `-Deventstore.seed=N` begins with the round of that seed and replays it exactly, `-Deventstore.rounds=N` plays so
/// many.
class ForkSimulationTest {
    private static final int ROUNDS = 4;

    @Test
    void any_interleaving_of_appends_closes_forks_deletes_expiries_restarts_and_reads_equals_the_model(
            @TempDir Path directory) throws Exception {
        long first = Long.getLong("eventstore.seed", System.nanoTime());
        for (long seed = first; seed < first + Integer.getInteger("eventstore.rounds", ROUNDS); seed++) {
            try (var disk = new StoreOnDisk(directory.resolve("seed-" + seed))) {
                new ForkRound(disk, seed).run();
            }
        }
    }
}
