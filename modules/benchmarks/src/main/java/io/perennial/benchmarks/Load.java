package io.perennial.benchmarks;

import java.io.IOException;
import java.time.Duration;

/// One thing that is measured, against one contender at a time.
interface Load {
    /// Its heading in the report, such as `append, 64 connections, 100 streams`.
    String name();

    /// What belongs together in the report, and in one plot.
    String group();

    Unit unit();

    boolean takes(Contender contender);

    /// What the report calls who was measured.
    default String subject(Contender contender) {
        return contender.name();
    }

    /// Measures once. May prepare what it needs first, which isn't measured.
    ///
    /// @param running a server that other loads use, too: streams of this load have names of its own
    /// @param time how long to measure, at most
    Sample run(Running running, Duration time) throws IOException, InterruptedException;

    /// Of the first figure of a sample.
    enum Unit {
        PER_SECOND("/s", true),
        MILLIS("ms", false),
        BYTES("B", false);

        private final String text;
        private final boolean moreIsBetter;

        Unit(String text, boolean moreIsBetter) {
            this.text = text;
            this.moreIsBetter = moreIsBetter;
        }

        String text() {
            return text;
        }

        boolean moreIsBetter() {
            return moreIsBetter;
        }
    }
}
