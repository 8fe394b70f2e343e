package io.perennial.registry;

import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Keeps `LEVEL message` of every line.
final class RecordedLog implements System.Logger {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    List<String> lines() {
        return List.copyOf(lines);
    }

    /// The oldest line, taken away; waits for it.
    String next() throws InterruptedException {
        String line = lines.poll(1, TimeUnit.MINUTES);
        return line == null ? "nothing within a minute" : line;
    }

    @Override
    public String getName() {
        return "recorded";
    }

    @Override
    public boolean isLoggable(Level level) {
        return true;
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, String message, @Nullable Throwable thrown) {
        lines.add(level + " " + message);
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, String message, @Nullable Object @Nullable ... parameters) {
        lines.add(level + " " + message);
    }
}
