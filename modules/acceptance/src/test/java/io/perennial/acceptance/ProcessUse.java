package io.perennial.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What a process has of the machine at one moment.
///
/// @param threads the system's, so no virtual ones
record ProcessUse(long residentKib, int descriptors, int threads) {
    static ProcessUse of(long pid) {
        try {
            Path process = Path.of("/proc/" + pid);
            return new ProcessUse(
                    number(process, "VmRSS:"), count(process.resolve("fd")), (int) number(process, "Threads:"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long number(Path process, String name) throws IOException {
        return Files.readAllLines(process.resolve("status")).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.substring(name.length()).replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    private static int count(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return (int) files.count();
        }
    }
}
