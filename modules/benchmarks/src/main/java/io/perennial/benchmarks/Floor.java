package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What HTTP alone costs: [FloorServer] with the image's JVM and the image's Helidon.
///
/// @param classes of this module, which are on the class path there: the image doesn't have what this module requires
record Floor(Path image, Path classes) implements Contender {
    static final String NAME = "floor";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Kind kind() {
        return Kind.FLOOR;
    }

    @Override
    public Running start(Path directory) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(image.resolve("bin/java").toString());
        command.addAll(Launch.javaOptions());
        command.addAll(List.of("--add-modules", "io.helidon.webserver,io.helidon.http.media"));
        command.addAll(List.of("-cp", classes.toString(), FloorServer.class.getName()));
        return Launch.listening(this, directory, command);
    }
}
