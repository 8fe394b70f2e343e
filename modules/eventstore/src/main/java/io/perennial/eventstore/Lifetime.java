package io.perennial.eventstore;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// How long a stream lives (protocol, section 5.1). One that has expired is as good as deleted, at once.
public sealed interface Lifetime {
    /// Until it is deleted.
    record Unlimited() implements Lifetime {}

    /// For this long after the last read or write, and while somebody follows it.
    ///
    /// @param seconds 0 to 2^53 - 1
    record Sliding(long seconds) implements Lifetime {
        /// The longest: the greatest integer that every JSON reader keeps exact.
        public static final long MOST_SECONDS = (1L << 53) - 1;

        public Sliding {
            if (seconds < 0 || seconds > MOST_SECONDS) {
                throw new IllegalArgumentException("a time to live is 0 to " + MOST_SECONDS + " seconds");
            }
        }

        Duration duration() {
            return Duration.ofSeconds(seconds);
        }
    }

    /// Until this moment, exclusive, whoever reads or writes it.
    ///
    /// @param end kept to the millisecond
    record Until(Instant end) implements Lifetime {
        public Until {
            end = end.truncatedTo(ChronoUnit.MILLIS);
        }
    }

    Lifetime UNLIMITED = new Unlimited();
}
