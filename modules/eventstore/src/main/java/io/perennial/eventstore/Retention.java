package io.perennial.eventstore;

/// How much of a stream is kept. What is older or more is dropped from its beginning: within about a second, as long as
/// no fork reads it, and never the newest event for the sake of a number.
///
/// @param ageSeconds how long an event is kept
/// @param bytes how much the data of the kept events comes to together
/// @param events how many are kept
public record Retention(long ageSeconds, long bytes, long events) {
    /// No bound.
    public static final long ALL = Long.MAX_VALUE;

    public static final Retention UNLIMITED = new Retention(ALL, ALL, ALL);

    public Retention {
        if (ageSeconds < 1 || bytes < 1 || events < 1) {
            throw new IllegalArgumentException("what a retention keeps is at least 1");
        }
    }

    public boolean isUnlimited() {
        return equals(UNLIMITED);
    }

    /// Of both, each time the stricter.
    Retention and(Retention other) {
        return new Retention(
                Math.min(ageSeconds, other.ageSeconds), Math.min(bytes, other.bytes), Math.min(events, other.events));
    }
}
