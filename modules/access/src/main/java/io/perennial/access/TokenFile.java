package io.perennial.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// The file in which tokens are kept, as its owner changes it: created, listed, revoked. A server that uses it needs
/// not be told.
///
/// Written anew under a lock, and renamed into place, so that a reader sees it whole whenever it looks.
public final class TokenFile {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY_OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final int MOST = 10_000;
    // The system's lock is the process's, and says nothing between its threads.
    private static final Lock IN_THIS_PROCESS = new ReentrantLock();

    private final Path path;

    public TokenFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    /// All of them, in the order of their creation; none where there is no file.
    ///
    /// @throws AccessException where it can't be read, or others can
    public List<Token> list() {
        if (!Files.exists(path)) {
            return List.of();
        }
        try {
            return TokenJson.decode(PrivateFile.read(path));
        } catch (IllegalArgumentException e) {
            throw new AccessException(path + " isn't a file of tokens: " + e.getMessage(), e);
        }
    }

    /// Makes a token.
    ///
    /// @param lifetime for how long; for ever where it is empty
    /// @return its secret, which is kept nowhere
    /// @throws AccessException where there is one of that name, or it can't be written
    /// @throws IllegalArgumentException where the name or the grants aren't as they have to be
    public String create(String name, List<Grant> grants, Optional<Duration> lifetime, Instant now) {
        Secret secret = Secret.random();
        add(new Token(secret.id(), name, new HashedSecret(secret.hash()), now, lifetime.map(now::plus), grants));
        return secret.text();
    }

    /// Makes one without a secret, for whoever has a client certificate of a name.
    ///
    /// @throws AccessException where there is one of that name, or for that certificate, or it can't be written
    /// @throws IllegalArgumentException where the name or the grants aren't as they have to be
    public void create(
            String name, CertificateName certificate, List<Grant> grants, Optional<Duration> lifetime, Instant now) {
        add(new Token(Secret.random().id(), name, certificate, now, lifetime.map(now::plus), grants));
    }

    private void add(Token token) {
        locked(() -> {
            List<Token> all = new ArrayList<>(list());
            if (all.stream().anyMatch(other -> other.name().equals(token.name()))) {
                throw new AccessException(
                        "there is a token called " + token.name() + " already: revoke it, or choose another name");
            }
            if (token.proof() instanceof CertificateName certificate) {
                all.stream()
                        .filter(other -> other.proof().equals(certificate))
                        .findFirst()
                        .ifPresent(other -> {
                            throw new AccessException(
                                    certificate.text() + " has a token already, which is called " + other.name());
                        });
            }
            if (all.size() >= MOST) {
                throw new AccessException(path + " holds " + MOST + " tokens, and no more go in");
            }
            all.add(token);
            write(all);
        });
    }

    /// Ends a token.
    ///
    /// @throws AccessException where there is none of that name, or it can't be written
    public void revoke(String name) {
        locked(() -> {
            List<Token> left =
                    list().stream().filter(token -> !token.name().equals(name)).toList();
            if (left.size() == list().size()) {
                throw new AccessException("there is no token called " + name);
            }
            write(left);
        });
    }

    private void locked(Runnable change) {
        IN_THIS_PROCESS.lock();
        try {
            Files.createDirectories(path.resolveSibling(""), DIRECTORY_OWNER_ONLY);
            Path lock = path.resolveSibling(path.getFileName() + ".lock");
            try (FileChannel channel = FileChannel.open(
                            lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_ONLY);
                    FileLock _ = channel.lock()) {
                change.run();
            }
        } catch (IOException e) {
            throw new AccessException(path + " can't be changed: " + e, e);
        } finally {
            IN_THIS_PROCESS.unlock();
        }
    }

    // Root may change the tokens of a service, which has to be able to read them.
    private void keepOwner(Path fresh) throws IOException {
        UserPrincipal owner = Files.getOwner(Files.exists(path) ? path : path.resolveSibling(""));
        if (!Files.getOwner(fresh).equals(owner)) {
            Files.setOwner(fresh, owner);
        }
    }

    private void write(List<Token> tokens) {
        // The lock is held: what is there was left by somebody who was killed.
        Path fresh = path.resolveSibling(path.getFileName() + ".tmp");
        try {
            Files.deleteIfExists(fresh);
            try (FileChannel channel = FileChannel.open(
                    fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
                ByteBuffer bytes = ByteBuffer.wrap(TokenJson.encode(tokens).getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            keepOwner(fresh);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel directory = FileChannel.open(path.resolveSibling(""), StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw new AccessException(path + " can't be written: " + e, e);
        }
    }
}
