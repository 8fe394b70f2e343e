package io.perennial.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Retention;
import io.perennial.eventstore.RetentionRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private static final int ANY = Integer.MAX_VALUE;

    @TempDir
    private Path directory;

    @Test
    void a_flag_goes_before_the_environment_that_before_the_file_and_that_before_the_default() throws IOException {
        Map<Setting, String> flag = Map.of(Setting.PORT, "1");
        Map<String, String> environment = Map.of("PERENNIAL_PORT", "2");
        Optional<Path> file = Optional.of(write("server:\n  port: 3\n"));

        assertEquals(1, Settings.of(flag, environment, file).number(Setting.PORT, 0, ANY));
        assertEquals(2, Settings.of(Map.of(), environment, file).number(Setting.PORT, 0, ANY));
        assertEquals(3, Settings.of(Map.of(), Map.of(), file).number(Setting.PORT, 0, ANY));
        assertEquals(4437, Settings.of(Map.of(), Map.of(), Optional.empty()).number(Setting.PORT, 0, ANY));
    }

    @Test
    void every_setting_can_be_said_in_each_way() throws IOException {
        for (Setting setting : Setting.values()) {
            Optional<Path> file = Optional.of(write('"' + setting.key() + "\": \"in the file\"\n"));
            assertEquals("in the file", Settings.of(Map.of(), Map.of(), file).text(setting));
            assertEquals(
                    "by variable",
                    Settings.of(Map.of(), Map.of(setting.variable(), "by variable"), file)
                            .text(setting));
            assertEquals(
                    "by flag",
                    Settings.of(Map.of(setting, "by flag"), Map.of(), file).text(setting));
        }
    }

    @Test
    void a_key_that_nobody_knows_stops_the_start_by_name() throws IOException {
        Path file = write("server:\n  prot: 3\n");

        String message = refused(() -> Settings.of(Map.of(), Map.of(), Optional.of(file)));

        assertTrue(message.contains("server.prot") && message.contains(file.toString()), message);
    }

    @Test
    void a_file_that_is_no_yaml_is_refused_by_name() throws IOException {
        Path file = write("server: [\n");

        String message = refused(() -> Settings.of(Map.of(), Map.of(), Optional.of(file)));

        assertTrue(message.contains(file.toString()), message);
    }

    @Test
    void a_value_that_can_not_be_meant_is_refused_with_its_names_and_its_rule() {
        Settings settings = Settings.of(
                Map.of(
                        Setting.PORT, "-1",
                        Setting.HEARTBEAT, "PT0S",
                        Setting.DURABLE_STREAMS, "yes",
                        Setting.DATA_DIR, ""),
                Map.of(),
                Optional.empty());

        assertEquals(
                "server.port (--port, PERENNIAL_PORT) is '-1': it has to be a whole number from 0 to 65535",
                refused(() -> settings.number(Setting.PORT, 0, 65_535)));
        assertTrue(refused(() -> settings.duration(Setting.HEARTBEAT)).contains("'PT0S'"));
        assertTrue(refused(() -> settings.isOn(Setting.DURABLE_STREAMS)).contains("true or false"));
        assertTrue(refused(() -> settings.path(Setting.DATA_DIR)).contains("--data-dir"));
    }

    @Test
    void durations_are_iso_8601() {
        Settings settings = Settings.of(Map.of(Setting.HEARTBEAT, "PT1M30S"), Map.of(), Optional.empty());

        assertEquals(Duration.ofSeconds(90), settings.duration(Setting.HEARTBEAT));
    }

    @Test
    void the_home_of_a_default_is_that_of_the_environment() {
        Settings settings = Settings.of(Map.of(), Map.of("HOME", "/home/ada"), Optional.empty());

        assertEquals(Path.of("/home/ada/.perennial/data"), settings.path(Setting.DATA_DIR));
        assertEquals(Path.of("/home/ada/.perennial/servers.json"), settings.path(Setting.REGISTRY_FILE));
    }

    @Test
    void without_a_home_the_settings_that_need_one_are_named() {
        String message =
                refused(() -> Settings.of(Map.of(), Map.of(), Optional.empty()).path(Setting.DATA_DIR));

        assertTrue(message.contains("--data-dir") && message.contains("--registry"), message);
    }

    @Test
    void what_is_shipped_turns_durable_streams_on() {
        Path shipped = Path.of("..", "..", "etc", "application.yaml");

        assertTrue(Settings.of(Map.of(), Map.of(), Optional.of(shipped)).isOn(Setting.DURABLE_STREAMS));
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("application.yaml"), yaml);
    }

    private static List<RetentionRule> retention(String text) {
        return Settings.of(Map.of(Setting.RETENTION, text), Map.of(), Optional.empty())
                .parsed(Setting.RETENTION, RetentionRules::parse, RetentionRules.RULE);
    }

    @Test
    void retention_is_a_list_of_rules() {
        long all = Retention.ALL;
        assertEquals(List.of(), retention(""));
        assertEquals(
                List.of(
                        new RetentionRule("sessions/", new Retention(604_800, all, 100)),
                        new RetentionRule("", new Retention(all, 1_073_741_824, all))),
                retention("sessions/*=age:P7D,count:100; *=bytes:1073741824"));
        for (String wrong : List.of(
                "*",
                "sessions=age:P7D",
                "a*b*=count:1",
                "*=age:7",
                "*=age:PT0S",
                "*=bytes:0",
                "*=bytes",
                "*=rows:1",
                "*=count:1,count:2",
                "*=count:1,",
                "*=count:1;",
                ";",
                "*=count:x")) {
            String message = refused(() -> retention(wrong));
            assertTrue(message.contains("--retention") && message.contains("'" + wrong + "'"), message);
        }
    }

    private static String refused(Runnable action) {
        return String.valueOf(assertThrows(SettingException.class, action::run).getMessage());
    }
}
