package io.perennial.server;

import java.util.Map;

/// `perennial`: the command line.
///
/// Exit codes: 0 done, 1 it couldn't be done, 2 the command line or the configuration is wrong.
final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(System.getenv(), arguments));
    }

    static int run(Map<String, String> environment, String... arguments) {
        return new Commands(environment).line(arguments).execute(arguments);
    }
}
