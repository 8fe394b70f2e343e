package io.perennial.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/// A file with a secret in it, which is nobody's but its owner's.
public final class PrivateFile {
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private PrivateFile() {}

    /// Reads it whole.
    ///
    /// @throws AccessException where it can't be read, or somebody else can read or change it
    public static String read(Path file) {
        try {
            boolean isShared = Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
            if (isShared) {
                throw new AccessException(
                        file + " is there for others than its owner, too, and holds secrets: chmod 600 " + file);
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new AccessException(file + " can't be read: " + e, e);
        }
    }
}
