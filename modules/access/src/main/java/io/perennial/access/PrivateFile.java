package io.perennial.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/// A file with a secret in it, which is nobody's but its owner's.
public final class PrivateFile {
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private static final String CREDENTIALS = "CREDENTIALS_DIRECTORY";

    private PrivateFile() {}

    /// Whether others than its owner can read or change it. What systemd hands over as a credential seems to be
    /// readable by a group, which stands for the one user that it lets in.
    public static boolean isShared(Path file) throws IOException {
        boolean isCredential = Optional.ofNullable(System.getenv(CREDENTIALS))
                .filter(directory -> file.toAbsolutePath().startsWith(directory))
                .isPresent();
        return !isCredential && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
    }

    /// Reads it whole.
    ///
    /// @throws AccessException where it can't be read, or somebody else can read or change it
    public static String read(Path file) {
        try {
            if (isShared(file)) {
                throw new AccessException(
                        file + " is there for others than its owner, too, and holds secrets: chmod 600 " + file);
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new AccessException(file + " can't be read: " + e, e);
        }
    }
}
