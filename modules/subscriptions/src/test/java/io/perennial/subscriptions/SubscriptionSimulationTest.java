package io.perennial.subscriptions;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Workers, writers and restarts at random, against a model that knows where every cursor has to be.
///
/// `-Dsubscriptions.seed=N` begins with the round of that seed. It replays every decision, though not the threads'
/// timing.
class SubscriptionSimulationTest {
    private static final int ROUNDS = 8;
    private static final int WEBHOOK_ROUNDS = 4;

    @Test
    @Timeout(120)
    void whatever_happens_every_invariant_holds(@TempDir Path directory) {
        long first = Long.getLong("subscriptions.seed", System.nanoTime());
        for (long seed = first; seed < first + ROUNDS; seed++) {
            try (Site site = new Site(directory.resolve("round-" + seed))) {
                new SubscriptionRound(site, seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    @Test
    @Timeout(120)
    void whatever_a_webhook_does_every_invariant_holds(@TempDir Path directory) {
        long first = Long.getLong("subscriptions.seed", System.nanoTime());
        for (long seed = first; seed < first + WEBHOOK_ROUNDS; seed++) {
            try (Site site = new Site(directory.resolve("webhook-round-" + seed));
                    var receiver = new WebhookReceiver()) {
                new WebhookRound(site, receiver, seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
