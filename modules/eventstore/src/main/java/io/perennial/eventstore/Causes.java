package io.perennial.eventstore;

import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// What lies below a failure, which DbClient and JDBC have wrapped.
final class Causes {
    private Causes() {}

    static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /// What the root says, for a person.
    static String reason(Throwable failure) {
        return String.valueOf(root(failure).getMessage());
    }

    /// Whether there was no room on the disk.
    static boolean isFull(Throwable failure) {
        return root(failure) instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
    }
}
