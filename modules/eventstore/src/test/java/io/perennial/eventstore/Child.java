package io.perennial.eventstore;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A program of these tests in a process of its own, on the same Java and the same classes.
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private Child(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    static Child start(Class<?> program, String... arguments) throws IOException {
        return start(List.of(), program, arguments);
    }

    /// A process that may write no file larger than this: what it writes beyond fails.
    static Child startWithLimitedFiles(int kibibytes, Class<?> program, String... arguments) throws IOException {
        return start(List.of("bash", "-c", "ulimit -f " + kibibytes + " && exec \"$@\"", "child"), program, arguments);
    }

    /// A process all of whose writes are written down.
    static Child startTraced(Path log, Class<?> program, String... arguments) throws IOException {
        return start(WriteLog.strace(log), program, arguments);
    }

    private static Child start(List<String> wrapper, Class<?> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath(program), program.getName()));
        command.addAll(List.of(arguments));
        return new Child(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    // Where this process finds classes: its module path, its class path, and the tests, which are patched in.
    private static String classPath(Class<?> program) {
        return Stream.of(
                        root(program),
                        System.getProperty("jdk.module.path", ""),
                        System.getProperty("java.class.path", ""))
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String root(Class<?> program) {
        String file = program.getName().replace('.', '/') + ".class";
        var found = program.getClassLoader().getResource(file);
        if (found == null) {
            throw new IllegalStateException("no " + file);
        }
        Path path = Path.of(URI.create(found.toString()));
        return path.getRoot()
                .resolve(path.subpath(0, path.getNameCount() - Path.of(file).getNameCount()))
                .toString();
    }

    /// The next whole line that it prints; none where it ended.
    List<String> lines(int most) throws IOException {
        List<String> lines = new ArrayList<>();
        String line = "";
        while (lines.size() < most && (line = output.readLine()) != null) {
            lines.add(line);
        }
        return lines;
    }

    List<String> linesToTheEnd() throws IOException {
        return lines(Integer.MAX_VALUE);
    }

    /// SIGKILL. Returns what it still managed to print.
    List<String> kill() throws IOException {
        // By its handle: Process.destroyForcibly also closes what is to be read yet.
        process.toHandle().destroyForcibly();
        return linesToTheEnd();
    }

    /// Lets it end: its input is at its end.
    int end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(Eventually.LONG.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the child is still running");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            output.close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
