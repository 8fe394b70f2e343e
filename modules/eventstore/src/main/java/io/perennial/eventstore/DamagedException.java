package io.perennial.eventstore;

/// What was read isn't what was written.
final class DamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
        super(message);
    }
}
