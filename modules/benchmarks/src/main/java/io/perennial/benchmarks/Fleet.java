package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The contenders of one run, started once, each in a directory of its own, which goes with them. A Ctrl-C ends them,
/// too.
final class Fleet implements AutoCloseable {
    private final Path directory;
    private final List<Running> running = new ArrayList<>();
    private final Thread hook = Thread.ofPlatform().unstarted(this::endAll);

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
        Runtime.getRuntime().removeShutdownHook(hook);
        running.forEach(Running::close);
        delete(directory);
    }

    // Also what a load has started for itself.
    private void endAll() {
        List<ProcessHandle> started = ProcessHandle.current().descendants().toList();
        started.forEach(ProcessHandle::destroyForcibly);
        started.forEach(process -> process.onExit().join());
        delete(directory);
    }

    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.err.println("can't remove " + directory + ": " + e.getMessage());
        }
    }
}
