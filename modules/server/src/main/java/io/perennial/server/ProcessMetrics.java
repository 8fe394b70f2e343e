package io.perennial.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/// What Linux says of this process. Prometheus's own instrumentation of the JVM would cost a start more.
final class ProcessMetrics {
    private static final Path PROC = Path.of("/proc/self");
    private static final String RESIDENT = "VmRSS:";
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int KIB = 1024;

    private ProcessMetrics() {}

    static void watch(Metrics metrics) {
        metrics.gauge(
                "perennial_start_time_seconds",
                "When the process was started, in Unix time.",
                () -> info().startInstant().map(Instant::toEpochMilli).orElseThrow() / MILLIS_PER_SECOND);
        metrics.counter(
                "process_cpu_seconds_total",
                "Processor time of the process.",
                () -> info().totalCpuDuration().map(Duration::toNanos).orElseThrow() / NANOS_PER_SECOND);
        metrics.gauge("process_resident_memory_bytes", "Resident memory of the process.", ProcessMetrics::resident);
        metrics.gauge("process_open_fds", "Open file descriptors of the process.", ProcessMetrics::descriptors);
    }

    private static ProcessHandle.Info info() {
        return ProcessHandle.current().info();
    }

    private static double resident() {
        try (Stream<String> lines = Files.lines(PROC.resolve("status"))) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) * KIB)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double descriptors() {
        try (Stream<Path> open = Files.list(PROC.resolve("fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
