package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// What a server holds on to at one moment.
///
/// @param virtualThreads those that somebody could still wake
/// @param heapBytes what is alive, after a collection
record Vitals(int threads, int virtualThreads, int descriptors, long heapBytes) {
    /// Room for a pool that grows, a connection that is kept, a cache that fills up: far less than one for each client.
    private static final int FEW = 16;

    private static final long LITTLE_BYTES = 16L << 20;
    private static final Duration WITHIN = Duration.ofSeconds(60);

    static Vitals of(Server server) throws Exception {
        long pid = server.process().pid();
        // Collects first, and counts what is left, whichever the collector.
        Process jcmd = new ProcessBuilder(Tool.jcmd().toString(), Long.toString(pid), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, jcmd.waitFor(), histogram);
        ProcessUse use = ProcessUse.of(pid);
        return new Vitals(
                use.threads(),
                (int) column(histogram, " java.lang.VirtualThread ", 1),
                use.descriptors(),
                column(histogram, "Total ", 2));
    }

    private static long column(String histogram, String row, int column) {
        return histogram
                .lines()
                .filter(line -> line.contains(row))
                .map(line -> List.of(line.strip().split("\\s+")))
                .mapToLong(columns -> Long.parseLong(columns.get(column)))
                .findFirst()
                .orElse(0);
    }

    /// Waits until the server has let go of whatever it has taken since then.
    static Vitals assertBack(Server server, Vitals before) throws Exception {
        Vitals[] last = new Vitals[1];
        try {
            Eventually.holds("what it was: " + before, WITHIN, () -> {
                last[0] = of(server);
                return last[0].isAbout(before);
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; it is " + last[0], e);
        }
        return last[0];
    }

    private boolean isAbout(Vitals before) {
        return threads <= before.threads + FEW
                && virtualThreads <= before.virtualThreads + FEW
                && descriptors <= before.descriptors + FEW
                && heapBytes <= before.heapBytes + LITTLE_BYTES;
    }

    @Override
    public String toString() {
        return threads + " threads, " + virtualThreads + " virtual ones, " + descriptors + " descriptors, "
                + heapBytes / 1024 + " KiB alive";
    }
}
