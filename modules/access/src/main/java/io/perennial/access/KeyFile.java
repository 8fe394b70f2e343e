package io.perennial.access;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/// Keys in a file, read again when it changes.
///
/// One that can't be read any more lets nobody in, until it can: not at once, since somebody may be about to write it,
/// but from the next look on.
final class KeyFile implements KeySource {
    private static final Logger LOG = System.getLogger(KeyFile.class.getName());
    private static final int MOST_BYTES = 256 * 1024;
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private final Path path;
    private final Keyring ring = new Keyring();
    private String seen = "";
    private boolean failed;

    private KeyFile(Path path) {
        this.path = path;
    }

    /// @throws AccessException where it can't be read, others can change it, or no key in it is of use
    static KeyFile open(Path path) {
        KeyFile file = new KeyFile(path);
        file.seen = file.state();
        KeySet keys = file.read();
        if (keys.isEmpty()) {
            throw new AccessException(path + " has no public key for RS256, ES256 or EdDSA in it");
        }
        file.ring.replace(keys);
        return file;
    }

    @Override
    public KeySet keys() {
        return ring.keys();
    }

    @Override
    public synchronized void refresh() {
        String now = state();
        if (now.equals(seen) && !failed) {
            return;
        }
        boolean isSecondLook = failed && now.equals(seen);
        seen = now;
        try {
            ring.replace(read());
            failed = false;
            LOG.log(Level.INFO, "jwt.keys-changed");
        } catch (AccessException e) {
            giveUp(e, isSecondLook);
        }
    }

    private void giveUp(AccessException reason, boolean isSecondLook) {
        failed = true;
        if (isSecondLook && !ring.keys().isEmpty()) {
            LOG.log(Level.ERROR, "jwt.keys-unreadable reason=" + reason.getMessage());
            ring.replace(KeySet.NONE);
        }
    }

    // It is looked at twice a second anyway.
    @Override
    public void lookAgain() {}

    // Keys may be seen by all, but whoever writes them writes tokens.
    private KeySet read() {
        try {
            if (Files.getPosixFilePermissions(path).stream().anyMatch(OTHERS_WRITE::contains)) {
                throw new AccessException(path
                        + " can be changed by others than its owner, who could let anybody in: chmod go-w " + path);
            }
            if (Files.size(path) > MOST_BYTES) {
                throw new AccessException(path + " has more than " + MOST_BYTES + " bytes");
            }
            return KeySet.parse(Files.readString(path));
        } catch (IOException e) {
            throw new AccessException(path + " can't be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new AccessException(path + ": " + e.getMessage(), e);
        }
    }

    private String state() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.fileKey() + " " + attributes.lastModifiedTime() + " " + attributes.size();
        } catch (IOException _) {
            return "";
        }
    }
}
