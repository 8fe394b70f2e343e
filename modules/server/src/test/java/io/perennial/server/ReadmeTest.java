package io.perennial.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    @Test
    void the_readme_lists_every_setting_with_its_names_and_its_default() throws IOException {
        String readme = Files.readString(Path.of("..", "..", "README.md"));

        for (Setting setting : Setting.values()) {
            String row = "| `" + setting.key() + "` | `" + setting.flag() + "` | `" + setting.variable() + "` | `"
                    + setting.fallback() + "` |";
            assertTrue(readme.contains(row), row);
        }
    }
}
