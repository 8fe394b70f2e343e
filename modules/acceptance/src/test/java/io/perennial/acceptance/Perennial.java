package io.perennial.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;

/// A process of `bin/perennial`, or of a program that uses it. What it says goes to files, so that nobody has to read
/// along.
final class Perennial {
    private final Process process;
    private final Path out;
    private final Path err;

    private Perennial(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static Perennial start(ProcessBuilder builder, Path logs) {
        try {
            Path out = Files.createTempFile(logs, "out", ".log");
            Path err = Files.createTempFile(logs, "err", ".log");
            builder.redirectOutput(out.toFile()).redirectError(err.toFile());
            return new Perennial(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    /// What it said on stderr, in whole lines, but for those that tell what became of it.
    String complaints() {
        String said = err();
        return said.substring(0, said.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> !line.contains(" INFO "))
                .collect(Collectors.joining("\n"));
    }

    /// Waits until it has told of an event so many times.
    void awaitEvents(String event, int count) throws Exception {
        Eventually.holds(count + " times " + event, () -> events(event) >= count);
    }

    /// How many times it has told of an event.
    long events(String event) {
        return err().lines().filter(line -> line.contains(" " + event)).count();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits for the first line on stdout.
    String firstLine() throws Exception {
        Eventually.holds("a line on stdout", () -> {
            if (!process.isAlive() && !out().contains("\n")) {
                throw new AssertionError("ended with " + process.exitValue() + " and said: " + err());
            }
            return out().contains("\n");
        });
        return out().lines().findFirst().orElseThrow();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
        Assertions.assertEquals(0, kill.waitFor(), "kill -" + name);
    }

    /// kill -9 for it and for what it has started, as a browser does, and the process is gone when this returns.
    void kill() {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }

    int exitCode() throws Exception {
        return exitCodeWithin(Eventually.LONG);
    }

    int exitCodeWithin(Duration time) throws Exception {
        if (!process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new AssertionError("still running after " + time + "; it said: " + err());
        }
        return process.exitValue();
    }

    /// The one line for a person that a process has to end with, and nothing else.
    String onlyLine(int exitCode) throws Exception {
        int code = exitCode();
        List<String> lines = err().lines().toList();
        Assertions.assertEquals(1, lines.size(), "one clear line, and not: " + err());
        Assertions.assertEquals(exitCode, code, err());
        Assertions.assertEquals("", out());
        return lines.getFirst();
    }
}
