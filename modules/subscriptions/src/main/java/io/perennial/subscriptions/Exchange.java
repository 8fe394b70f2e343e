package io.perennial.subscriptions;

/// What became of one call of a webhook, or of one event for the wake stream.
sealed interface Exchange {
    /// It took the wake and has finished.
    record Done() implements Exchange {}

    /// It took the wake.
    record Accepted() implements Exchange {}

    /// It has not taken the wake, and nobody works on it.
    record Refused(String reason) implements Exchange {}

    /// Nobody knows whether it took the wake.
    record Unknown(String reason) implements Exchange {}
}
