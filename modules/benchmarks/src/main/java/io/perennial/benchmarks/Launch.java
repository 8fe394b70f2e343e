package io.perennial.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Starts the process of a contender. Its first line on stdout says where it listens.
final class Launch {
    private static final String PREFIX = "PERENNIAL_";
    private static final String JAVA_OPTIONS = "PERENNIAL_JAVA_OPTS";
    private static final Pattern LISTENING = Pattern.compile("http://[0-9.]+:[0-9]+(?=\\s)");
    private static final long START_SECONDS = 20;

    // Short: how long a start takes is measured, too.
    private static final long PAUSE_MILLIS = 1;

    private Launch() {}

    /// Returns once it listens.
    ///
    /// @param directory for what the process says; its data is in `data` below, which exists
    static Running listening(Contender contender, Path directory, List<String> command)
            throws IOException, InterruptedException {
        return listening(contender, directory, command, "");
    }

    /// The same, of one that wants to know who asks.
    ///
    /// @param bearer the token that it knows us by; empty where it asks nobody
    static Running listening(Contender contender, Path directory, List<String> command, String bearer)
            throws IOException, InterruptedException {
        Path data = Files.createDirectories(directory.resolve("data"));
        Path out = directory.resolve("out.log");
        Path err = directory.resolve("err.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith(PREFIX) && !name.equals(JAVA_OPTIONS));
        Process process = builder.start();
        try {
            URI url = URI.create(address(contender, process, out, err) + "/v1/stream");
            return new Running(contender, process, url, data, bearer);
        } catch (IOException | InterruptedException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static String address(Contender contender, Process process, Path out, Path err)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < deadline) {
            Matcher listening = LISTENING.matcher(Files.readString(out));
            if (listening.find()) {
                return listening.group();
            }
            if (process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IOException(contender.name() + " ended with " + process.exitValue() + " and said: "
                        + Files.readString(err).strip());
            }
        }
        throw new IOException(contender.name() + " doesn't listen after " + START_SECONDS + " s");
    }

    /// What a user wants every JVM here to be started with.
    static List<String> javaOptions() {
        String options = System.getenv().getOrDefault(JAVA_OPTIONS, "").strip();
        return options.isEmpty() ? List.of() : List.of(options.split("\\s+"));
    }
}
