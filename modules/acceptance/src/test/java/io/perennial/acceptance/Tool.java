package io.perennial.acceptance;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/// Programs that aren't ours, and that a test runs.
final class Tool {
    private Tool() {}

    static Path node() {
        return onPath("node");
    }

    static Path chromium() {
        return onPath("chromium");
    }

    static Path strace() {
        return onPath("strace");
    }

    static Path openssl() {
        return onPath("openssl");
    }

    /// What makes a process believe that it is another time.
    static Path fakeTime() throws IOException {
        try (Stream<Path> found = Files.find(
                Path.of("/usr/lib"), 3, (path, _) -> path.endsWith(Path.of("faketime", "libfaketime.so.1")))) {
            return found.findFirst()
                    .orElseThrow(() -> new AssertionError("faketime is missing: bin/verify says how to get it"));
        }
    }

    static Path npm() {
        return onPath("npm");
    }

    /// Of the JDK that runs the tests: the image has none.
    static Path jcmd() {
        return Path.of(System.getProperty("java.home"), "bin", "jcmd");
    }

    /// Found by our own PATH: the one that a [Machine] gives its processes doesn't know a user's folders.
    private static Path onPath(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is missing: bin/verify says how to get it"));
    }
}
