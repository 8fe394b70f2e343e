package io.perennial.subscriptions;

/// What became of one call of a webhook, or of one event for the wake stream.
sealed interface Exchange {
    /// It took the wake and has finished.
    record Done() implements Exchange {}

    /// It took the wake.
    record Accepted() implements Exchange {}

    /// It has not taken the wake, and nobody works on it.
    record Refused(String reason) implements Exchange {
        public Refused {
            reason = line(reason);
        }
    }

    /// Nobody knows whether it took the wake.
    record Unknown(String reason) implements Exchange {
        public Unknown {
            reason = line(reason);
        }
    }

    /// A reason as the log has it: what a stranger answered is in it, and is none of the log's lines.
    private static String line(String reason) {
        String first = reason.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "?");
        return first.length() > MOST_REASON ? first.substring(0, MOST_REASON) : first;
    }

    int MOST_REASON = 200;
}
