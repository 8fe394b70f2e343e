package io.perennial.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;

/// The file on the disk. Who calls [#write] or [#setAside] holds the [RegistryLock].
///
/// A write makes a new file beside it and renames that over it, each forced to the disk before the next step. So a
/// reader needs no lock: it sees one roster or the next, as a whole, wherever a writer was killed. The new file has
/// always the same name, and what a killed writer left under it goes with the next write.
final class RegistryFile {
    static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY_OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Set<StandardOpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

    private final Path path;

    private RegistryFile(Path path) {
        this.path = path;
    }

    /// The file behind this name, whether it exists or not. Its directory exists afterwards.
    static RegistryFile at(Path name) {
        Path absolute = name.toAbsolutePath();
        try {
            if (Files.exists(absolute)) {
                return new RegistryFile(absolute.toRealPath());
            }
            createDirectory(absolute);
            return new RegistryFile(directoryOf(absolute).toRealPath().resolve(absolute.getFileName()));
        } catch (IOException e) {
            throw new RegistryException("the directory of the registry file " + absolute + " cannot be made: " + e, e);
        }
    }

    static void createDirectory(Path file) throws IOException {
        Files.createDirectories(directoryOf(file), DIRECTORY_OWNER_ONLY);
    }

    Path path() {
        return path;
    }

    Path sibling(String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    /// A file that is missing holds nobody.
    RosterJson.Content read() {
        try {
            // What is no file may not end, or not even begin: a pipe waits for its writer.
            if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
                throw new RegistryException("the registry file " + path + " is not a regular file");
            }
            try (InputStream in = Files.newInputStream(path)) {
                return RosterJson.decode(in.readNBytes(RosterJson.LIMIT_BYTES + 1));
            }
        } catch (NoSuchFileException _) {
            return new RosterJson.Intact(Roster.EMPTY);
        } catch (IOException e) {
            throw new RegistryException("the registry file " + path + " cannot be read: " + e, e);
        }
    }

    void write(Roster roster) {
        byte[] bytes = RosterJson.encode(roster);
        if (bytes.length > RosterJson.LIMIT_BYTES) {
            throw new RegistryException("the registry file " + path + " would be larger than " + RosterJson.LIMIT_BYTES
                    + " bytes, which nobody would read");
        }
        Path fresh = sibling(".tmp");
        try {
            Files.deleteIfExists(fresh);
            writeForced(fresh, bytes);
            keepPermissions(fresh);
            rename(fresh, path);
        } catch (IOException e) {
            throw new RegistryException("the registry file " + path + " cannot be written: " + e, e);
        }
    }

    /// Moves the file out of the way, where it can be looked at.
    ///
    /// @return its new name
    Path setAside(Instant now) {
        String suffix = ".corrupt-" + TIMESTAMP.format(now);
        Path aside = sibling(suffix);
        // A clock that stepped back may bring the same time again, and a rename would take the older file's place.
        for (int number = 2; Files.exists(aside); number++) {
            aside = sibling(suffix + "-" + number);
        }
        try {
            rename(path, aside);
            return aside;
        } catch (IOException e) {
            throw new RegistryException("the registry file " + path + " is corrupt and cannot be set aside: " + e, e);
        }
    }

    private static void writeForced(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, NEW, OWNER_ONLY)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /// An operator who lets a group read the file does so for longer than a heartbeat.
    private void keepPermissions(Path fresh) throws IOException {
        if (Files.exists(path)) {
            Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(path));
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(directoryOf(to), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static Path directoryOf(Path absolute) {
        return absolute.resolveSibling("");
    }
}
