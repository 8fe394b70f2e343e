package io.perennial.server;

import io.helidon.common.media.type.MediaTypes;
import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.config.ConfigSources;
import io.helidon.config.FileConfigSource;
import io.helidon.config.yaml.YamlConfigParser;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The configuration that is in force: flag over environment over file over default.
final class Settings {
    private static final List<String> HOME = List.of("$HOME/", "~/");
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Config config;
    private final Map<String, String> environment;

    private Settings(Config config, Map<String, String> environment) {
        this.config = config;
        this.environment = environment;
    }

    /// @param flags what the command line says
    /// @param environment the process's
    /// @param file the configuration file, where there is one
    /// @throws SettingException where the file can't be read, or has a key that nobody knows
    static Settings of(Map<Setting, String> flags, Map<String, String> environment, Optional<Path> file) {
        Map<String, String> variables = new HashMap<>();
        Map<String, String> defaults = new HashMap<>();
        for (Setting setting : Setting.values()) {
            Optional.ofNullable(environment.get(setting.variable()))
                    .ifPresent(value -> variables.put(setting.key(), value));
            defaults.put(setting.key(), setting.fallback());
        }
        Map<String, String> given = flags.entrySet().stream()
                .collect(Collectors.toMap(e -> e.getKey().key(), Map.Entry::getValue));
        Map<String, String> written = file.map(Settings::read).orElse(Map.of());
        Config config = plain().addSource(ConfigSources.create(given))
                .addSource(ConfigSources.create(variables))
                .addSource(ConfigSources.create(written))
                .addSource(ConfigSources.create(defaults))
                .build();
        return new Settings(config, environment);
    }

    // Nothing but what is said here, and no looking for services at the start.
    private static Config.Builder plain() {
        return Config.builder()
                .disableSystemPropertiesSource()
                .disableEnvironmentVariablesSource()
                .disableValueResolving()
                .disableKeyResolving()
                .disableFilterServices()
                .disableMapperServices()
                .disableParserServices();
    }

    private static Map<String, String> read(Path file) {
        if (!Files.isReadable(file)) {
            throw new SettingException("the configuration file " + file + " can't be read");
        }
        try {
            Map<String, String> written = plain().addParser(YamlConfigParser.create())
                    .addSource(FileConfigSource.builder()
                            .path(file)
                            .mediaType(MediaTypes.APPLICATION_X_YAML)
                            .build())
                    .build()
                    .asMap()
                    .orElse(Map.of());
            written.keySet().stream()
                    .filter(key -> !isKnown(key, written))
                    .sorted()
                    .findFirst()
                    .ifPresent(key -> {
                        throw new SettingException("the configuration file " + file + " has the key " + key
                                + ", which Perennial doesn't know");
                    });
            return written;
        } catch (ConfigException e) {
            throw new SettingException("the configuration file " + file + " isn't valid YAML: " + e.getMessage());
        }
    }

    // A section of which nothing is left but its name, the rest being comments, is as good as none.
    private static boolean isKnown(String key, Map<String, String> written) {
        return Setting.ofKey(key).isPresent()
                || ("".equals(written.get(key))
                        && Arrays.stream(Setting.values())
                                .anyMatch(setting -> setting.key().startsWith(key + ".")));
    }

    String text(Setting setting) {
        return config.get(setting.key()).asString().get();
    }

    /// @throws SettingException where it is empty, or an element of it
    List<String> list(Setting setting) {
        List<String> elements =
                Arrays.stream(text(setting).split(",", -1)).map(String::strip).toList();
        if (elements.contains("")) {
            throw wrong(setting, "one element or more, with commas between them");
        }
        return elements;
    }

    /// @throws SettingException where it isn't a whole number within the bounds, both inclusive
    int number(Setting setting, int least, int greatest) {
        String text = text(setting);
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= greatest) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Answered below like any other.
        }
        throw wrong(setting, "a whole number from " + least + " to " + greatest);
    }

    /// @param parser gives nothing where the text isn't as it has to be
    /// @param rule how it has to be
    /// @throws SettingException where it isn't
    <T> T parsed(Setting setting, Function<String, Optional<T>> parser, String rule) {
        return parser.apply(text(setting)).orElseThrow(() -> wrong(setting, rule));
    }

    boolean isOn(Setting setting) {
        return switch (text(setting)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(setting, "true or false");
        };
    }

    /// @throws SettingException where it isn't an ISO 8601 duration above zero, of at most a year
    Duration duration(Setting setting) {
        try {
            Duration duration = Duration.parse(text(setting));
            if (duration.isPositive() && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException _) {
            // Answered below like any other.
        }
        throw wrong(setting, "an ISO 8601 duration above zero and of at most a year, such as PT15S");
    }

    /// A URL, without the slash at its end; nothing where it isn't set.
    ///
    /// @throws SettingException where it isn't an http or https URL of a host
    Optional<URI> url(Setting setting) {
        String text = text(setting);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI url = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean isHttp = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (isHttp && url.getHost() != null && url.getRawQuery() == null && url.getRawFragment() == null) {
                return Optional.of(url);
            }
        } catch (URISyntaxException _) {
            // Answered below like any other.
        }
        throw wrong(setting, "an http or https URL, such as https://streams.example");
    }

    /// A path; the home directory, `$HOME/` or `~/`, is the environment's, not the one that Java makes up for users
    /// without.
    ///
    /// @throws SettingException where it begins with the home directory and there is no HOME
    Path path(Setting setting) {
        String text = text(setting);
        if (text.isEmpty()) {
            throw wrong(setting, "a path");
        }
        Optional<String> beginning = HOME.stream().filter(text::startsWith).findFirst();
        if (beginning.isEmpty()) {
            return Path.of(text).toAbsolutePath();
        }
        String home = environment.getOrDefault("HOME", "");
        if (home.isEmpty()) {
            throw new SettingException("HOME isn't set, so say where things go: set " + names(Setting.DATA_DIR)
                    + " and " + names(Setting.REGISTRY_FILE));
        }
        return Path.of(home, text.substring(beginning.get().length())).toAbsolutePath();
    }

    private static String names(Setting setting) {
        return setting.key() + " (" + setting.flag() + ", " + setting.variable() + ")";
    }

    private SettingException wrong(Setting setting, String rule) {
        return new SettingException(names(setting) + " is '" + text(setting) + "': it has to be " + rule);
    }
}
