package io.perennial.subscriptions;

import io.perennial.eventstore.StreamGlob;
import io.perennial.eventstore.StreamKey;

/// Which streams a subscription finds by itself.
public sealed interface Pattern {
    /// None.
    Pattern NOTHING = new Nothing();

    boolean matches(StreamKey stream);

    /// What the paths of all matching streams begin with; possibly empty.
    String prefix();

    record Nothing() implements Pattern {
        @Override
        public boolean matches(StreamKey stream) {
            return false;
        }

        @Override
        public String prefix() {
            return "";
        }
    }

    /// The streams of a set.
    record Glob(StreamGlob streams) implements Pattern {
        /// @param text of the set
        public Glob(String text) {
            this(new StreamGlob(text));
        }

        @Override
        public boolean matches(StreamKey stream) {
            return streams.matches(stream);
        }

        @Override
        public String prefix() {
            return streams.prefix();
        }
    }
}
