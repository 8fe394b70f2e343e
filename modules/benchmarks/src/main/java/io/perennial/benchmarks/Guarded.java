package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Ours, where everybody has to say who they are: what that costs an append.
///
/// @param by what they say it with
record Guarded(Path image, By by) implements Contender {
    private static final List<String> ALLOWED = List.of("create:**", "append:**", "read:**");

    enum By {
        TOKEN("token"),
        JWT("jwt");

        private final String text;

        By(String text) {
            this.text = text;
        }

        String contender() {
            return Perennial.NAME + " (" + text + ")";
        }
    }

    @Override
    public String name() {
        return by.contender();
    }

    @Override
    public Kind kind() {
        return Kind.DURABLE;
    }

    @Override
    public boolean joins(Load load) {
        return load.equals(Loads.MANY_APPENDS);
    }

    @Override
    public Running start(Path directory) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(Perennial.serve(image, directory));
        command.add("--require-auth");
        return switch (by) {
            case TOKEN -> Launch.listening(this, directory, command, token(directory));
            case JWT -> {
                Issuer issuer = Issuer.random();
                command.addAll(List.of("--jwt-issuer", Issuer.NAME, "--jwt-audience", Issuer.AUDIENCE, "--jwt-keys"));
                command.add(Files.writeString(directory.resolve("jwks.json"), issuer.keys())
                        .toString());
                yield Launch.listening(this, directory, command, issuer.token(ALLOWED));
            }
        };
    }

    private String token(Path directory) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                image.resolve("bin/perennial").toString(),
                "token",
                "create",
                "--name",
                "benchmark",
                "--data-dir",
                directory.resolve("data").toString()));
        ALLOWED.forEach(allowed -> command.addAll(List.of("--allow", allowed)));
        Process create = new ProcessBuilder(command)
                .redirectError(directory.resolve("token.log").toFile())
                .start();
        String secret = new String(create.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        if (create.waitFor() != 0) {
            throw new IOException("no token was made: " + Files.readString(directory.resolve("token.log")));
        }
        return secret;
    }
}
