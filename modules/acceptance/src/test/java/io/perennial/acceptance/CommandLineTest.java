package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @AutoClose
    private final Machine machine = new Machine();

    @Test
    void version_is_one_line() throws Exception {
        Perennial perennial = machine.run("--version");
        assertEquals(0, perennial.exitCode());
        assertEquals("Perennial 0.1.0\n", perennial.out());
        assertEquals("", perennial.err());
    }

    @Test
    void help_names_the_commands() throws Exception {
        Perennial perennial = machine.run("--help");
        assertEquals(0, perennial.exitCode());
        assertTrue(perennial.out().contains("serve"), perennial.out());
        assertTrue(perennial.out().contains("heartbeat"), perennial.out());
        assertEquals("", perennial.err());
    }

    @Test
    void the_help_of_serve_has_every_setting_of_the_design_with_flag_variable_key_and_default() throws Exception {
        Perennial perennial = machine.run("serve", "--help");
        assertEquals(0, perennial.exitCode());
        String help = perennial.out().replaceAll("\\s+", " ");
        for (String part : new String[] {
            "--host=HOST",
            "PERENNIAL_HOST",
            "server.host",
            "127.0.0.1",
            "--port=PORT",
            "PERENNIAL_PORT",
            "server.port",
            "4437",
            "--data-dir=DIR",
            "PERENNIAL_DATA_DIR",
            "data-dir",
            "--registry=FILE",
            "PERENNIAL_REGISTRY",
            "--durable-streams[=true|false]",
            "PERENNIAL_DURABLE_STREAMS",
            "experimental.durableStreams",
            "--page-bytes=BYTES",
            "PERENNIAL_PAGE_BYTES",
            "page-bytes",
            "1048576",
            "--body-limit-bytes=BYTES",
            "PERENNIAL_BODY_LIMIT_BYTES",
            "body-limit-bytes",
            "4194304"
        }) {
            assertTrue(help.contains(part), part);
        }
    }

    @Test
    void without_arguments_it_says_how_it_is_used() throws Exception {
        Perennial perennial = machine.run();
        assertEquals(2, perennial.exitCode());
        assertTrue(perennial.err().contains("Usage: perennial"), perennial.err());
        assertEquals("", perennial.out());
    }

    @ParameterizedTest
    @CsvSource({
        "frobnicate, frobnicate",
        "serve --frobnicate, --frobnicate",
        "serve --frobnicate=1, --frobnicate",
        "serve -x, -x",
        "serve extra, extra",
        "serve --port, --port",
        "serve --port 1 --port 2, --port",
        "heartbeat, --url",
        "heartbeat --url http://127.0.0.1:9 --data-dir d, --data-dir",
        "heartbeat --url nowhere, url",
        "heartbeat --url ftp://127.0.0.1:9, url",
        "heartbeat --url http://127.0.0.1:99999, port",
        "heartbeat --url http://127.0.0.1:9 --pid none, --pid",
        "heartbeat --url http://127.0.0.1:9 --pid 4194304999, --pid",
    })
    void what_it_does_not_know_is_an_error_that_names_it(String arguments, String name) throws Exception {
        Perennial perennial = machine.run(arguments.split(" "));
        assertEquals(2, perennial.exitCode(), perennial.err());
        String first = perennial.err().lines().findFirst().orElse("");
        assertTrue(first.contains(name), perennial.err());
        assertEquals("", perennial.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port=-1",
                "--port=65536",
                "--port=none",
                "--port=",
                "--port=1.5",
                "--page-bytes=0",
                "--page-bytes=-1",
                "--page-bytes=2147483648",
                "--page-bytes=1M",
                "--body-limit-bytes=0",
                "--body-limit-bytes=2147483647",
                "--durable-streams=yes",
                "--durable-streams=TRUE",
                "--durable-streams=",
                "--heartbeat=15",
                "--heartbeat=PT0S",
                "--heartbeat=-PT1S",
                "--heartbeat=P999999999D",
                "--follower-limit=0",
                "--queued-appends=0",
                "--queued-appends=2147483647",
                "--queued-bytes=0",
                "--bus-window-messages=0",
                "--bus-window-bytes=0",
                "--registry-ttl=30",
                "--registry-ttl=PT0S",
                "--registry-ttl=P400D",
                "--data-dir=",
                "--registry="
            })
    void a_value_that_cannot_be_meant_is_an_error_of_one_line_that_names_the_setting(String flag) throws Exception {
        String line = machine.serve(flag).onlyLine(2);
        assertTrue(line.startsWith("perennial: "), line);
        assertTrue(line.contains(flag.substring(0, flag.indexOf('='))), line);
    }

    @Test
    void a_heartbeat_that_is_no_shorter_than_the_ttl_is_an_error_that_names_both() throws Exception {
        String line = machine.serve("--registry-heartbeat=PT30S").onlyLine(2);
        assertTrue(line.contains("registry.heartbeat"), line);
        assertTrue(line.contains("registry.ttl"), line);
    }
}
