package io.perennial.server;

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

/// A command's options, all made from [Setting], and what it runs.
///
/// @param settings what can be said by flag
/// @param body what it does once everything is parsed
record Command(List<Setting> settings, Map<String, String> environment, Body body) {
    private static final String CONFIG = "--config";
    private static final int HELP_COLUMNS = 110;

    /// What a command does. Returns the exit code.
    @FunctionalInterface
    interface Body {
        int run(Settings settings, ParseResult options) throws InterruptedException;
    }

    static CommandSpec serve(Map<String, String> environment) {
        return new Command(List.of(Setting.values()), environment, (settings, _) -> Serve.run(settings))
                .spec("Serves streams until it is told to stop.");
    }

    static CommandSpec heartbeat(Map<String, String> environment) {
        List<Setting> settings = List.of(Setting.REGISTRY_FILE, Setting.REGISTRY_TTL, Setting.REGISTRY_HEARTBEAT);
        return HeartbeatCommand.addOptions(new Command(settings, environment, HeartbeatCommand::run)
                .spec("Keeps a server that isn't Perennial on the list of servers, until it is told to stop."));
    }

    static CommandSpec backup(Map<String, String> environment) {
        return Upkeep.addFile(new Command(List.of(Setting.DATA_DIR), environment, Upkeep::backup)
                .spec("Copies all that a server keeps, as of one moment, while it runs or not."));
    }

    static CommandSpec verify(Map<String, String> environment) {
        return Upkeep.addUrl(new Command(List.of(Setting.DATA_DIR), environment, Upkeep::verify)
                .spec("Looks at all that a server keeps, while it runs or not: exit code 1 where something is wrong."));
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

    private CommandSpec spec(String description) {
        CommandSpec spec = standard(CommandSpec.wrapWithoutInspection(this));
        spec.usageMessage()
                .description(description)
                .footer("A flag overrides its environment variable, and that the key of the configuration file.")
                .synopsisHeading("Usage: ")
                .abbreviateSynopsis(true)
                .sortOptions(false)
                .width(HELP_COLUMNS);
        for (Setting setting : settings) {
            spec.addOption(OptionSpec.builder(setting.flag())
                    .type(String.class)
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
        Command command = (Command) options.commandSpec().userObject();
        try {
            return command.body.run(command.settings(options), options);
        } catch (SettingException e) {
            return fail(root, e, CommandLine.ExitCode.USAGE);
        } catch (StartException | StorageException | RegistryException e) {
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

    private Settings settings(ParseResult options) {
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
