package io.perennial.registry;

/// What became of one beat of a [Heartbeat].
sealed interface Beat {
    /// The lease is in the file, and fresh.
    record Kept() implements Beat {}

    /// It is not, and the next beat may fare better.
    record Refused(String reason) implements Beat {}

    static Beat of(Registration registration) {
        return switch (registration) {
            case Registration.Registered _ -> new Kept();
            case Registration.Taken _ -> new Refused("the id is held by somebody else");
            case Registration.Full(String reason) -> new Refused(reason);
        };
    }
}
