package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ImageTest {
    private static final long LIMIT_BYTES = 60_000_000;

    @AutoClose
    private final Machine machine = new Machine();

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(Image.folder())) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void it_is_small() throws Exception {
        long bytes = 0;
        for (Path file : files()) {
            bytes += file.endsWith("perennial.aot") ? 0 : Files.size(file);
        }
        assertTrue(bytes < LIMIT_BYTES, bytes + " bytes");
    }

    @Test
    void nothing_is_on_a_class_path() throws Exception {
        List<String> jars = files().stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(".jar"))
                .toList();
        assertEquals(List.of("jrt-fs.jar"), jars);
    }

    @Test
    void it_brings_its_own_launcher_and_configuration() {
        for (String file :
                List.of("bin/perennial", "etc/application.yaml", "etc/logging.properties", "lib/perennial.aot")) {
            assertTrue(Files.isReadable(Image.folder().resolve(file)), file);
        }
    }

    @Test
    void it_runs_from_wherever_it_was_moved_to_and_through_a_link() throws Exception {
        Path moved = machine.folder().resolve("a place with spaces");
        copy(Image.folder(), moved);
        Path link = Files.createSymbolicLink(
                machine.folder().resolve("link"), Path.of("a place with spaces/bin/perennial"));
        // On, not auto: without the cache it wouldn't start.
        machine.with("PERENNIAL_JAVA_OPTS", "-XX:AOTMode=on");
        Server server = Server.ready(machine.run(
                link,
                "serve",
                "--port",
                "0",
                "--data-dir",
                machine.data().toString(),
                "--registry",
                machine.registry().toString()));
        server.client().append("s", "1");
        server.stop();
        assertEquals("", server.process().complaints());
    }

    private static void copy(Path from, Path to) throws Exception {
        Process copy = new ProcessBuilder("cp", "-a", from.toString(), to.toString()).start();
        assertEquals(0, copy.waitFor());
    }

    @Test
    void it_leaves_nothing_in_the_temporary_folder_when_it_is_killed() throws Exception {
        Path temporary = Files.createDirectories(machine.folder().resolve("tmp"));
        machine.with("PERENNIAL_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
        Server server = machine.server();
        server.client().append("s", "1");
        server.kill();
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList());
        }
    }
}
