package io.perennial.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// How much processor time the generator, which is this process, and a server have used up to a moment.
record Cpu(long nanos, long generatorNanos, long serverNanos) {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    static Cpu now(Running server) {
        return new Cpu(
                System.nanoTime(), SYSTEM.getProcessCpuTime(), server.cpu().toNanos());
    }

    /// The generator's part since then, from 0 to 1, of what both used.
    double generatorShare(Cpu then) {
        double generator = generatorNanos - then.generatorNanos;
        double both = generator + serverNanos - then.serverNanos;
        return both == 0 ? 0 : generator / both;
    }

    /// How many processors the generator kept busy since then.
    double generatorLoad(Cpu then) {
        return (double) (generatorNanos - then.generatorNanos) / (nanos - then.nanos);
    }

    double secondsSince(Cpu then) {
        return (nanos - then.nanos) / 1e9;
    }
}
