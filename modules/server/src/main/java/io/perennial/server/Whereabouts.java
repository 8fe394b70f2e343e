package io.perennial.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where the server listens that has a data directory open: a file beside the data, for the commands that need it.
///
/// A process that was killed leaves the file; whether it means anything says the lock.
record Whereabouts(Path file) {
    static Whereabouts of(Path dataDirectory) {
        return new Whereabouts(dataDirectory.resolve("server.url"));
    }

    void tell(URI url) {
        try {
            Files.writeString(file, url.toString());
        } catch (IOException e) {
            throw new StartException("the server's address can't be written to " + file + ": " + e);
        }
    }

    void forget() {
        file.toFile().delete();
    }

    /// What was told, where there is such a file.
    Optional<URI> url() {
        try {
            return Files.exists(file) ? Optional.of(URI.create(Files.readString(file))) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException("the server's address can't be read from " + file + ": " + e);
        }
    }
}
