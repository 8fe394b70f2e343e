package io.perennial.eventstore;

/// The disk, or what lies on it, is broken or full. Nothing of the request was stored.
public class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StorageException(String message, Throwable cause) {
        super(message, cause);
    }

    StorageException(String message) {
        super(message);
    }

    /// The commit failed in a way that leaves open whether it reached the disk: whether the request was stored shows
    /// only after a restart. A retry with producer headers is safe.
    public static final class OutcomeUnknown extends StorageException {
        private static final long serialVersionUID = 1L;

        OutcomeUnknown(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// There is no room on the disk. Reads go on, and so do writes once there is room again.
    public static final class DiskFull extends StorageException {
        private static final long serialVersionUID = 1L;

        DiskFull(Throwable cause) {
            super("there is no room on the disk of the data directory", cause);
        }
    }

    /// Another process, or another store of this one, holds the data directory.
    public static final class DirectoryInUse extends StorageException {
        private static final long serialVersionUID = 1L;

        DirectoryInUse(String message) {
            super(message);
        }
    }
}
