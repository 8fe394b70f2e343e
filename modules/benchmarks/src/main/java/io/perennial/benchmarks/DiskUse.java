package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// How many bytes on disk an event takes: the data directory of a server that was given 100,000 in batches, and
/// stopped.
record DiskUse() implements Load {
    private static final int EVENTS = 100_000;

    @Override
    public String name() {
        return "disk per event of 150 bytes";
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
        return contender.kind() == Contender.Kind.DURABLE;
    }

    @Override
    public Sample run(Running running, Duration time) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(running.directory().getParent(), "disk-use");
        try {
            Path data = filled(running.contender(), directory);
            return Sample.of((double) bytes(data) / EVENTS, 0);
        } finally {
            Fleet.delete(directory);
        }
    }

    // The server has stopped when this returns: nothing waits in its log any more.
    private static Path filled(Contender contender, Path directory) throws IOException, InterruptedException {
        try (Running own = contender.start(directory);
                Streams streams = new Streams(own)) {
            String stream = Streams.names("disk-use", 1).getFirst();
            streams.create(List.of(stream));
            streams.fill(stream, 0, EVENTS);
            return own.directory();
        }
    }

    /// What the files below a directory hold together.
    static long bytes(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
