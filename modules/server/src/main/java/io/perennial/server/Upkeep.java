package io.perennial.server;

import io.helidon.webclient.http1.Http1ClientResponse;
import io.perennial.eventstore.DataDirectory;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.Verification;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `perennial backup` and `perennial verify`: through the server that has the data directory open, or on the files
/// where nobody has.
record Upkeep(Remote.Options remote) {
    private static final int OK = 200;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    // Between two bytes: a server looks at everything before it says the first.
    private static final Duration READ = Duration.ofHours(1);

    CommandSpec addUrl(CommandSpec spec) {
        return remote.addTo(
                spec, "The server to ask. Default: the one that has the data directory open, where one has");
    }

    CommandSpec addFile(CommandSpec spec) {
        return addUrl(spec)
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("FILE")
                        .type(Path.class)
                        .arity("1")
                        .required(true)
                        .description("Where the copy goes; it must not be there yet")
                        .build());
    }

    int backup(Settings settings, ParseResult options) {
        Path file = options.matchedPositionalValue(0, Path.of("")).toAbsolutePath();
        if (Files.exists(file)) {
            throw new StartException(file + " is there already: choose another name");
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.deleteIfExists(part);
            // What is in it is nobody else's, as where it is from.
            Files.createFile(part, OWNER_ONLY);
            try (OutputStream to = Files.newOutputStream(part)) {
                copy(settings, options, to);
            }
            try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            System.out.println("Copied to " + file + ", " + Files.size(file) + " bytes");
            return 0;
        } catch (IOException e) {
            throw new StartException("the copy can't be written to " + file + ": " + e);
        } finally {
            part.toFile().delete();
        }
    }

    private void copy(Settings settings, ParseResult options, OutputStream to) {
        through(
                settings,
                options,
                server -> ask(server, "/admin/backup", answer -> answer.transferTo(to)),
                directory -> {
                    DataDirectory.backup(directory, to);
                    return 0L;
                });
    }

    int verify(Settings settings, ParseResult options) {
        Verification verification = through(
                settings,
                options,
                server -> ask(server, "/admin/verification", Upkeep::verification),
                DataDirectory::verify);
        verification.problems().forEach(System.out::println);
        System.out.println((verification.isSound() ? "Sound: " : "NOT SOUND: ") + verification.streams() + " streams, "
                + verification.events() + " events, " + verification.bytes() + " bytes");
        return verification.isSound() ? 0 : 1;
    }

    // Through the server that is named, or that has the data directory open; or on the files.
    private <T> T through(Settings settings, ParseResult options, Function<Remote, T> server, Function<Path, T> files) {
        Optional<URI> named = Remote.Options.named(options);
        if (named.isPresent()) {
            return server.apply(remote.of(options, named.get(), READ));
        }
        Path directory = settings.path(Setting.DATA_DIR);
        try {
            return files.apply(directory);
        } catch (StorageException.DirectoryInUse e) {
            URI told = Whereabouts.of(directory)
                    .url()
                    .orElseThrow(() -> new StartException(e.getMessage() + ", or say with --url where it listens"));
            return server.apply(remote.of(options, told, READ));
        }
    }

    private static Verification verification(InputStream answer) {
        try (JsonReader reader = Json.createReader(answer)) {
            JsonObject found = reader.readObject();
            return new Verification(
                    found.getJsonNumber("streams").longValueExact(),
                    found.getJsonNumber("events").longValueExact(),
                    found.getJsonNumber("bytes").longValueExact(),
                    found.getJsonArray("problems").getValuesAs(JsonString::getString));
        }
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read(InputStream answer) throws IOException;
    }

    private static <T> T ask(Remote server, String path, Reading<T> reading) {
        try (Http1ClientResponse answer = server.open(path, Map.of())) {
            if (answer.status().code() != OK) {
                throw new StartException(server.url() + " answers " + answer.status() + ": " + Remote.text(answer));
            }
            return Remote.connected(() -> reading.read(answer.inputStream()));
        } catch (IOException e) {
            throw server.untrusted(e)
                    .orElseGet(() ->
                            new StartException("the server at " + server.url() + " can't be asked: " + e.getMessage()));
        }
    }
}
