package io.perennial.eventstore;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/// What can be done with a store's directory while nobody has it open, as [EventStore#verify] and [EventStore#backup]
/// do it while somebody has.
public final class DataDirectory {
    private DataDirectory() {}

    /// Looks at everything in it, and changes nothing.
    ///
    /// @throws StorageException.DirectoryInUse where somebody has it open
    /// @throws StorageException where there is no store in it
    public static Verification verify(Path directory) {
        return locked(directory, Copies::verify);
    }

    /// Copies the store, to be laid as `events.db` into an empty directory.
    ///
    /// @throws StorageException.DirectoryInUse where somebody has it open
    /// @throws StorageException where there is no store in it, or it can't be read or written
    public static void backup(Path directory, OutputStream to) {
        locked(directory, copies -> {
            copies.backup(to);
            return to;
        });
    }

    private static <T> T locked(Path directory, Function<Copies, T> work) {
        if (!Files.exists(directory.resolve(SqliteStore.FILE))) {
            throw new StorageException("there is no store in " + directory);
        }
        try (DirectoryLock _ = DirectoryLock.take(directory)) {
            return work.apply(new Copies(directory));
        } catch (IOException e) {
            throw new StorageException("the data directory " + directory + " can't be used: " + e, e);
        }
    }
}
