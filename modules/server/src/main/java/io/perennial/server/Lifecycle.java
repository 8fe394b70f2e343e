package io.perennial.server;

import java.lang.System.Logger.Level;

/// What happens to the process as a whole, in a line each like the log's.
///
/// Written past the log, on purpose: the JVM takes its log apart as soon as it is told to end, while the server still
/// stops; and at the start the first answer needn't wait for a log to be set up.
final class Lifecycle {
    private Lifecycle() {}

    /// @param event its name, then what is known of it as `key=value`
    static void say(Level level, String event) {
        System.err.printf("%1$tFT%1$tT.%1$tL%1$tz %2$s %3$s%n", System.currentTimeMillis(), level, event);
    }
}
