package io.perennial.server;

import io.perennial.access.AccessException;
import io.perennial.eventstore.StorageException;
import io.perennial.registry.RegistryException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// What a command runs, once its options are parsed.
record Command(Body body) {
    private static final String CONFIG = "--config";
    private static final int HELP_COLUMNS = 110;

    /// What a command does. Returns the exit code.
    @FunctionalInterface
    interface Body {
        int run(ParseResult options) throws InterruptedException;
    }

    /// The same, of a command that has a configuration.
    @FunctionalInterface
    interface ConfiguredBody {
        int run(Settings settings, ParseResult options) throws InterruptedException;
    }

    /// A command that knows what its options say.
    static CommandSpec of(String description, Body body) {
        CommandSpec spec = standard(CommandSpec.wrapWithoutInspection(new Command(body)));
        spec.usageMessage()
                .description(description)
                .synopsisHeading("Usage: ")
                .abbreviateSynopsis(true)
                .sortOptions(false)
                .width(HELP_COLUMNS);
        return spec;
    }

    /// A command that is configured by flag, environment and file.
    ///
    /// @param settings what can be said by flag
    static CommandSpec configured(
            Map<String, String> environment, List<Setting> settings, String description, ConfiguredBody body) {
        CommandSpec spec = of(description, options -> body.run(settings(environment, settings, options), options));
        spec.usageMessage()
                .footer("A flag overrides its environment variable, and that the key of the configuration file.");
        for (Setting setting : settings) {
            spec.addOption(OptionSpec.builder(setting.flag())
                    .type(String.class)
                    .arity(setting.isSwitch() ? "0..1" : "1")
                    .fallbackValue("true")
                    .paramLabel(setting.value())
                    .description(
                            setting.help(),
                            "[" + setting.variable() + ", " + setting.key() + "; default " + setting.fallback() + "]")
                    .build());
        }
        return spec.addOption(OptionSpec.builder(CONFIG)
                .type(Path.class)
                .paramLabel("FILE")
                .description("The configuration file. Default: etc/application.yaml beside the launcher's folder")
                .build());
    }

    /// Gives it the options that every command has: picocli's own mixin reads annotations for them, which makes every
    /// start longer by a tenth.
    static CommandSpec standard(CommandSpec command) {
        return command.version("Perennial " + Version.text())
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help message and exit.")
                        .build())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Print version information and exit.")
                        .build());
    }

    static int execute(ParseResult result) {
        Integer help = CommandLine.executeHelpRequest(result);
        if (help != null) {
            return help;
        }
        CommandLine root = result.commandSpec().commandLine();
        if (!result.hasSubcommand()) {
            root.usage(root.getErr());
            return CommandLine.ExitCode.USAGE;
        }
        ParseResult options = result.subcommand();
        while (options.hasSubcommand()) {
            options = options.subcommand();
        }
        Command command = (Command) options.commandSpec().userObject();
        try {
            return command.body.run(options);
        } catch (SettingException e) {
            return fail(root, e, CommandLine.ExitCode.USAGE);
        } catch (StartException | StorageException | RegistryException | AccessException e) {
            return fail(root, e, CommandLine.ExitCode.SOFTWARE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    // One line for a person, and no stack trace, for whatever a person can mend.
    private static int fail(CommandLine root, RuntimeException failure, int code) {
        root.getErr().println("perennial: " + failure.getMessage());
        return code;
    }

    static int explain(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        command.getErr()
                .println("perennial: " + wrong.getMessage() + "; '"
                        + command.getCommandSpec().qualifiedName() + " --help' lists what there is");
        return CommandLine.ExitCode.USAGE;
    }

    private static Settings settings(Map<String, String> environment, List<Setting> settings, ParseResult options) {
        Map<Setting, String> flags = new EnumMap<>(Setting.class);
        for (Setting setting : settings) {
            Optional.ofNullable(options.<String>matchedOptionValue(setting.flag(), null))
                    .ifPresent(value -> flags.put(setting, value));
        }
        Optional<Path> named = Optional.ofNullable(options.matchedOptionValue(CONFIG, null));
        return Settings.of(flags, environment, named.or(Command::besideTheLauncher));
    }

    private static Optional<Path> besideTheLauncher() {
        return Optional.ofNullable(System.getProperty("perennial.home"))
                .map(home -> Path.of(home, "etc", "application.yaml"))
                .filter(file -> file.toFile().exists());
    }
}
