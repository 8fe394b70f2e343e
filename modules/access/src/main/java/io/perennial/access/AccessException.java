package io.perennial.access;

/// What says who may do what can't be read or written, or isn't kept from others. The message is for people.
public final class AccessException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AccessException(String message) {
        super(message);
    }

    AccessException(String message, Throwable cause) {
        super(message, cause);
    }
}
