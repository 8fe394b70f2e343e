package io.perennial.eventstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// A disk that may lose power: what was synced is on it, and of what was written since, whatever it likes.
///
/// Files lose sectors, one by one and in no order, as a disk does that has a cache; each sector is old or new. A
/// directory loses the latest of its changes, since file systems write those in order. A name is only there once its
/// directory was synced, which is less than most file systems keep, and all that POSIX promises.
final class LostPower {
    private static final int SECTOR_BYTES = 512;

    /// How much is on the disk of what wasn't synced.
    enum Kept {
        NOTHING,
        SOME,
        EVERYTHING
    }

    private record Pending(int number, DiskOperation operation) {}

    private static final class Node {
        private final DiskOperation.Kind kind;
        private final Map<String, Integer> names = new TreeMap<>();
        private List<Pending> pending = new ArrayList<>();
        private byte[] bytes = {};
        private int size;

        Node(DiskOperation.Kind kind) {
            this.kind = kind;
        }

        Node copy() {
            Node copy = new Node(kind);
            copy.names.putAll(names);
            copy.bytes = bytes.clone();
            copy.size = size;
            return copy;
        }

        void put(long at, ByteBuffer data, int from, int below) {
            int end = Math.toIntExact(at + below);
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
            }
            data.get(from, bytes, Math.toIntExact(at) + from, below - from);
            size = Math.max(size, end);
        }

        void resize(long to) {
            if (to < size) {
                Arrays.fill(bytes, (int) to, size, (byte) 0);
            }
            size = Math.toIntExact(to);
            if (size > bytes.length) {
                bytes = Arrays.copyOf(bytes, size);
            }
        }

        void apply(DiskOperation operation) {
            switch (operation) {
                case DiskOperation.Write(int _, long at, ByteBuffer data) -> put(at, data, 0, data.capacity());
                case DiskOperation.Resize(int _, long to) -> resize(to);
                case DiskOperation.Enter(int _, String name, int node, DiskOperation.Kind _) -> names.put(name, node);
                case DiskOperation.Leave(int _, String name) -> names.remove(name);
                case DiskOperation.Sync _, DiskOperation.Said _ -> {}
            }
        }

        // Some sectors of it.
        void applyPartly(DiskOperation operation, Random random, double share) {
            switch (operation) {
                case DiskOperation.Write(int _, long at, ByteBuffer data) -> {
                    int from = 0;
                    while (from < data.capacity()) {
                        int below = Math.min(data.capacity(), from + SECTOR_BYTES - (int) ((at + from) % SECTOR_BYTES));
                        if (random.nextDouble() < share) {
                            put(at, data, from, below);
                        }
                        from = below;
                    }
                }
                case DiskOperation.Resize resize -> {
                    if (random.nextDouble() < share) {
                        apply(resize);
                    }
                }
                case DiskOperation.Enter _, DiskOperation.Leave _, DiskOperation.Sync _, DiskOperation.Said _ ->
                    throw new IllegalStateException("not of a file: " + operation);
            }
        }
    }

    private final Map<Integer, Node> nodes = new HashMap<>();
    private int done;

    LostPower() {
        nodes.put(WriteLog.ROOT, new Node(DiskOperation.Kind.DIRECTORY));
    }

    private Node node(int number) {
        Node node = nodes.get(number);
        if (node == null) {
            throw new IllegalStateException("no node " + number);
        }
        return node;
    }

    /// The process goes on by one operation.
    void apply(DiskOperation operation) {
        switch (operation) {
            case DiskOperation.Write write -> wait(write.node(), write);
            case DiskOperation.Resize resize -> wait(resize.node(), resize);
            case DiskOperation.Enter enter -> {
                nodes.put(enter.node(), new Node(enter.kind()));
                wait(enter.directory(), enter);
            }
            case DiskOperation.Leave leave -> wait(leave.directory(), leave);
            case DiskOperation.Sync(int node, int covers) -> sync(node(node), covers);
            case DiskOperation.Said _ -> {}
        }
        done++;
    }

    private void wait(int node, DiskOperation operation) {
        node(node).pending.add(new Pending(done, operation));
    }

    private static void sync(Node node, int covers) {
        List<Pending> later = new ArrayList<>();
        for (Pending each : node.pending) {
            if (each.number() < covers) {
                node.apply(each.operation());
            } else {
                later.add(each);
            }
        }
        node.pending = later;
    }

    /// Lays what a loss of power at this moment leaves into a directory.
    void lay(Path to, Kept kept, Random random) throws IOException {
        lay(node(WriteLog.ROOT), to, kept, random);
    }

    private void lay(Node node, Path to, Kept kept, Random random) throws IOException {
        Node left = left(node, kept, random);
        switch (left.kind) {
            case FILE -> Files.write(to, Arrays.copyOf(left.bytes, left.size));
            case DIRECTORY -> {
                Files.createDirectory(to);
                for (Map.Entry<String, Integer> entry : left.names.entrySet()) {
                    lay(node(entry.getValue()), to.resolve(entry.getKey()), kept, random);
                }
            }
        }
    }

    private static Node left(Node node, Kept kept, Random random) {
        Node left = node.copy();
        switch (kept) {
            case NOTHING -> {}
            case EVERYTHING -> node.pending.forEach(each -> left.apply(each.operation()));
            case SOME -> {
                if (node.kind == DiskOperation.Kind.FILE) {
                    double share = random.nextDouble();
                    node.pending.forEach(each -> left.applyPartly(each.operation(), random, share));
                } else {
                    node.pending.stream()
                            .limit(random.nextInt(node.pending.size() + 1))
                            .forEach(each -> left.apply(each.operation()));
                }
            }
        }
        return left;
    }
}
