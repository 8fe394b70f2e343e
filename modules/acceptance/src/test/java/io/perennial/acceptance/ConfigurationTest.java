package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
    @AutoClose
    private final Machine machine = new Machine();

    @Test
    void an_unknown_key_is_named_with_its_file() throws Exception {
        Path file = machine.file("my.yaml", "server:\n  prot: 1\n");
        String line = machine.serve("--config", file.toString()).onlyLine(2);
        assertTrue(line.contains("server.prot"), line);
        assertTrue(line.contains(file.toString()), line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"server: {port: 0", "a: b: c", "\tserver: 1", "just words", "- a\n- b\n", "server: [1, 2]\n"})
    void a_file_that_is_no_configuration_is_named(String yaml) throws Exception {
        Path file = machine.file("broken.yaml", yaml);
        Perennial perennial = machine.serve("--config", file.toString());
        assertEquals(2, perennial.exitCode(), perennial.err());
        // The YAML parser's own words, which show the place, may take more than one line.
        assertTrue(perennial.err().startsWith("perennial: the configuration file " + file), perennial.err());
        assertFalse(perennial.err().contains("\tat "), perennial.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "{}\n", "server:\n"})
    void a_file_that_says_nothing_leaves_the_defaults(String yaml) throws Exception {
        Path file = machine.file("empty.yaml", yaml);
        Server server = machine.server("--config", file.toString(), "--durable-streams", "true");
        assertEquals(200, server.client().get("/servers").statusCode());
    }

    @Test
    void a_file_is_yaml_whatever_it_is_called() throws Exception {
        Path file = machine.file("perennial.conf", "experimental:\n  durableStreams: true\n");
        Server server = machine.server("--config", file.toString());
        assertEquals(200, server.client().get("/servers").statusCode());
    }

    @Test
    void a_missing_file_is_named() throws Exception {
        String line = machine.serve("--config", "/nowhere/perennial.yaml").onlyLine(2);
        assertTrue(line.contains("/nowhere/perennial.yaml"), line);
    }

    @Test
    void a_folder_in_place_of_the_file_is_named() throws Exception {
        String line = machine.serve("--config", machine.home().toString()).onlyLine(2);
        assertTrue(line.contains(machine.home().toString()), line);
    }

    @Test
    void a_bad_value_in_the_file_is_named_by_its_key() throws Exception {
        Path file = machine.file("my.yaml", "page-bytes: many\n");
        String line = machine.serve("--config", file.toString()).onlyLine(2);
        assertTrue(line.contains("page-bytes"), line);
        assertTrue(line.contains("many"), line);
    }

    @Test
    void a_bad_value_in_the_environment_is_named_by_its_variable() throws Exception {
        String line = machine.with("PERENNIAL_PAGE_BYTES", "many").serve().onlyLine(2);
        assertTrue(line.contains("PERENNIAL_PAGE_BYTES"), line);
    }

    @Test
    void nothing_is_looked_up_in_the_working_directory() throws Exception {
        Files.createDirectories(machine.folder().resolve("etc"));
        machine.file("application.yaml", "nonsense: true\n");
        machine.file("etc/application.yaml", "nonsense: true\n");
        Server server = machine.server();
        assertEquals(200, server.client().get("/servers").statusCode());
    }

    @Test
    void without_home_the_start_stops_and_names_both_settings() throws Exception {
        machine.without("HOME");
        String line = machine.run("serve", "--port", "0").onlyLine(2);
        assertTrue(line.contains("HOME"), line);
        assertTrue(line.contains("data-dir"), line);
        assertTrue(line.contains("registry.file"), line);
    }

    @Test
    void without_home_both_settings_are_enough() throws Exception {
        machine.without("HOME")
                .with("PERENNIAL_DATA_DIR", machine.data().toString())
                .with("PERENNIAL_REGISTRY", machine.registry().toString());
        Server server = Server.ready(machine.run("serve", "--port", "0"));
        server.client().append("s", "1");
        assertTrue(Files.exists(machine.registry()));
    }

    @Test
    void by_default_everything_lies_in_the_home_of_the_environment() throws Exception {
        Server server = Server.ready(machine.run("serve", "--port", "0"));
        server.client().append("s", "1");
        assertTrue(Files.isDirectory(machine.home().resolve(".perennial/data")));
        assertTrue(Files.isRegularFile(machine.home().resolve(".perennial/servers.json")));
    }

    @Test
    void for_the_port_a_flag_goes_over_the_environment_over_the_file() throws Exception {
        // Each is taken, so that what is refused tells which of them was meant, and no port has to be guessed.
        try (ServerSocket inFile = taken();
                ServerSocket inEnvironment = taken();
                ServerSocket inFlag = taken()) {
            Path file = machine.file("my.yaml", "server:\n  port: " + inFile.getLocalPort() + "\n");
            assertRefused(inFile, "serve", "--config", file.toString());
            machine.with("PERENNIAL_PORT", Integer.toString(inEnvironment.getLocalPort()));
            assertRefused(inEnvironment, "serve", "--config", file.toString());
            String flag = Integer.toString(inFlag.getLocalPort());
            assertRefused(inFlag, "serve", "--config", file.toString(), "--port", flag);
        }
    }

    private void assertRefused(ServerSocket port, String... arguments) throws Exception {
        String line = machine.run(arguments).onlyLine(1);
        assertTrue(line.contains(Integer.toString(port.getLocalPort())), line);
    }

    private static ServerSocket taken() throws Exception {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @Test
    void for_the_size_of_a_page_a_flag_goes_over_the_environment_over_the_file_over_the_default() throws Exception {
        String on = "experimental:\n  durableStreams: true\n";
        String file = machine.file("my.yaml", on + "page-bytes: 1\n").toString();
        String silent = machine.file("silent.yaml", on).toString();
        assertEquals(5, eventsInAPage("--config", silent), "default");
        assertEquals(1, eventsInAPage("--config", file), "file");
        machine.with("PERENNIAL_PAGE_BYTES", "15");
        assertEquals(2, eventsInAPage("--config", file), "environment");
        assertEquals(3, eventsInAPage("--config", file, "--page-bytes", "25"), "flag");
    }

    /// Of events of 10 bytes each.
    private int eventsInAPage(String... flags) throws Exception {
        Server server = machine.server(flags);
        try {
            if (server.client().read("s", "-1").events().isEmpty()) {
                for (int i = 0; i < 5; i++) {
                    server.client().append("s", "\"1234567" + i + "\"");
                }
            }
            return server.client().read("s", "-1").events().size();
        } finally {
            server.stop();
        }
    }

    @Test
    void for_the_limit_of_a_body_a_flag_goes_over_the_environment() throws Exception {
        machine.with("PERENNIAL_BODY_LIMIT_BYTES", "4");
        Server small = machine.server();
        assertEquals(413, small.client().post("s", "\"123\"").statusCode());
        assertEquals(201, small.client().post("s", "\"12\"").statusCode());
        small.stop();
        Server large = machine.server("--body-limit-bytes", "5");
        assertEquals(201, large.client().post("s", "\"123\"").statusCode());
        assertEquals(413, large.client().post("s", "\"1234\"").statusCode());
    }

    @Test
    void a_file_of_ones_own_takes_the_place_of_the_shipped_one_whose_streams_are_on() throws Exception {
        Path file = machine.file("my.yaml", "page-bytes: 100\n");
        Server shipped = machine.server();
        assertEquals(200, shipped.client().get("/servers").statusCode());
        shipped.stop();
        Server own = machine.server("--config", file.toString());
        assertEquals(400, own.client().get("/servers").statusCode());
        own.stop();
        machine.with("PERENNIAL_DURABLE_STREAMS", "true");
        assertEquals(
                200,
                machine.server("--config", file.toString())
                        .client()
                        .get("/servers")
                        .statusCode());
    }

    @Test
    void a_tilde_or_a_variable_in_a_path_makes_no_folder_of_that_name() throws Exception {
        Path file = machine.file("my.yaml", "data-dir: ~/data\n");
        Perennial perennial = machine.run(
                "serve",
                "--port",
                "0",
                "--registry",
                machine.registry().toString(),
                "--config",
                file.toString(),
                "--durable-streams",
                "true");
        Eventually.holds("an answer", () -> !perennial.out().isEmpty() || !perennial.isAlive());
        assertFalse(Files.exists(machine.folder().resolve("~")), "a folder called ~ in the working directory");
    }
}
