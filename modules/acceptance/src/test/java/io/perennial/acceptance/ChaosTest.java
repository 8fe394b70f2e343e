package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Followers of each kind through a network that breaks, of a server that is stopped and killed, and whose clock steps.
/// `-Dperennial.chaos-events=40000` is the long run, and `-Dperennial.seed=N` repeats one.
class ChaosTest {
    private static final int EVENTS = Integer.getInteger("perennial.chaos-events", 4_000);
    private static final long SEED = Long.getLong("perennial.seed", System.nanoTime() & 0xffff_ffffL);
    private static final int STREAMS = 3;
    private static final int FOLLOWERS_OF_A_KIND = 3;
    private static final int EVENTS_PER_BLOW = 1_200;
    private static final List<String> CLOCKS = List.of("+0", "+3600", "-3600");

    @AutoClose
    private final Machine machine = new Machine();

    private final Random random = new Random(SEED);
    private final AtomicReference<Server> current = new AtomicReference<>();
    private final List<ChaosWriter> writers = new ArrayList<>();
    private final List<ChaosFollower> followers = new ArrayList<>();
    private int kills;
    private int stops;
    private int steps;

    @Test
    void every_follower_gets_every_event_once_in_order_whatever_breaks() throws Exception {
        stepTo("+0");
        machine.with("LD_PRELOAD", Tool.fakeTime().toString())
                .with("FAKETIME_TIMESTAMP_FILE", clock().toString())
                .with("FAKETIME_NO_CACHE", "1")
                .with("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        current.set(start());
        try (ChaosProxy proxy = new ChaosProxy(() -> current.get().url(), SEED)) {
            List<Future<?>> running = begin(proxy);
            while (appended() < STREAMS * (long) EVENTS) {
                long next = Math.min(appended() + EVENTS_PER_BLOW, STREAMS * (long) EVENTS);
                Eventually.holds("seed " + SEED + ": " + next + " are appended", () -> {
                    failed(running);
                    return appended() >= next;
                });
                blow();
            }
            for (Future<?> one : running) {
                one.get(2, TimeUnit.MINUTES);
            }
            System.out.printf(
                    "chaos: seed %d, %,d events delivered to %d followers, 0 lost, 0 repeated, 0 reordered; connections"
                            + " %s, %d kills, %d stops, %d steps of the clock, %d appends repeated, %,d connections"
                            + " of followers%n",
                    SEED,
                    followers.stream().mapToLong(ChaosFollower::seen).sum(),
                    followers.size(),
                    proxy.fates(),
                    kills,
                    stops,
                    steps,
                    writers.stream().mapToLong(ChaosWriter::repeats).sum(),
                    followers.stream().mapToLong(ChaosFollower::connections).sum());
        }
        assertTrue(kills > 0 && stops > 0 && steps > 0, "nothing happened");
        current.get().stop();
    }

    private List<Future<?>> begin(ChaosProxy proxy) throws Exception {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            String session = "s" + i;
            HttpResponse<String> created = current.get()
                    .client()
                    .send("PUT", "/v1/stream/sessions/" + session, "", "Content-Type", "application/json");
            assertEquals(201, created.statusCode(), created.body());
            ChaosWriter writer = new ChaosWriter(proxy.url(), session, SEED + i);
            writers.add(writer);
            running.add(Eventually.start(() -> writer.append(EVENTS)));
            for (ChaosFollower.Way way : ChaosFollower.Way.values()) {
                for (int j = 0; j < FOLLOWERS_OF_A_KIND; j++) {
                    ChaosFollower follower = new ChaosFollower(way, proxy.url(), session);
                    followers.add(follower);
                    running.add(Eventually.start(() -> follower.follow(EVENTS)));
                }
            }
        }
        return running;
    }

    private long appended() {
        return writers.stream().mapToLong(ChaosWriter::appended).sum();
    }

    private static void failed(List<Future<?>> running) {
        for (Future<?> one : running) {
            if (one.state() == Future.State.FAILED) {
                throw new AssertionError("seed " + SEED, one.exceptionNow());
            }
        }
    }

    private void blow() throws Exception {
        switch (random.nextInt(3)) {
            case 0 -> {
                current.get().kill();
                kills++;
                step();
                current.set(start());
            }
            case 1 -> {
                // How fast isn't the question here: StopTest's is.
                current.get().process().signal("TERM");
                assertEquals(
                        0,
                        current.get().process().exitCode(),
                        current.get().process().err());
                stops++;
                step();
                current.set(start());
            }
            default -> step();
        }
    }

    private void step() throws IOException {
        stepTo(CLOCKS.get(random.nextInt(CLOCKS.size())));
        steps++;
    }

    // As a whole, so that nobody reads a part of it.
    private void stepTo(String offset) throws IOException {
        Path next = machine.file("clock.next", offset + "\n");
        Files.move(next, clock(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path clock() {
        return machine.folder().resolve("clock");
    }

    private Server start() throws Exception {
        return machine.server("--heartbeat", "PT1S", "--long-poll-wait", "PT2S", "--sse-lifetime", "PT3S");
    }
}
