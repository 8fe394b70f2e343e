package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Ours, from its runtime image, as it is configured when nobody says anything.
record Perennial(Path image) implements Contender {
    static final String NAME = "Perennial";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Kind kind() {
        return Kind.DURABLE;
    }

    @Override
    public Running start(Path directory) throws IOException, InterruptedException {
        return Launch.listening(this, directory, serve(image, directory));
    }

    /// The command that starts it.
    static List<String> serve(Path image, Path directory) {
        return List.of(
                image.resolve("bin/perennial").toString(),
                "serve",
                "--port",
                "0",
                "--data-dir",
                directory.resolve("data").toString(),
                "--registry",
                directory.resolve("servers.json").toString());
    }
}
