package io.perennial.eventstore;

import io.helidon.dbclient.DbClientException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/// Looks at a whole database as of one moment, beside whoever writes it: to check it, or to copy it.
///
/// Each look has a connection of its own, so that nobody waits for it. As long as it lasts the log can't begin anew,
/// and grows by what is written meanwhile.
final class Copies {
    private static final String PREFIX = "backup-";
    private static final String SUFFIX = ".tmp";
    private static final Sql COPY = new Sql("copies.copy", "VACUUM INTO ?");

    private final Path directory;

    /// @param directory the store's
    Copies(Path directory) {
        this.directory = directory;
    }

    Verification verify() {
        try (Database database = open()) {
            return database.snapshot(transaction -> Inspection.of(transaction.execute()));
        } catch (SQLException e) {
            throw new StorageException("the store can't be opened: " + e.getMessage(), e);
        }
    }

    /// Copies it. The copy is whole, and shorter than the file where that has free blocks.
    void backup(OutputStream to) {
        try {
            Path copy = Files.createTempFile(directory, PREFIX, SUFFIX);
            try (Database database = open()) {
                // SQLite takes the name of an empty file, too.
                database.onReadersThread(() -> COPY.run(database.direct(), copy.toString()));
                Files.copy(copy, to);
            } finally {
                Files.delete(copy);
            }
        } catch (SQLException | IOException | DbClientException e) {
            throw new StorageException("the store can't be copied: " + Causes.reason(e), e);
        }
    }

    private Database open() throws SQLException {
        Database database = Database.open(directory.resolve(SqliteStore.FILE), 1);
        try {
            Schema.requireCurrent(database);
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /// Removes what a process left that was killed in the middle of a copy.
    void clean() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
            for (Path copy : left) {
                Files.delete(copy);
            }
        }
    }
}
