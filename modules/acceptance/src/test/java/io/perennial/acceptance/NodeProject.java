package io.perennial.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The npm project beside the tests: the public suite, the official client, and the scripts that call them.
final class NodeProject {
    static final Path FOLDER = Image.inProject("modules/acceptance/src/test/node");

    private static final Path LOCK = FOLDER.resolve("package-lock.json");
    private static final Path MODULES = FOLDER.resolve("node_modules");
    private static final Path INSTALLED = MODULES.resolve(".installed.json");
    private static final Duration INSTALLATION = Duration.ofMinutes(5);

    private NodeProject() {}

    /// A script of the project, which finds the packages that it imports.
    static String script(String name) {
        install();
        return FOLDER.resolve(name).toString();
    }

    /// The command-line program of a package.
    static String program(String path) {
        install();
        return MODULES.resolve(path).toString();
    }

    /// Installs what the lock file names, where that hasn't been done: what Maven does with the tests' other libraries.
    private static synchronized void install() {
        try {
            if (!Files.exists(INSTALLED) || Files.mismatch(LOCK, INSTALLED) != -1) {
                npmInstalls();
                Files.copy(LOCK, INSTALLED, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while npm installs", e);
        }
    }

    private static void npmInstalls() throws IOException, InterruptedException {
        Path log = Files.createTempFile("perennial-npm", ".log");
        Process npm = new ProcessBuilder(Tool.npm().toString(), "ci")
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = npm.waitFor(INSTALLATION.toNanos(), TimeUnit.NANOSECONDS);
        npm.destroyForcibly();
        String said = Files.readString(log);
        Files.delete(log);
        if (!ended || npm.waitFor() != 0) {
            throw new AssertionError("npm ci failed, or took longer than " + INSTALLATION + ": " + said);
        }
    }
}
