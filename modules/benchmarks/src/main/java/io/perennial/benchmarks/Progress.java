package io.perennial.benchmarks;

import java.io.Console;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// How far a run has come: a bar on a terminal, and nothing elsewhere.
sealed interface Progress extends AutoCloseable {
    /// Another sample begins.
    void step(String what);

    @Override
    void close();

    static Progress of(int samples) {
        boolean isTerminal = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
        return isTerminal ? new Bar(samples) : new Silent();
    }

    /// Nothing.
    record Silent() implements Progress {
        @Override
        public void step(String what) {}

        @Override
        public void close() {}
    }

    /// A bar on stderr.
    final class Bar implements Progress {
        private final ProgressBar bar;
        private boolean begun;

        Bar(int samples) {
            bar = new ProgressBarBuilder()
                    .setTaskName("Measuring")
                    .setInitialMax(samples)
                    .setStyle(ProgressBarStyle.ASCII)
                    .build();
        }

        @Override
        public void step(String what) {
            if (begun) {
                bar.step();
            }
            begun = true;
            bar.setExtraMessage(what);
        }

        @Override
        public void close() {
            if (begun) {
                bar.step();
            }
            bar.setExtraMessage("");
            bar.close();
        }
    }
}
