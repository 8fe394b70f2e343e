package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `bin/package` makes, unpacked in a folder and used from there.
class PackageTest {
    @TempDir
    private static Path folder;

    @AutoClose
    private final Machine machine = new Machine();

    @BeforeAll
    static void make() throws Exception {
        run("/bin/sh", Image.inProject("bin/package").toString(), folder.toString());
    }

    private static String run(String... command) throws Exception {
        Path out = Files.createTempFile("package", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            assertEquals(0, process.waitFor(), () -> Arrays.toString(command) + ": " + text(out));
            return text(out);
        } finally {
            Files.delete(out);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static Path only(String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(end)).toList();
            assertEquals(1, found.size(), found.toString());
            return found.getFirst();
        }
    }

    private void isUsedFrom(Path home) throws Exception {
        Path launcher = home.resolve("bin/perennial");
        assertEquals("Perennial 0.1.0\n", run(launcher.toString(), "--version"));
        List<String> flags = new ArrayList<>(List.of("serve", "--port", "0"));
        flags.addAll(List.of("--data-dir", machine.data().toString()));
        flags.addAll(List.of("--registry", machine.registry().toString()));
        // As it is configured there: with durable streams.
        Server server = Server.ready(machine.run(launcher, flags.toArray(String[]::new)));
        server.client().append("s", "1");
        assertEquals(
                "1\n",
                run(
                        launcher.toString(),
                        "read",
                        "sessions/s",
                        "--url",
                        server.url().toString()));
        server.stop();
    }

    private static void areManPages(Path man) throws Exception {
        try (Stream<Path> pages = Files.list(man)) {
            List<String> names = pages.map(page -> page.getFileName().toString().replace(".gz", ""))
                    .sorted()
                    .toList();
            assertTrue(names.containsAll(List.of("perennial.1", "perennial-serve.1", "perennial-tail.1")), names + "");
        }
    }

    @Test
    void the_archive_is_unpacked_anywhere_and_runs() throws Exception {
        Path there = Files.createDirectory(folder.resolve("archive"));
        run("tar", "--extract", "--file", only(".tar.gz").toString(), "--directory", there.toString());
        Path home = there.resolve("perennial-0.1.0");
        isUsedFrom(home);
        areManPages(home.resolve("share/man/man1"));
        assertTrue(text(home.resolve("share/man/man1/perennial-tail.1")).contains("\\-\\-since"));
        assertTrue(text(home.resolve("share/bash-completion/completions/perennial"))
                .contains("complete "));
        assertTrue(text(home.resolve("README.md")).startsWith("# Perennial"));
    }

    @Test
    void the_debian_package_holds_the_same_its_service_and_its_man_pages() throws Exception {
        String deb = only(".deb").toString();
        assertEquals("perennial\n", run("dpkg-deb", "--field", deb, "Package"));
        assertEquals("0.1.0\n", run("dpkg-deb", "--field", deb, "Version"));
        Path there = folder.resolve("root");
        run("dpkg-deb", "--extract", deb, there.toString());
        isUsedFrom(there.resolve("opt/perennial"));
        areManPages(there.resolve("usr/share/man/man1"));
        assertEquals(
                Path.of("/opt/perennial/bin/perennial"), Files.readSymbolicLink(there.resolve("usr/bin/perennial")));
        Path unit = there.resolve("usr/lib/systemd/system/perennial.service");
        assertEquals(text(Image.inProject("etc/perennial.service")), text(unit));
        String command = text(unit)
                .lines()
                .filter(line -> line.startsWith("ExecStart="))
                .findFirst()
                .orElseThrow();
        Path program = there.resolve(command.substring("ExecStart=/".length()).split(" ", 2)[0]);
        assertTrue(Files.isExecutable(program), command);
        Path control = folder.resolve("control");
        run("dpkg-deb", "--control", deb, control.toString());
        assertTrue(text(control.resolve("conffiles")).contains("/opt/perennial/etc/application.yaml\n"));
    }
}
