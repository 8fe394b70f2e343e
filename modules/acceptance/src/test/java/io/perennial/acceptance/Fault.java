package io.perennial.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A system call that fails for one process as long as this is open, as it does when the disk does: strace has it fail.
final class Fault implements AutoCloseable {
    private final Process strace;

    private Fault(Process strace) {
        this.strace = strace;
    }

    static Fault failing(Perennial process, String call) throws Exception {
        Process strace = new ProcessBuilder(
                        Tool.strace().toString(),
                        "--follow-forks",
                        "--attach=" + process.pid(),
                        "--output=/dev/null",
                        "--trace=" + call,
                        "--inject=" + call + ":error=EIO")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Eventually.holds("traced", () -> {
            if (!strace.isAlive()) {
                throw new AssertionError("strace may not trace here");
            }
            return areTraced(process.pid());
        });
        return new Fault(strace);
    }

    private static boolean areTraced(long pid) throws Exception {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads.toList()) {
                List<String> status = Files.readAllLines(thread.resolve("status"));
                if (status.contains("TracerPid:\t0")) {
                    return false;
                }
            }
            return true;
        }
    }

    @Override
    public void close() {
        strace.destroy();
        strace.onExit().join();
    }
}
