package io.perennial.eventstore;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads what strace wrote down of a process as operations on one directory.
///
/// A call counts as done where it returned; but what a sync covers was done when it was called. What nobody here knows
/// how to take back is refused, so that a store which comes to use it fails the test.
final class WriteLog {
    /// The directory in which everything else is.
    static final int ROOT = 0;

    private static final int SAID = -1;
    private static final String DELETED = "(deleted)";
    private static final String UNFINISHED = "<unfinished ...>";
    private static final String RESUMED = "resumed>";
    private static final List<String> CALLS = List.of(
            "open,openat,openat2,creat,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat",
            "write,writev,pwrite64,pwritev,pwritev2,sendfile,copy_file_range,splice,fallocate",
            "ftruncate,truncate,fsync,fdatasync,sync_file_range,unlink,unlinkat,rename,renameat,renameat2");

    private record Begun(String text, int operations) {}

    private final Path root;
    private final List<DiskOperation> operations = new ArrayList<>();
    private final Map<String, Begun> unfinished = new HashMap<>();
    private final Map<Path, Integer> nodes = new HashMap<>();
    private int lastNode = ROOT;

    private WriteLog(Path root, Path said) {
        this.root = root;
        nodes.put(root, ROOT);
        nodes.put(said, SAID);
    }

    /// The command that traces another one: every string in hexadecimal digits, the files of descriptors, and
    /// only the calls that are read here.
    static List<String> strace(Path log) {
        return List.of(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-y",
                "-qqq",
                "-xx",
                "-s",
                "100000000",
                "-e",
                "signal=none",
                "-e",
                "trace=?" + String.join(",", CALLS).replace(",", ",?"),
                "-o",
                log.toString());
    }

    /// @param root everything below it is told, but for what is shared memory
    /// @param said the file to which the process writes lines
    static List<DiskOperation> read(Path log, Path root, Path said) throws IOException {
        WriteLog reading = new WriteLog(root, said);
        try (BufferedReader lines = Files.newBufferedReader(log, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int space = line.indexOf(' ');
                reading.line(line.substring(0, space), line.substring(space).strip());
            }
        }
        return reading.operations;
    }

    private void line(String thread, String text) {
        if (text.endsWith(UNFINISHED)) {
            String call = text.substring(0, text.length() - UNFINISHED.length()).strip();
            unfinished.put(thread, new Begun(call, operations.size()));
        } else if (text.startsWith("<... ")) {
            Begun begun = unfinished.remove(thread);
            if (begun == null) {
                throw new IllegalStateException("nothing had begun of " + text);
            }
            returned(begun.text() + text.substring(text.indexOf(RESUMED) + RESUMED.length()), begun.operations());
        } else {
            returned(text, operations.size());
        }
    }

    // A call that failed, or never returned, did nothing that counts.
    private void returned(String call, int covers) {
        int close = call.lastIndexOf(" = ");
        String result = call.substring(close + 3);
        if (!result.startsWith("-") && !result.startsWith("?")) {
            int open = call.indexOf('(');
            List<String> arguments = List.of(
                    call.substring(open + 1, call.lastIndexOf(')', close)).split(", ", -1));
            done(call.substring(0, open), arguments, result, covers);
        }
    }

    private void done(String name, List<String> arguments, String result, int covers) {
        switch (name) {
            case "open" -> open(path(result), arguments.get(1));
            case "openat" -> open(path(result), arguments.get(2));
            case "mkdir" -> mkdir(path(arguments.getFirst()));
            case "unlink" -> unlink(path(arguments.getFirst()));
            case "fsync", "fdatasync", "ftruncate", "pwrite64", "write" -> {
                Integer node = nodes.get(path(arguments.getFirst()));
                if (arguments.getFirst().endsWith(DELETED)) {
                    refuse(name + " of a deleted file", arguments);
                } else if (node != null) {
                    operations.addAll(toFile(node, name, arguments, result, covers));
                }
            }
            default -> refuse(name, arguments);
        }
    }

    private List<? extends DiskOperation> toFile(
            int node, String name, List<String> arguments, String result, int covers) {
        return switch (name) {
            case "fsync", "fdatasync" -> List.of(new DiskOperation.Sync(node, covers));
            case "ftruncate" -> List.of(new DiskOperation.Resize(node, Long.parseLong(arguments.get(1))));
            case "pwrite64" ->
                List.of(new DiskOperation.Write(
                        node,
                        Long.parseLong(arguments.get(3)),
                        ByteBuffer.wrap(bytes(arguments.get(1)), 0, Integer.parseInt(result))
                                .slice()));
            default -> {
                if (node != SAID) {
                    refuse(name, arguments);
                }
                yield new String(bytes(arguments.get(1)), StandardCharsets.UTF_8)
                        .lines()
                        .map(DiskOperation.Said::new)
                        .toList();
            }
        };
    }

    private void refuse(String name, List<String> arguments) {
        if (arguments.stream().map(WriteLog::path).anyMatch(path -> path.startsWith(root) && !isSharedMemory(path))) {
            throw new IllegalStateException("nobody has thought of what a loss of power does to a " + name);
        }
    }

    private void open(Path path, String flags) {
        if (path.startsWith(root) && !isSharedMemory(path)) {
            if (!nodes.containsKey(path)) {
                enter(path, DiskOperation.Kind.FILE);
            } else if (flags.contains("O_TRUNC")) {
                operations.add(new DiskOperation.Resize(nodes.getOrDefault(path, ROOT), 0));
            }
        }
    }

    // SQLite makes it anew after a loss of power.
    private static boolean isSharedMemory(Path path) {
        return path.toString().endsWith("-shm");
    }

    private void mkdir(Path path) {
        if (path.startsWith(root)) {
            enter(path, DiskOperation.Kind.DIRECTORY);
        }
    }

    private void enter(Path path, DiskOperation.Kind kind) {
        nodes.put(path, ++lastNode);
        operations.add(new DiskOperation.Enter(directory(path), name(path), lastNode, kind));
    }

    private void unlink(Path path) {
        if (path.startsWith(root) && !isSharedMemory(path)) {
            nodes.remove(path);
            operations.add(new DiskOperation.Leave(directory(path), name(path)));
        }
    }

    private int directory(Path path) {
        Integer directory = nodes.get(path.getParent());
        if (directory == null) {
            throw new IllegalStateException("nobody made the directory of " + path);
        }
        return directory;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    // Of a string, or a descriptor: "\x2f", 7<\x2f>, 7<\x2f>(deleted). Of anything else none.
    private static Path path(String argument) {
        boolean isPath = argument.startsWith("\"") || argument.contains("<");
        return Path.of(isPath ? new String(bytes(argument), StandardCharsets.UTF_8) : "");
    }

    private static byte[] bytes(String argument) {
        int begin = argument.indexOf("\\x");
        if (begin < 0) {
            return new byte[0];
        }
        byte[] bytes = new byte[(argument.lastIndexOf(argument.charAt(begin - 1) == '<' ? '>' : '"') - begin) / 4];
        for (int i = 0; i < bytes.length; i++) {
            int at = begin + 2 + 4 * i;
            bytes[i] = (byte)
                    (Character.digit(argument.charAt(at), 16) << 4 | Character.digit(argument.charAt(at + 1), 16));
        }
        return bytes;
    }
}
