package io.perennial.server;

import java.io.Console;
import java.util.Locale;
import java.util.Optional;

/// How far something is that takes long, told once a second on a terminal and nowhere else.
final class Progress {
    private static final long SECOND = 1_000_000_000L;

    private final String done;
    private final long expected;
    private final boolean isSeen;
    private final long beginNanos = System.nanoTime();
    private long toldNanos = beginNanos;
    private long count;

    /// @param done what happens to each event: `exported`
    /// @param expected how many there will be; 0 where nobody knows
    Progress(String done, long expected) {
        this.done = done;
        this.expected = expected;
        this.isSeen = isTerminal();
    }

    /// Whether a person is at both ends of the program.
    static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    void add(long more) {
        count += more;
        long now = System.nanoTime();
        if (isSeen && now - toldNanos > SECOND) {
            toldNanos = now;
            System.err.print("\r" + line(now) + "\u001b[K");
            System.err.flush();
        }
    }

    void end() {
        if (isSeen && toldNanos != beginNanos) {
            System.err.println("\r" + line(System.nanoTime()) + "\u001b[K");
        }
    }

    private String line(long now) {
        double perSecond = count / ((now - beginNanos) / (double) SECOND);
        String text = String.format(Locale.ROOT, "%,d events %s, %,.0f/s", count, done, perSecond);
        return expected <= count
                ? text
                : text + String.format(Locale.ROOT, ", %,.0f s left", (expected - count) / perSecond);
    }
}
