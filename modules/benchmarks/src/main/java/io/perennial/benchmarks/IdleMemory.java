package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What a follower costs that hears nothing: how much more memory a server of its own has resident with many of them
/// than with few, as the operator sees it.
///
/// A JVM would show the garbage of the followers' arrival as well, for as long as nothing forces it to collect. So it
/// is kept busy first, until all of its young generation is resident, and asked for a full collection before either
/// look; what it keeps beyond that is part of the price. Node.js can't be asked, and gets some time.
record IdleMemory(int few, int many) implements Load {
    private static final Duration BUSY = Duration.ofSeconds(3);
    private static final int BUSY_CONNECTIONS = 16;
    private static final int OK = 200;
    private static final Duration SETTLING = Duration.ofSeconds(2);
    private static final long MEBI = 1 << 20;
    private static final long COLLECTION_SECONDS = 30;

    @Override
    public String name() {
        return String.format(Locale.ROOT, "memory per idle follower, from %,d to %,d on 1 stream", few, many);
    }

    @Override
    public String group() {
        return ImageSize.GROUP;
    }

    @Override
    public Unit unit() {
        return Unit.BYTES;
    }

    @Override
    public boolean takes(Contender contender) {
        return contender.kind() != Contender.Kind.FLOOR;
    }

    @Override
    public Sample run(Running running, Duration time) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(running.directory().getParent(), "idle");
        try (Running own = running.contender().start(directory);
                Crowd crowd = new Crowd(own, 1, 1)) {
            occupy(own);
            crowd.grow(few);
            Look before = look(own, crowd);
            crowd.grow(many);
            Look after = look(own, crowd);
            double each = (double) (after.bytes - before.bytes) / (many - few);
            return new Sample(each, Sample.histogram(), 0, remark(before, after));
        } finally {
            Fleet.delete(directory);
        }
    }

    private static void occupy(Running own) throws IOException, InterruptedException {
        String stream = Streams.names("busy", 1).getFirst();
        try (Streams streams = new Streams(own)) {
            streams.create(List.of(stream));
        }
        List<ByteBuffer> request = List.of(Wire.get(own, stream + "?offset=now"));
        List<Repeat> clients = Stream.generate(() -> new Repeat(request, 0, OK, Events.pageBytes(0)))
                .limit(BUSY_CONNECTIONS)
                .toList();
        ClosedLoop.run(own, clients, 1, BUSY);
    }

    /// How much is resident, and whether garbage was collected first.
    private record Look(long bytes, boolean collected) {}

    private static Look look(Running own, Crowd crowd) throws IOException, InterruptedException {
        crowd.idle(SETTLING);
        boolean collected = collects(own);
        crowd.idle(SETTLING);
        return new Look(own.residentBytes(), collected);
    }

    /// Asks a JVM for a full collection. The command is the JDK's that runs this, and the image needs no part of it.
    private static boolean collects(Running own) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!own.isJava() || !Files.isExecutable(jcmd)) {
            return false;
        }
        Process collection = new ProcessBuilder(jcmd.toString(), Long.toString(own.pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!collection.waitFor(COLLECTION_SECONDS, TimeUnit.SECONDS)) {
            collection.destroyForcibly();
            return false;
        }
        return collection.exitValue() == 0;
    }

    private String remark(Look before, Look after) {
        return String.format(
                Locale.ROOT,
                "resident, %s: %,d MiB with %,d, %,d MiB with %,d",
                before.collected && after.collected ? "after a full collection each" : "as it came to rest",
                before.bytes / MEBI,
                few,
                after.bytes / MEBI,
                many);
    }
}
