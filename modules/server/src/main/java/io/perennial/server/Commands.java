package io.perennial.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// All commands by name, in the order of the help. Each is made when it is asked for: a server that starts has no use
/// for the options of the others.
final class Commands {
    private final Map<String, Supplier<CommandSpec>> commands = new LinkedHashMap<>();

    Commands(Map<String, String> environment) {
        Remote.Options remote = new Remote.Options(environment);
        commands.put("serve", () -> serve(environment));
        commands.put("append", () -> AppendCommand.spec(remote));
        commands.put("read", () -> ReadCommand.read(remote));
        commands.put("tail", () -> ReadCommand.tail(remote));
        commands.put("ls", () -> LookCommand.list(remote));
        commands.put("info", () -> LookCommand.info(remote));
        commands.put("close", () -> ChangeCommand.close(remote));
        commands.put("rm", () -> ChangeCommand.remove(remote));
        commands.put("fork", () -> ChangeCommand.fork(remote));
        commands.put("export", () -> TransferCommand.exporting(remote));
        commands.put("import", () -> TransferCommand.importing(remote));
        commands.put("servers", () -> LookCommand.servers(remote));
        commands.put("link", () -> LinkCommand.spec(remote));
        commands.put("token", () -> TokenCommand.spec(environment));
        commands.put("bench", () -> BenchCommand.spec(remote));
        commands.put("backup", () -> backup(environment, new Upkeep(remote)));
        commands.put("verify", () -> verify(environment, new Upkeep(remote)));
        commands.put("heartbeat", () -> heartbeat(environment));
        commands.put("completion", () -> CompletionCommand.spec(this));
    }

    /// The command line, with the one command that is called, or with all where that isn't clear.
    CommandLine line(String... arguments) {
        CommandSpec root = Command.standard(CommandSpec.create().name("perennial"));
        root.usageMessage().description("A durable event-stream server.");
        CommandLine line = new CommandLine(root);
        Supplier<CommandSpec> called = arguments.length == 0 ? null : commands.get(arguments[0]);
        if (called == null) {
            commands.forEach((name, spec) -> line.addSubcommand(name, spec.get()));
        } else {
            line.addSubcommand(arguments[0], called.get());
        }
        return line.setExecutionStrategy(Command::execute).setParameterExceptionHandler(Command::explain);
    }

    private static CommandSpec serve(Map<String, String> environment) {
        return Command.configured(
                environment,
                List.of(Setting.values()),
                "Serves streams until it is told to stop.",
                (settings, _) -> Serve.run(settings));
    }

    private static CommandSpec heartbeat(Map<String, String> environment) {
        return HeartbeatCommand.addOptions(Command.configured(
                environment,
                List.of(Setting.REGISTRY_FILE, Setting.REGISTRY_TTL, Setting.REGISTRY_HEARTBEAT),
                "Keeps a server that isn't Perennial on the list of servers, until it is told to stop.",
                HeartbeatCommand::run));
    }

    private static CommandSpec backup(Map<String, String> environment, Upkeep upkeep) {
        return upkeep.addFile(Command.configured(
                environment,
                List.of(Setting.DATA_DIR),
                "Copies all that a server keeps, as of one moment, while it runs or not.",
                upkeep::backup));
    }

    private static CommandSpec verify(Map<String, String> environment, Upkeep upkeep) {
        return upkeep.addUrl(Command.configured(
                environment,
                List.of(Setting.DATA_DIR),
                "Looks at all that a server keeps, while it runs or not: exit code 1 where something is wrong.",
                upkeep::verify));
    }
}
