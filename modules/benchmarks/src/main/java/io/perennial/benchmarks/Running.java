package io.perennial.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A contender that has been started, as a process of its own.
final class Running implements AutoCloseable {
    private static final long KILL_SECONDS = 5;
    private static final long KIB = 1024;

    private final Contender contender;
    private final Process process;
    private final URI url;
    private final Path directory;
    private final String bearer;

    /// @param url where streams are, without a slash at the end: a stream's URL is this, `/`, and its path
    /// @param bearer the token that it knows us by; empty where it asks nobody
    Running(Contender contender, Process process, URI url, Path directory, String bearer) {
        this.contender = contender;
        this.process = process;
        this.url = url;
        this.directory = directory;
        this.bearer = bearer;
    }

    Contender contender() {
        return contender;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(url.getHost(), url.getPort());
    }

    /// The path of a stream in a request line.
    String path(String stream) {
        return url.getPath() + "/" + stream;
    }

    /// What every request says of who asks: a value of `Authorization`, empty where it asks nobody.
    String authorization() {
        return bearer.isEmpty() ? "" : "Bearer " + bearer;
    }

    /// Where its data is.
    Path directory() {
        return directory;
    }

    long pid() {
        return process.pid();
    }

    /// Whether a JVM runs it.
    boolean isJava() {
        return process.info().command().filter(path -> path.endsWith("/java")).isPresent();
    }

    /// The processor time that it has used so far.
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /// The memory that it has resident.
    long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB)
                .findFirst()
                .orElseThrow();
    }

    /// Ends it, by force where it doesn't go by itself.
    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(KILL_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        process.onExit().join();
    }
}
