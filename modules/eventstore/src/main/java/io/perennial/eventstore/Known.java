package io.perennial.eventstore;

/// What is known of a stream without a look at the database.
sealed interface Known {
    record There(StreamRow row) implements Known {}

    record Gone() implements Known {}

    /// The database knows.
    record Unknown() implements Known {}

    Known UNKNOWN = new Unknown();
}
