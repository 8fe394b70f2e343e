package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a server holds on to at one moment.
///
/// @param virtualThreads those that somebody could still wake
/// @param heapBytes what is alive, after a collection
record Vitals(int threads, int virtualThreads, int descriptors, long heapBytes) {
    /// Room for a pool that grows, a connection that is kept, a cache that fills up: far less than one for each client.
    private static final int FEW = 16;

    private static final long LITTLE_BYTES = 16L << 20;
    private static final int MOST_FRAMES = 20;
    private static final int MOST_STACKS = 3;
    private static final Duration WITHIN = Duration.ofSeconds(60);

    static Vitals of(Server server) throws Exception {
        long pid = server.process().pid();
        // Collects first, and counts what is left, whichever the collector.
        String histogram = jcmd(server, "GC.class_histogram");
        ProcessUse use = ProcessUse.of(pid);
        return new Vitals(
                use.threads(),
                (int) column(histogram, " java.lang.VirtualThread ", 1),
                use.descriptors(),
                column(histogram, "Total ", 2));
    }

    private static String jcmd(Server server, String... command) throws Exception {
        Process jcmd = new ProcessBuilder(Stream.concat(
                                Stream.of(
                                        Tool.jcmd().toString(),
                                        Long.toString(server.process().pid())),
                                Stream.of(command))
                        .toList())
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, jcmd.waitFor(), said);
        return said;
    }

    // Where most of the virtual threads are.
    private static String stacks(Server server) throws Exception {
        Path dump = Files.createTempFile("threads", ".txt");
        try {
            jcmd(server, "Thread.dump_to_file", "-overwrite", dump.toString());
            Map<String, Long> stacks = Arrays.stream(Files.readString(dump).split("\n\n"))
                    .filter(thread -> thread.contains("virtual"))
                    .collect(Collectors.groupingBy(
                            thread -> thread.lines()
                                    .skip(1)
                                    .filter(line -> line.contains(" at "))
                                    .limit(MOST_FRAMES)
                                    .collect(Collectors.joining("\n")),
                            Collectors.counting()));
            return stacks.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                    .limit(MOST_STACKS)
                    .map(each -> "\n" + each.getValue() + " times\n" + each.getKey())
                    .collect(Collectors.joining());
        } finally {
            Files.delete(dump);
        }
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
            throw new AssertionError(e.getMessage() + "; it is " + last[0] + stacks(server), e);
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
