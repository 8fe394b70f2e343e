package io.perennial.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;

/// A machine's worth of Perennial: a HOME, a data directory and a registry file of its own, in a temporary folder, and
/// the processes that use them. All of it ends with it. For a field with `@AutoClose`.
final class Machine implements AutoCloseable {
    private static final String PATH = "/usr/local/bin:/usr/bin:/bin";

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final List<Perennial> processes = new ArrayList<>();

    Machine() {
        try {
            folder = Files.createTempDirectory("perennial-acceptance");
            Files.createDirectories(home());
            Files.createDirectories(logs());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        environment.put("PATH", PATH);
        environment.put("HOME", home().toString());
    }

    Path folder() {
        return folder;
    }

    Path home() {
        return folder.resolve("home");
    }

    Path data() {
        return folder.resolve("data");
    }

    Path registry() {
        return folder.resolve("registry/servers.json");
    }

    private Path logs() {
        return folder.resolve("logs");
    }

    /// What the processes that are started from now on find in their environment.
    Machine with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Machine without(String variable) {
        environment.remove(variable);
        return this;
    }

    /// Writes a file into the folder.
    Path file(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `bin/perennial` with these arguments and nothing else.
    Perennial run(String... arguments) {
        return run(Image.launcher(), arguments);
    }

    synchronized Perennial run(Path launcher, String... arguments) {
        // A build that runs in the background hands its children a shell's deafness to Ctrl-C.
        List<String> command =
                new ArrayList<>(List.of("/usr/bin/env", "--default-signal=INT,TERM", launcher.toString()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Perennial process = Perennial.start(builder, logs());
        processes.add(process);
        return process;
    }

    /// `perennial serve` on any free port, with this machine's data directory and registry, unless the flags say else.
    Perennial serve(String... flags) {
        List<String> arguments = new ArrayList<>(List.of("serve"));
        add(arguments, flags, "--port", "0");
        add(arguments, flags, "--data-dir", data().toString());
        add(arguments, flags, "--registry", registry().toString());
        arguments.addAll(Arrays.asList(flags));
        return run(arguments.toArray(String[]::new));
    }

    private static void add(List<String> arguments, String[] flags, String flag, String value) {
        if (Arrays.stream(flags).noneMatch(given -> given.equals(flag) || given.startsWith(flag + "="))) {
            arguments.add(flag);
            arguments.add(value);
        }
    }

    /// The same, and it is ready when this returns.
    Server server(String... flags) throws Exception {
        return Server.ready(serve(flags));
    }

    /// Makes a token in this machine's data directory.
    String token(String name, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("token", "create", "--name", name));
        arguments.addAll(Arrays.asList(more));
        arguments.addAll(List.of("--data-dir", data().toString()));
        Perennial create = run(arguments.toArray(String[]::new));
        Assertions.assertEquals(0, create.exitCode(), create.err());
        return create.out().strip();
    }

    void revoke(String name) throws Exception {
        Perennial revoke = run("token", "revoke", name, "--data-dir", data().toString());
        Assertions.assertEquals(0, revoke.exitCode(), revoke.err());
    }

    /// A folder for another data directory.
    String otherData(String name) {
        return folder.resolve(name).toString();
    }

    @Override
    public synchronized void close() throws IOException {
        processes.forEach(Perennial::kill);
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
