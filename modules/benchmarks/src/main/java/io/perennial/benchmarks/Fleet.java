package io.perennial.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The contenders of one run, started once, each in a directory of its own, which goes with them. A Ctrl-C ends them,
/// too.
final class Fleet implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final Path directory;
    private final List<Running> running = new ArrayList<>();
    private final Thread owner = Thread.currentThread();
    private final Thread hook = Thread.ofPlatform().unstarted(this::interrupt);
    private final CountDownLatch closed = new CountDownLatch(1);

    /// Without contenders yet.
    ///
    /// @param parent on the disk that is to be measured
    Fleet(Path parent) throws IOException {
        Files.createDirectories(parent);
        directory = Files.createTempDirectory(parent, "run");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    Path directory() {
        return directory;
    }

    Running start(Contender contender) throws IOException, InterruptedException {
        Running started = contender.start(Files.createTempDirectory(directory, "contender"));
        running.add(started);
        return started;
    }

    @Override
    public void close() {
        try {
            running.forEach(Running::close);
            delete(directory);
        } finally {
            closed.countDown();
        }
        if (!owner.isInterrupted()) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    // Whoever runs the loads unwinds, and ends what they have started for themselves, too; then nothing starts any
    // more.
    private void interrupt() {
        owner.interrupt();
        try {
            closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            // There is nobody who would.
        }
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        delete(directory);
    }

    static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.err.println("can't remove " + directory + ": " + e.getMessage());
        }
    }
}
