package io.perennial.eventstore;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The exclusive lock on a data directory, the operating system's: it goes with the process, however that ends.
///
/// Within the process a set of its own stands before it: the system drops a process's lock on a file as soon as it
/// closes any of its descriptors, so a second attempt must not even open the file.
final class DirectoryLock implements AutoCloseable {
    private static final String NAME = "perennial.lock";
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    static DirectoryLock take(Path directory) throws IOException {
        Path real = directory.toRealPath();
        if (!HELD_HERE.add(real)) {
            throw inUse(directory);
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(real.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                throw inUse(directory);
            }
            return new DirectoryLock(real, channel);
        } catch (IOException | StorageException e) {
            HELD_HERE.remove(real);
            if (channel != null) {
                channel.close();
            }
            throw e;
        }
    }

    private static StorageException.DirectoryInUse inUse(Path directory) {
        return new StorageException.DirectoryInUse("the data directory " + directory
                + " is in use by another server: stop that one, or choose another directory");
    }

    @Override
    public void close() throws IOException {
        channel.close();
        HELD_HERE.remove(directory);
    }
}
