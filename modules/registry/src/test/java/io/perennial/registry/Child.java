package io.perennial.registry;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A [ChildMain] in a JVM of its own.
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;

    private Child(Process process) {
        this.process = process;
        this.answers = process.inputReader();
    }

    /// Begins to start; the first answer is `ready`.
    static Child begin(Path file) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new Child(new ProcessBuilder(
                        java,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--class-path",
                        classPath(),
                        ChildMain.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    static Child start(Path file) throws IOException {
        Child child = begin(file);
        child.expect("ready");
        return child;
    }

    void expect(String answer) throws IOException {
        String actual = answer();
        if (!actual.equals(answer)) {
            throw new AssertionError("expected " + answer + " and got " + actual);
        }
    }

    void tell(String order) throws IOException {
        var orders = process.outputWriter();
        orders.write(order + "\n");
        orders.flush();
    }

    String answer() throws IOException {
        return String.valueOf(answers.readLine());
    }

    String ask(String order) throws IOException {
        tell(order);
        return answer();
    }

    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
        try {
            answers.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whatever this JVM runs on, be it modules or a class path, and its tests, which are in neither property where
    /// they patch a module.
    private static String classPath() {
        return Stream.of(
                        System.getProperty("jdk.module.path", ""),
                        System.getProperty("java.class.path", ""),
                        root(Registry.class),
                        root(ChildMain.class))
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String root(Class<?> type) {
        String name = type.getName().replace('.', '/') + ".class";
        String found = Objects.requireNonNull(type.getResource("/" + name)).toString();
        return Path.of(URI.create(found.substring(0, found.length() - name.length())))
                .toString();
    }
}
