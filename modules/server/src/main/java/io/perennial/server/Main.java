package io.perennial.server;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// `perennial`: the command line.
///
/// Exit codes: 0 done, 1 it couldn't be done, 2 the command line or the configuration is wrong.
final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(System.getenv(), arguments));
    }

    static int run(Map<String, String> environment, String... arguments) {
        CommandSpec root = Command.standard(CommandSpec.create().name("perennial"));
        root.usageMessage().description("A durable event-stream server.");
        CommandLine commands = new CommandLine(root)
                .addSubcommand("serve", Command.serve(environment))
                .addSubcommand("backup", Command.backup(environment))
                .addSubcommand("verify", Command.verify(environment))
                .addSubcommand("heartbeat", Command.heartbeat(environment))
                .setExecutionStrategy(Command::execute)
                .setParameterExceptionHandler(Command::explain);
        return commands.execute(arguments);
    }
}
