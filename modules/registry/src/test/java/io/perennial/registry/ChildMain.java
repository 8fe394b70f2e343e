package io.perennial.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;

/// Another process: does what it is told on its standard input, one line each, and answers each with a line. Ends with
/// its input.
final class ChildMain {
    private final Path file;
    private final Registry registry;

    private ChildMain(Path file) {
        this.file = file;
        this.registry = Registry.open(RegistryConfig.of(file), InstantSource.system(), _ -> {});
    }

    // One argument: the registry's file.
    public static void main(String[] arguments) throws IOException {
        var child = new ChildMain(Path.of(arguments[0]));
        System.out.println("ready");
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            System.out.println(child.carryOut(order, orders));
        }
    }

    private String carryOut(String order, BufferedReader orders) throws IOException {
        return switch (order) {
            case "try" -> withLock(() -> "locked by nobody");
            case "hold" ->
                withLock(() -> {
                    System.out.println("held");
                    orders.readLine();
                    return "released";
                });
            case "hammer" -> hammer();
            default -> registry.register(Leases.lease(order)).getClass().getSimpleName();
        };
    }

    private interface Work {
        String carryOut() throws IOException;
    }

    private String withLock(Work work) throws IOException {
        Path lock = file.resolveSibling(file.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            return held == null ? "locked by another process" : work.carryOut();
        }
    }

    /// Writes until it is killed, a line after every twenty writes.
    private String hammer() {
        for (int i = 1; ; i++) {
            registry.register(Leases.lease("h" + i % 50, 1 + i));
            if (i % 20 == 0) {
                System.out.println("hammering");
            }
        }
    }
}
