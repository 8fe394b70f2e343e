package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What figures depend on besides the code: where, when and with which versions they were taken.
///
/// @param facts a name and a value each, in the order of the report
record Machine(Map<String, String> facts) {
    private static final double KIB_PER_GIB = 1 << 20;

    /// A load average per core at the start, above which figures say little.
    private static final double BUSY = 0.5;

    private static final String UNKNOWN = "unknown";

    /// Looked at before anything is started: the load is what others do.
    static Machine look(Path home, Path image) throws InterruptedException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "date",
                ZonedDateTime.now(ZoneOffset.UTC)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString());
        facts.put("commit", commit(home));
        facts.put(
                "machine",
                Runtime.getRuntime().availableProcessors() + " cores, "
                        + found("/proc/cpuinfo", "model name\\s*:\\s*(.+)") + ", " + memory() + ", "
                        + System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("load average", load());
        facts.put("Java", Runtime.version().toString());
        facts.put(
                "image",
                said(List.of(image.resolve("bin/perennial").toString(), "--version")) + ", Java "
                        + found(image.resolve("release").toString(), "JAVA_VERSION=\"(.+)\""));
        facts.put("Node.js", said(List.of("node", "--version")));
        Path reference = home.resolve("modules/benchmarks/target/reference").resolve(Reference.PACKAGE);
        facts.put(
                "reference",
                "@durable-streams/server "
                        + found(reference.resolve("package.json").toString(), "\"version\":\\s*\"(.+)\""));
        facts.put(
                "JVM options", Launch.javaOptions().isEmpty() ? "the image's" : String.join(" ", Launch.javaOptions()));
        return new Machine(facts);
    }

    private static String commit(Path home) throws InterruptedException {
        String commit = said(List.of("git", "-C", home.toString(), "rev-parse", "--short", "HEAD"));
        String changed = said(
                List.of("git", "-C", home.toString(), "status", "--porcelain", "--", ":!modules/benchmarks/report"));
        return commit + (changed.equals(UNKNOWN) ? "" : ", and changes to it");
    }

    private static String load() {
        String load = found("/proc/loadavg", "^(\\S+ \\S+ \\S+)");
        boolean busy = !load.equals(UNKNOWN)
                && Double.parseDouble(load.split(" ", 2)[0])
                        > Runtime.getRuntime().availableProcessors() * BUSY;
        return load + (busy ? ": OTHERS USE THIS MACHINE, which the figures show" : "");
    }

    private static String memory() {
        String kib = found("/proc/meminfo", "MemTotal:\\s+(\\d+)");
        return kib.equals(UNKNOWN) ? UNKNOWN : Math.round(Double.parseDouble(kib) / KIB_PER_GIB) + " GiB";
    }

    private static String found(String file, String pattern) {
        try {
            Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
            return matcher.find() ? matcher.group(1) : UNKNOWN;
        } catch (IOException _) {
            return UNKNOWN;
        }
    }

    // The first line; nothing said counts as unknown.
    private static String said(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? said.lines().findFirst().orElse(UNKNOWN) : UNKNOWN;
        } catch (IOException _) {
            return UNKNOWN;
        }
    }
}
