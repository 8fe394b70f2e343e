package io.perennial.server;

import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;

/// `perennial completion`: what a shell needs to complete the others.
final class CompletionCommand {
    private CompletionCommand() {}

    static CommandSpec spec(Commands commands) {
        return Command.of(
                "Prints a script for bash and zsh that completes commands and options: source <(perennial completion)",
                _ -> {
                    System.out.println(AutoComplete.bash("perennial", commands.line()));
                    return 0;
                });
    }
}
