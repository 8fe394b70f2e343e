package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `etc/perennial.service`. Where `systemd-analyze` is missing these fail, on purpose: see `bin/verify`.
class SystemdTest {
    // Of 100: what systemd shows as 2.0.
    private static final String MOST_EXPOSED = "20";

    @TempDir
    private Path folder;

    private record Analysis(int exitCode, String text) {}

    private Path unit() throws IOException {
        String text = Files.readString(Image.inProject("etc/perennial.service"));
        String installed =
                text.replaceAll("(?m)^(ExecStart=)\\S+", "$1" + Image.launcher().toRealPath());
        return Files.writeString(folder.resolve("perennial.service"), installed);
    }

    private Analysis analyze(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("systemd-analyze"));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, "analysis", ".txt");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new AssertionError("systemd-analyze is missing. Debian: apt-get install systemd", e);
        }
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), "systemd-analyze didn't end");
        return new Analysis(process.exitValue(), Files.readString(output));
    }

    @Test
    void the_unit_is_valid() throws Exception {
        assertEquals(new Analysis(0, ""), analyze("verify", unit().toString()));
    }

    @Test
    void the_unit_exposes_little() throws Exception {
        Analysis analysis =
                analyze("security", "--no-pager", "--offline=true", "--threshold=" + MOST_EXPOSED, unit().toString());
        assertEquals(0, analysis.exitCode(), analysis.text());
        assertTrue(analysis.text().contains("Overall exposure level"), analysis.text());
    }

    @Test
    void a_unit_without_protection_would_not_pass() throws Exception {
        Path bare =
                Files.writeString(folder.resolve("bare.service"), "[Service]\nExecStart=" + Image.launcher() + "\n");
        assertEquals(
                1,
                analyze("security", "--no-pager", "--offline=true", "--threshold=" + MOST_EXPOSED, bare.toString())
                        .exitCode());
    }

    @Test
    void its_files_lie_in_its_state_directory() throws Exception {
        String text = Files.readString(unit());
        assertTrue(text.contains("StateDirectory=perennial"), text);
        assertTrue(text.matches("(?s).*PERENNIAL_DATA_DIR=%S/perennial/\\S+.*"), text);
        assertTrue(text.matches("(?s).*PERENNIAL_REGISTRY=%S/perennial/\\S+.*"), text);
        assertTrue(text.contains("Restart=on-failure"), text);
    }
}
