package io.perennial.subscriptions;

import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StorageException;
import io.perennial.subscriptions.Ack.Then;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random appends, deletions, workers, clock steps, failures of the disk and restarts, one after the other, against
/// [Invariants] and a model in memory that is too simple to be wrong: for each stream, from where on nobody is done.
///
/// `-Dsubscriptions.seed=N` replays the rounds of that seed.
class SimulationTest {
    private static final int ROUNDS = 6;
    private static final int STEPS = 150;

    @Test
    void nothing_is_forgotten_and_no_worker_disturbs_another(@TempDir Path directory) throws Exception {
        long seed = Long.getLong("subscriptions.seed", System.nanoTime());
        for (int round = 0; round < ROUNDS; round++) {
            try (ServerOnDisk server = new ServerOnDisk(directory.resolve("round-" + round))) {
                new Round(server, seed + round).run();
            }
        }
    }

    private static final class Round {
        private final ServerOnDisk server;
        private final Random random;
        private final Invariants invariants;
        private final List<ClaimOutcome.Claimed> claims = new ArrayList<>();

        // Per stream that is there and linked: the tail, and what was last acked of it.
        private final Map<String, Offset> tails = new HashMap<>();
        private final Map<String, Offset> acked = new HashMap<>();

        Round(ServerOnDisk server, long seed) {
            this.server = server;
            this.random = new Random(seed);
            this.invariants = new Invariants("seed " + seed);
        }

        void run() throws Exception {
            server.create(Specs.WAKE);
            server.created(Specs.pull("events/*", "named"));
            for (int step = 0; step < STEPS; step++) {
                invariants.step(step);
                switch (random.nextInt(24)) {
                    case 0 -> delete();
                    case 1 -> server.restart();
                    case 2 -> server.restart(this::append);
                    case 3 -> server.step(Duration.ofSeconds(random.nextInt(40)));
                    case 4 -> server.clock().step(Duration.ofSeconds(-random.nextInt(5)));
                    case 5 -> fail();
                    case 6, 7, 8, 9 -> claim();
                    case 10, 11, 12 -> ack(Then.GO_ON);
                    case 13, 14 -> ack(Then.FINISH);
                    case 15 -> release();
                    case 16 -> server.subscriptions().link(ServerOnDisk.ID, Specs.keys("named", "events/0"));
                    default -> append();
                }
                check();
            }
            finish();
        }

        private String stream() {
            int number = random.nextInt(4);
            return number == 0 ? "named" : "events/" + number;
        }

        private void append() {
            String stream = stream();
            tails.put(stream, server.append(stream, "1"));
        }

        private void delete() {
            String stream = stream();
            server.delete(stream);
            tails.remove(stream);
            acked.remove(stream);
        }

        private void fail() {
            server.store().breakEdits();
            try {
                claim();
                ack(Then.FINISH);
            } catch (StorageException _) {
                // As it should: nothing may have changed.
            } finally {
                server.store().mend();
            }
        }

        private void claim() {
            switch (server.subscriptions().claim(ServerOnDisk.ID, "w" + claims.size())) {
                case ClaimOutcome.Claimed claim -> {
                    invariants.claimed(claim.wake(), server.clock().instant());
                    invariants.holds("a worker is woken for something", isPending());
                    claims.add(claim);
                }
                case ClaimOutcome.Refused(Refusal.NothingPending _) ->
                    invariants.holds("what is pending can be claimed", !isPending());
                case ClaimOutcome.Refused(Refusal.AlreadyClaimed(String _, long generation)) ->
                    invariants.held(generation);
                case ClaimOutcome.Refused(Refusal why) -> invariants.holds("never refused for " + why, false);
            }
        }

        private boolean isPending() {
            return tails.keySet().stream().anyMatch(this::isPending);
        }

        private boolean isPending(String stream) {
            return !Objects.equals(tails.get(stream), acked.get(stream));
        }

        /// A worker, often the last one, acks something, right or wrong.
        private void ack(Then then) {
            if (claims.isEmpty()) {
                return;
            }
            var claim = random.nextInt(3) > 0 ? claims.getLast() : claims.get(random.nextInt(claims.size()));
            Map<String, Offset> acks = new HashMap<>();
            claim.links().stream()
                    .filter(_ -> random.nextBoolean())
                    .forEach(link -> acks.put(
                            link.stream().path(),
                            random.nextInt(6) > 0 ? link.tail() : link.tail().next()));
            report(claim, then, acks);
        }

        private void release() {
            if (!claims.isEmpty()) {
                report(claims.get(random.nextInt(claims.size())), Then.FINISH, Map.of());
            }
        }

        private void report(ClaimOutcome.Claimed claim, Then then, Map<String, Offset> acks) {
            switch (server.ack(claim, then, acks)) {
                case ReportOutcome.Taken _ -> {
                    invariants.reported(claim.wake(), then, server.clock().instant());
                    acks.forEach((stream, offset) -> {
                        if (tails.containsKey(stream)) {
                            acked.merge(stream, offset, (a, b) -> a.isBefore(b) ? b : a);
                        }
                    });
                }
                case ReportOutcome.Refused(Refusal.Fenced _) -> invariants.fenced(claim.wake());
                case ReportOutcome.Refused(Refusal why) ->
                    invariants.holds("only a wrong offset is refused: " + why, !acks.isEmpty());
            }
        }

        private void check() {
            SubscriptionView view = server.view();
            invariants.seen(server.clock().instant());
            invariants.cursors(view.links(), tails);
            for (LinkView link : view.links()) {
                String stream = link.stream().path();
                if (tails.containsKey(stream)) {
                    invariants.holds("pending is what nobody acked: " + link, link.isPending() == isPending(stream));
                }
            }
        }

        /// A worker that does its work, at last.
        private void finish() throws Exception {
            server.step(Duration.ofHours(1));
            check();
            long last = server.wakes(Specs.WAKE).isEmpty()
                    ? 0
                    : server.wakes(Specs.WAKE).getLast();
            if (isPending()) {
                var claim = server.claimed("last");
                invariants.claimed(claim.wake(), server.clock().instant());
                Map<String, Offset> acks = new HashMap<>();
                claim.links().forEach(link -> acks.put(link.stream().path(), link.tail()));
                report(claim, Then.FINISH, acks);
            }
            check();
            invariants.holds("everything is done in the end", !isPending());
            invariants.holds("no wake was announced of a generation yet to come", last <= invariants.generation() + 1);
        }
    }
}
