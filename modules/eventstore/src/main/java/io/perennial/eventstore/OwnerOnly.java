package io.perennial.eventstore;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/// Keeps what is stored from other users of the machine: it holds all events, and secrets of the server.
final class OwnerOnly {
    /// For directories that are made.
    static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final Logger LOG = System.getLogger(OwnerOnly.class.getName());
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

    private OwnerOnly() {}

    /// Makes the file of a database where there is none yet. SQLite gives what it makes beside it the same permissions.
    static void make(Path database) throws IOException {
        if (Files.notExists(database)) {
            Files.createFile(database, PosixFilePermissions.asFileAttribute(FILE));
        }
    }

    /// Takes a database, and what SQLite keeps beside it, from others.
    static void take(Path database) {
        Stream.of("", Database.LOG, "-shm")
                .map(end -> database.resolveSibling(database.getFileName() + end))
                .filter(Files::exists)
                .forEach(OwnerOnly::takeFromOthers);
    }

    private static void takeFromOthers(Path file) {
        try {
            Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(file);
            if (allowed.retainAll(FILE)) {
                Files.setPosixFilePermissions(file, allowed);
                LOG.log(
                        Level.WARNING,
                        "store.taken-from-others file=" + file + " reason=others could read it till now");
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "store.open-to-others file=" + file + " reason=" + e);
        }
    }
}
