package io.perennial.benchmarks;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// A data directory that holds much. It is filled when it is first needed, and goes with the run's other files.
///
/// @param eventsEach how many events each of its streams holds at first
record Store(int streams, int eventsEach) {
    static final String NAME_PREFIX = "growth/";
    static final int NAME_DIGITS = 7;

    /// Its server has just been started, and its code is slow at first.
    static final Duration WARM_UP = Duration.ofSeconds(5);

    private static final int CONNECTIONS = 64;
    private static final Duration TURN = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /// Just below 4 MiB, the most that a server takes at once.
    private static final int BATCH = 27_000;

    static String name(int stream) {
        return NAME_PREFIX + String.format(Locale.ROOT, "%0" + NAME_DIGITS + "d", stream);
    }

    /// What it holds, for the name of a load.
    String text() {
        return streams == 1
                ? String.format(Locale.ROOT, "%,d events in 1 stream", eventsEach)
                : String.format(Locale.ROOT, "%,d streams", streams);
    }

    /// Starts a server of its own on it.
    ///
    /// @param beside the same contender's, in whose directory it is kept
    Running open(Running beside) throws IOException, InterruptedException {
        Path filled = beside.directory().resolveSibling("store-" + streams + "-by-" + eventsEach);
        if (!Files.exists(filled)) {
            Path filling = Files.createTempDirectory(beside.directory().getParent(), "filling");
            try (Running own = beside.contender().start(filling)) {
                fill(own);
            }
            Files.move(filling, filled);
        }
        return beside.contender().start(filled);
    }

    private void fill(Running own) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        if (streams > 1) {
            create(own, deadline);
            return;
        }
        byte[] batch = Events.batch(0, Math.min(BATCH, eventsEach));
        try (Streams one = new Streams(own)) {
            one.create(List.of(name(0)));
            for (int held = 0; held < eventsEach; held += BATCH) {
                one.append(name(0), eventsEach - held < BATCH ? Events.batch(held, eventsEach) : batch);
                requireBefore(deadline);
            }
        }
    }

    private void create(Running own, long deadline) throws IOException {
        try (Loop loop = new Loop()) {
            Creations creations = new Creations(own, this, loop, Math.min(streams, CONNECTIONS));
            while (!creations.areDone()) {
                loop.turn(TURN);
                requireBefore(deadline);
            }
        }
    }

    private void requireBefore(long deadline) throws IOException {
        if (System.nanoTime() > deadline) {
            throw new SocketTimeoutException(
                    "a store of " + text() + " isn't filled after " + LONGEST.toMinutes() + " minutes");
        }
    }
}
