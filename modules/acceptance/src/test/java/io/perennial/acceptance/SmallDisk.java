package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A disk of 64 MiB, in memory, that can be filled and made read-only.
final class SmallDisk implements AutoCloseable {
    private static final int MEBIBYTE = 1024 * 1024;
    private static final int FILLED = 40 * MEBIBYTE;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    static SmallDisk mount(Path folder) throws IOException {
        Files.createDirectories(folder);
        run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder.toString());
        return new SmallDisk(folder);
    }

    String data() {
        return folder.resolve("data").toString();
    }

    /// Takes most of the room.
    void fill() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(filler().toFile(), "rw")) {
            file.write(new byte[FILLED]);
        }
    }

    void makeRoom() throws IOException {
        Files.delete(filler());
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    void makeReadOnly() throws IOException {
        run("mount", "-o", "remount,ro", folder.toString());
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.onExit().join().exitValue(), "this test needs the right to mount: " + said);
    }

    @Override
    public void close() throws IOException {
        run("umount", "--lazy", folder.toString());
    }
}
