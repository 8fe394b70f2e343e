package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The protocol's reference server, `@durable-streams/server` on Node.js.
///
/// @param folder where npm has installed it, with [#SCRIPT]
record Reference(Kind kind, Path folder) implements Contender {
    static final String MEMORY = "reference (memory)";
    static final String FILES = "reference (files)";
    static final Path PACKAGE = Path.of("node_modules/@durable-streams/server");

    private static final String SCRIPT = "reference.js";

    @Override
    public String name() {
        return kind == Kind.MEMORY ? MEMORY : FILES;
    }

    boolean isInstalled() {
        return Files.exists(folder.resolve(PACKAGE)) && Files.exists(folder.resolve(SCRIPT));
    }

    @Override
    public Running start(Path directory) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("node", folder.resolve(SCRIPT).toString()));
        if (kind == Kind.DURABLE) {
            command.add(directory.resolve("data").toString());
        }
        return Launch.listening(this, directory, command);
    }
}
