package io.perennial.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/// How much processor time the generator, which is this process, and a server have used up to a moment.
///
/// @param threadNanos of the generator's, what the thread that asks has used
record Cpu(long nanos, long generatorNanos, long threadNanos, long serverNanos) {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    static Cpu now(Running server) {
        return new Cpu(
                System.nanoTime(),
                SYSTEM.getProcessCpuTime(),
                THREADS.getCurrentThreadCpuTime(),
                server.cpu().toNanos());
    }

    /// The generator's part since then, from 0 to 1, of what both used.
    double generatorShare(Cpu then) {
        double generator = generatorNanos - then.generatorNanos;
        double both = generator + serverNanos - then.serverNanos;
        return both == 0 ? 0 : generator / both;
    }

    /// The part of the time since then, from 0 to 1, for which this thread was busy. Near 1 it is what is measured.
    double threadLoad(Cpu then) {
        return (double) (threadNanos - then.threadNanos) / (nanos - then.nanos);
    }

    double secondsSince(Cpu then) {
        return (nanos - then.nanos) / 1e9;
    }
}
